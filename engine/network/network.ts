import type { DnsAnswer, DnsQuestion, Exchange, Outcome } from '../images/exchange.ts';
import type { DeviceHandlers } from '../sim/device.ts';
import type { Answerer, PacketRequest, PacketResult } from './packet.ts';

/** A node on the network. Plain data. */
export interface NetworkNode {
  readonly name: string;
  readonly address: string;
  readonly podCidr: string;
  /** Off or cut off: packets to it vanish. */
  reachable: boolean;
}

/** Who has a pod address. */
export interface PodAddress {
  readonly address: string;
  readonly node: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** One translation of a node's kernel: packets to `address:port` go to one of the backends. Plain and frozen. */
export interface ProxyRule {
  /** `namespace/name:port`. */
  readonly service: string;
  readonly backends: readonly Backend[];
  /** 0 is none; otherwise ClientIP affinity with this timeout. */
  readonly affinitySeconds: number;
  /** What happens without backends: iptables REJECT answers, DROP does not. */
  readonly empty: 'reject' | 'drop';
}

export interface Backend {
  readonly address: string;
  readonly port: number;
  readonly node: string;
  /** `namespace/name` of the pod, when there is one. */
  readonly pod: string | undefined;
}

/** Answers names; the coredns process is one. */
export interface NameServer {
  answer(question: DnsQuestion): DnsAnswer;
}

/** A node's sockets, as the network reaches them. The container runtime is one. */
export interface NodeSockets {
  /** Delivers to whatever listens at `address:port` on the node. */
  deliver(
    to: { readonly address: string; readonly port: number; readonly protocol: 'TCP' | 'UDP' },
    clientAddress: string,
    exchange: Exchange,
  ): Outcome;
}

/** How a pod resolves names: the contents of its /etc/resolv.conf and /etc/hosts. */
export interface ResolverConfig {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
  /** Name → address of /etc/hosts. */
  readonly hosts: Readonly<Record<string, string>>;
}

/** A load balancer outside the cluster: address:port → node port on nodes. */
export interface ExternalRoute {
  readonly address: string;
  readonly port: number;
  readonly nodePort: number;
  readonly nodes: readonly string[];
  readonly service: string;
}

/**
 * The one network of a cluster: node and pod addresses, each node's translation rules, the way of a packet.
 * A device: all memory is `state`; sockets and name servers are wired in after every restore.
 */
export interface Network extends DeviceHandlers {
  addNode(name: string): NetworkNode;
  removeNode(name: string): void;
  node(name: string): NetworkNode | undefined;
  setReachable(node: string, reachable: boolean): void;
  /** Wires a node's sockets in. */
  attach(node: string, sockets: NodeSockets): void;
  setNameServer(server: NameServer | undefined): void;
  /** The name server that is up, for the program in the coredns container. */
  readonly nameServer: NameServer | undefined;

  /** Gives a pod an address of its node's range; `undefined` when the range is used up. */
  allocate(node: string, pod: { readonly namespace: string; readonly name: string; readonly uid: string }): string | undefined;
  release(address: string): void;
  addressOf(address: string): PodAddress | undefined;
  setResolver(address: string, resolver: ResolverConfig): void;

  /** Replaces rules of one node's kernel. Keys: `address:port/TCP`, and `*:nodePort/TCP` for node ports. */
  setRules(node: string, changes: ReadonlyMap<string, ProxyRule | undefined>): void;
  clearRules(node: string): void;
  rules(node: string): ReadonlyMap<string, ProxyRule>;
  setExternalRoutes(service: string, routes: readonly ExternalRoute[]): void;

  request(request: PacketRequest): PacketResult;
  /** From a known address on a node; the way that programs and probes take. */
  connect(
    from: { readonly node: string; readonly address: string },
    host: string,
    port: number,
    exchange: Exchange,
  ): { readonly outcome: Outcome; readonly answeredBy: Answerer | undefined };
  lookup(from: { readonly node: string; readonly address: string }, name: string): readonly string[] | undefined;
  query(from: { readonly node: string; readonly address: string }, question: DnsQuestion): DnsAnswer | undefined;
}

export interface NetworkOptions {
  /** Two leading numbers of pod addresses: `10.244` gives node n the range `10.244.n.0/24`. */
  readonly podPrefix: string;
  /** Three leading numbers of node addresses: `172.18.0`. */
  readonly nodePrefix: string;
  /** Two leading numbers of the Service range, a /12, to tell a ClusterIP without a rule from a stranger. */
  readonly servicePrefix: string;
}
