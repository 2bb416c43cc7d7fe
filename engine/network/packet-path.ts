import type { Exchange, Outcome } from '../images/exchange.ts';
import type { DeviceContext } from '../sim/device.ts';
import { parseAddress } from './address.ts';
import type { Backend, NetworkOptions, NodeSockets, ProxyRule } from './network.ts';
import type { NetworkState, NodeTables } from './network-state.ts';
import type { Answerer, Hop } from './packet.ts';

/** Where a packet starts. Without a node it comes from outside of the cluster. */
export interface Origin {
  readonly node: string | undefined;
  readonly address: string;
  /** The place's name in hops. */
  readonly at: string;
}

export interface Packet {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly exchange: Exchange;
}

export interface Arrival {
  readonly outcome: Outcome;
  readonly answeredBy: Answerer | undefined;
}

const timedOut: Arrival = Object.freeze({ outcome: Object.freeze({ kind: 'failed', failure: 'timeout' }), answeredBy: undefined });
const refused: Arrival = Object.freeze({ outcome: Object.freeze({ kind: 'failed', failure: 'refused' }), answeredBy: undefined });

/** The way of a packet once its address is known: the client's node translates, the backend's node delivers. */
export class PacketPath {
  readonly #device: DeviceContext<NetworkState>;
  readonly #options: NetworkOptions;
  readonly #sockets: ReadonlyMap<string, NodeSockets>;

  constructor(device: DeviceContext<NetworkState>, options: NetworkOptions, sockets: ReadonlyMap<string, NodeSockets>) {
    this.#device = device;
    this.#options = options;
    this.#sockets = sockets;
  }

  send(origin: Origin, packet: Packet, hops: Hop[] | undefined): Arrival {
    const { state } = this.#device;
    if (packet.address.startsWith('127.')) {
      if (origin.node === undefined) return refused;
      return this.#translate(origin.node, origin, { ...packet, address: origin.address }, hops);
    }
    if (origin.node !== undefined) {
      if (state.nodes.get(origin.node)?.reachable === false) return timedOut;
      return this.#translate(origin.node, origin, packet, hops);
    }
    const route = state.external.get(`${packet.address}:${packet.port}`);
    if (route) return this.#balance(origin, packet, hops);
    const node = state.nodeAddresses.get(packet.address);
    if (node !== undefined) {
      if (state.nodes.get(node)?.reachable !== true) return timedOut;
      return this.#translate(node, origin, packet, hops);
    }
    hops?.push({ at: origin.at, does: `no route to ${packet.address}: pod and Service addresses exist inside of the cluster only` });
    return timedOut;
  }

