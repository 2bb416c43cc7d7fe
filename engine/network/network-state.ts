import type { Millis } from '../sim/simulation.ts';
import type { ExternalRoute, NetworkNode, PodAddress, ProxyRule, ResolverConfig } from './network.ts';

/** Addresses of one node's range. The next one is taken in a circle, so that a released address comes back late. */
export interface AddressPool {
  /** Number of the range's first host address. */
  readonly first: number;
  readonly size: number;
  next: number;
  readonly used: Set<number>;
}

/** The kernel tables of one node. They outlive the process that wrote them. */
export interface NodeTables {
  readonly rules: Map<string, ProxyRule>;
  /** ClientIP affinity: `rule key|client` → the chosen backend. */
  readonly affinity: Map<string, { readonly backend: string; readonly untilMs: Millis }>;
}

export interface NetworkState {
  nextNode: number;
  readonly nodes: Map<string, NetworkNode>;
  /** Node names by address. */
  readonly nodeAddresses: Map<string, string>;
  readonly pools: Map<string, AddressPool>;
  readonly pods: Map<string, PodAddress>;
  /** Pod addresses by `namespace/name`. */
  readonly podNames: Map<string, string>;
  readonly resolvers: Map<string, ResolverConfig>;
  readonly tables: Map<string, NodeTables>;
  /** Load balancers by `address:port`. */
  readonly external: Map<string, ExternalRoute>;
  /** Next node of a load balancer, in turns. */
  readonly turns: Map<string, number>;
}

export function networkState(): NetworkState {
  return {
    nextNode: 0,
    nodes: new Map(),
    nodeAddresses: new Map(),
    pools: new Map(),
    pods: new Map(),
    podNames: new Map(),
    resolvers: new Map(),
    tables: new Map(),
    external: new Map(),
    turns: new Map(),
  };
}
