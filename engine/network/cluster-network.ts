import type { DnsAnswer, DnsQuestion, Exchange, Outcome } from '../images/exchange.ts';
import type { DeviceContext } from '../sim/device.ts';
import { invariant } from '../sim/invariant.ts';
import { formatAddress, parseAddress } from './address.ts';
import type {
  ExternalRoute,
  NameServer,
  Network,
  NetworkNode,
  NetworkOptions,
  NodeSockets,
  PodAddress,
  ProxyRule,
  ResolverConfig,
} from './network.ts';
import type { NetworkState, NodeTables } from './network-state.ts';
import type { Answerer, Hop, PacketRequest, PacketResult } from './packet.ts';
import { type Origin, PacketPath } from './packet-path.ts';
import { Resolver } from './resolver.ts';

const noRules: ReadonlyMap<string, ProxyRule> = new Map();

/** The address of the client host beyond the cluster. */
export const outsideAddress = '192.0.2.10';

/** The network of one cluster: addresses, tables, packets. */
export class ClusterNetwork implements Network {
  readonly #device: DeviceContext<NetworkState>;
  readonly #options: NetworkOptions;
  readonly #sockets = new Map<string, NodeSockets>();
  readonly #path: PacketPath;
  readonly #resolver: Resolver;
  nameServer: NameServer | undefined;

  constructor(device: DeviceContext<NetworkState>, options: NetworkOptions) {
    this.#device = device;
    this.#options = options;
    this.#path = new PacketPath(device, options, this.#sockets);
    this.#resolver = new Resolver(device, this.#path);
  }

  addNode(name: string): NetworkNode {
    const { state } = this.#device;
    const known = state.nodes.get(name);
    if (known) return known;
    const index = state.nextNode++;
    const { podPrefix, nodePrefix } = this.#options;
    const range = `${podPrefix}.${index}`;
    const node: NetworkNode = { name, address: `${nodePrefix}.${index + 2}`, podCidr: `${range}.0/24`, reachable: true };
    state.nodes.set(name, node);
    state.nodeAddresses.set(node.address, name);
    // .0 is the range itself and .1 the node's end of it.
    state.pools.set(name, { first: (parseAddress(`${range}.0`) as number) + 2, size: 253, next: 0, used: new Set() });
    state.tables.set(name, { rules: new Map(), affinity: new Map() });
    return node;
  }

  removeNode(name: string): void {
    const { state } = this.#device;
    const node = state.nodes.get(name);
    if (!node) return;
    for (const pod of [...state.pods.values()]) if (pod.node === name) this.release(pod.address);
    state.nodes.delete(name);
    state.nodeAddresses.delete(node.address);
    state.pools.delete(name);
    state.tables.delete(name);
    this.#sockets.delete(name);
  }

  node(name: string): NetworkNode | undefined {
    return this.#device.state.nodes.get(name);
  }

  setReachable(node: string, reachable: boolean): void {
    const known = this.node(node);
    if (known) known.reachable = reachable;
  }

  attach(node: string, sockets: NodeSockets): void {
    this.#sockets.set(node, sockets);
  }

  setNameServer(server: NameServer | undefined): void {
    this.nameServer = server;
  }

  allocate(node: string, pod: { readonly namespace: string; readonly name: string; readonly uid: string }): string | undefined {
    const { state } = this.#device;
    const pool = state.pools.get(node);
    invariant(pool, `network: unknown node ${node}`);
    if (pool.used.size >= pool.size) return undefined;
    while (pool.used.has(pool.next)) pool.next = (pool.next + 1) % pool.size;
    const address = formatAddress(pool.first + pool.next);
    pool.used.add(pool.next);
    pool.next = (pool.next + 1) % pool.size;
    state.pods.set(address, Object.freeze({ address, node, namespace: pod.namespace, name: pod.name, uid: pod.uid }));
    state.podNames.set(`${pod.namespace}/${pod.name}`, address);
    return address;
  }