  /** A load balancer takes its nodes in turns, leaving out those that do not answer. */
  #balance(origin: Origin, packet: Packet, hops: Hop[] | undefined): Arrival {
    const { state } = this.#device;
    const key = `${packet.address}:${packet.port}`;
    const route = state.external.get(key);
    const alive = route?.nodes.filter((name) => state.nodes.get(name)?.reachable === true) ?? [];
    if (!route || alive.length === 0) {
      hops?.push({ at: `load balancer ${packet.address}`, does: 'has no node that answers' });
      return timedOut;
    }
    const turn = state.turns.get(key) ?? 0;
    state.turns.set(key, turn + 1);
    const node = alive[turn % alive.length] as string;
    hops?.push({ at: `load balancer ${packet.address}`, does: `forwards port ${packet.port} to ${node}:${route.nodePort}` });
    return this.#translate(node, origin, { ...packet, address: state.nodes.get(node)?.address as string, port: route.nodePort }, hops);
  }

  #translate(node: string, origin: Origin, packet: Packet, hops: Hop[] | undefined): Arrival {
    const { state } = this.#device;
    const tables = state.tables.get(node) as NodeTables;
    const direct = `${packet.address}:${packet.port}/${packet.protocol}`;
    let key = direct;
    let rule = tables.rules.get(direct);
    if (!rule && state.nodeAddresses.get(packet.address) === node) {
      key = `*:${packet.port}/${packet.protocol}`;
      rule = tables.rules.get(key);
    }
    if (!rule) return this.#deliver(node, origin, packet, hops);
    if (rule.backends.length === 0) {
      hops?.push({
        at: `${node} kube-proxy`,
        does: `${packet.address}:${packet.port} is ${rule.service}, which has no endpoints: ${rule.empty === 'reject' ? 'rejected' : 'dropped'}`,
      });
      return rule.empty === 'reject' ? refused : timedOut;
    }
    const backend = this.#choose(tables, key, rule, origin.address);
    hops?.push({
      at: `${node} kube-proxy`,
      does: `${packet.address}:${packet.port} is ${rule.service}: translated to ${backend.address}:${backend.port}, one of ${rule.backends.length}`,
    });
    return this.#deliver(node, origin, { ...packet, address: backend.address, port: backend.port }, hops);
  }

  #choose(tables: NodeTables, key: string, rule: ProxyRule, client: string): Backend {
    const { now } = this.#device;
    const { backends, affinitySeconds } = rule;
    const affinityKey = affinitySeconds > 0 ? `${key}|${client}` : '';
    if (affinitySeconds > 0) {
      const kept = tables.affinity.get(affinityKey);
      const same = kept && kept.untilMs > now ? backends.find(({ address, port }) => `${address}:${port}` === kept.backend) : undefined;
      if (same) return same;
    }
    const backend = (backends.length === 1 ? backends[0] : backends[this.#device.randomInt(backends.length)]) as Backend;
    if (affinitySeconds > 0)
      tables.affinity.set(affinityKey, { backend: `${backend.address}:${backend.port}`, untilMs: now + affinitySeconds * 1000 });
    return backend;
  }

  #deliver(from: string, origin: Origin, packet: Packet, hops: Hop[] | undefined): Arrival {
    const { state } = this.#device;
    const pod = state.pods.get(packet.address);
    const node = pod?.node ?? state.nodeAddresses.get(packet.address);
    if (node === undefined) return this.#lost(from, packet, hops);
    if (node !== from) {
      if (state.nodes.get(node)?.reachable !== true) {
        hops?.push({ at: from, does: `sends to ${node}, which does not answer` });
        return timedOut;
      }
      hops?.push({ at: from, does: `routes to ${node}` });
    }
    const sockets = this.#sockets.get(node);
    const outcome = sockets?.deliver(packet, origin.address, packet.exchange) ?? timedOut.outcome;
    const name = pod ? `${pod.namespace}/${pod.name}` : undefined;
    hops?.push({ at: pod ? pod.name : node, does: describeOutcome(packet, outcome) });
    return { outcome, answeredBy: { node, address: packet.address, port: packet.port, pod: name } };
  }

  /** Nobody has the address: a range of ours refuses by silence, any other address is beyond the simulated world. */
  #lost(from: string, packet: Packet, hops: Hop[] | undefined): Arrival {
    const isService = blockOf(packet.address) === blockOf(`${this.#options.servicePrefix}.0.0`);
    hops?.push({
      at: from,
      does: isService
        ? `has no rule for ${packet.address}:${packet.port}; the packet is lost`
        : `${packet.address} belongs to nobody; the packet is lost`,
    });
    return timedOut;
  }
}

/** The /12 that an address is in. */
function blockOf(address: string): number {
  return Math.floor((parseAddress(address) ?? -1) / 2 ** 20);
}

function describeOutcome(packet: Packet, outcome: Outcome): string {
  const socket = `${packet.address}:${packet.port}`;
  switch (outcome.kind) {
    case 'http':
      return `answers ${outcome.response.status} on ${socket}`;
    case 'tcp':
      return `accepts the connection on ${socket}`;
    case 'dns':
      return `answers ${outcome.answer.rcode} with ${outcome.answer.records.length} records`;
    case 'failed':
      return outcome.failure === 'refused' ? `refuses: nothing listens on ${socket}` : `does not answer on ${socket} (${outcome.failure})`;
  }
}