  release(address: string): void {
    const { state } = this.#device;
    const pod = state.pods.get(address);
    if (!pod) return;
    state.pods.delete(address);
    state.resolvers.delete(address);
    const name = `${pod.namespace}/${pod.name}`;
    if (state.podNames.get(name) === address) state.podNames.delete(name);
    const pool = state.pools.get(pod.node);
    pool?.used.delete((parseAddress(address) as number) - pool.first);
  }

  addressOf(address: string): PodAddress | undefined {
    return this.#device.state.pods.get(address);
  }

  setResolver(address: string, resolver: ResolverConfig): void {
    this.#device.state.resolvers.set(address, resolver);
  }

  setRules(node: string, changes: ReadonlyMap<string, ProxyRule | undefined>): void {
    const tables = this.#device.state.tables.get(node);
    if (!tables) return;
    for (const [key, rule] of changes) {
      if (rule) tables.rules.set(key, rule);
      else tables.rules.delete(key);
    }
  }

  clearRules(node: string): void {
    const tables: NodeTables | undefined = this.#device.state.tables.get(node);
    tables?.rules.clear();
    tables?.affinity.clear();
  }

  rules(node: string): ReadonlyMap<string, ProxyRule> {
    return this.#device.state.tables.get(node)?.rules ?? noRules;
  }

  setExternalRoutes(service: string, routes: readonly ExternalRoute[]): void {
    const { external } = this.#device.state;
    for (const [key, route] of external) if (route.service === service) external.delete(key);
    for (const route of routes) external.set(`${route.address}:${route.port}`, route);
  }

  request(request: PacketRequest): PacketResult {
    const hops: Hop[] | undefined = request.withoutHops ? undefined : [];
    const origin = this.#origin(request);
    if (!origin) return { outcome: { kind: 'failed', failure: 'unreachable' }, hops: hops ?? [], answeredBy: undefined };
    const protocol = request.protocol ?? (request.exchange.kind === 'dns' ? 'UDP' : 'TCP');
    const { outcome, answeredBy } = this.#go(origin, request.host, { port: request.port, protocol, exchange: request.exchange }, hops);
    return { outcome, hops: hops ?? [], answeredBy };
  }

  connect(
    from: { readonly node: string; readonly address: string },
    host: string,
    port: number,
    exchange: Exchange,
  ): { readonly outcome: Outcome; readonly answeredBy: Answerer | undefined } {
    return this.#go(
      { node: from.node, address: from.address, at: from.address },
      host,
      { port, protocol: exchange.kind === 'dns' ? 'UDP' : 'TCP', exchange },
      undefined,
    );
  }

  lookup(from: { readonly node: string; readonly address: string }, name: string): readonly string[] | undefined {
    return this.#resolver.lookup({ node: from.node, address: from.address, at: from.address }, name, undefined);
  }

  query(from: { readonly node: string; readonly address: string }, question: DnsQuestion): DnsAnswer | undefined {
    return this.#resolver.query({ node: from.node, address: from.address, at: from.address }, question, undefined);
  }

  onTimer(): void {
    invariant(false, 'network: sets no timers');
  }

  #go(
    origin: Origin,
    host: string,
    packet: { port: number; protocol: 'TCP' | 'UDP'; exchange: Exchange },
    hops: Hop[] | undefined,
  ): { outcome: Outcome; answeredBy: Answerer | undefined } {
    const addresses = this.#resolver.lookup(origin, host, hops);
    // Clients try a name's addresses in the order given; the first that takes packets wins.
    const address = addresses?.[0];
    if (address === undefined) return { outcome: { kind: 'failed', failure: 'unknown-host' }, answeredBy: undefined };
    return this.#path.send(origin, { address, ...packet }, hops);
  }

  #origin({ from }: PacketRequest): Origin | undefined {
    const { state } = this.#device;
    switch (from.kind) {
      case 'outside':
        return { node: undefined, address: outsideAddress, at: 'outside' };
      case 'node': {
        const node = state.nodes.get(from.node);
        return node && { node: from.node, address: node.address, at: from.node };
      }
      case 'pod': {
        const address = state.podNames.get(`${from.namespace}/${from.name}`);
        const pod = address === undefined ? undefined : state.pods.get(address);
        return pod && { node: pod.node, address: pod.address, at: pod.name };
      }
    }
  }
}
