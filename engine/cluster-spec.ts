import type { LatencyProfile } from './sim/latency.ts';
import { type Millis, parseTime } from './sim/simulation.ts';

/** A machine of the cluster. */
export interface NodeSpec {
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  readonly cpu: number;
  readonly memoryMiB: number;
  /** Most pods that the kubelet takes; 110 is upstream's default. */
  readonly pods: number;
  readonly zone?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
}

/** All that makes a cluster, beside its seed's chances: with the same spec and the same inputs come the same bytes. */
export interface ClusterSpec {
  readonly seed: number;
  /** Kubernetes' version, e.g. `1.36.0`. */
  readonly version: string;
  readonly startTimeMs: Millis;
  readonly nodes: readonly NodeSpec[];
  /** How long things take once the cluster has booted; the boot itself is instant. */
  readonly latency: LatencyProfile['name'];
  /** Whether there is a cloud with a cloud controller manager: zones, addresses, load balancers. */
  readonly cloud: boolean;
  readonly podCIDR: string;
  readonly serviceCIDR: string;
  readonly clusterDns: string;
  readonly clusterDomain: string;
}

/** Monday, 5 January 2026, 09:00 UTC: clusters start in working hours. */
const defaultStartMs = parseTime('2026-01-05T09:00:00Z') as Millis;

const defaults: Omit<ClusterSpec, 'nodes'> = {
  seed: 1,
  version: '1.36.0',
  startTimeMs: defaultStartMs,
  latency: 'realistic',
  cloud: false,
  podCIDR: '10.244.0.0/16',
  serviceCIDR: '10.96.0.0/12',
  clusterDns: '10.96.0.10',
  clusterDomain: 'cluster.local',
};

export interface ClusterInput extends Partial<Omit<ClusterSpec, 'nodes'>> {
  /** Nodes by name, or how many workers beside the control plane. */
  readonly nodes?: readonly (Partial<NodeSpec> & { readonly name: string })[];
  readonly workers?: number;
}

const nodeDefaults = { cpu: 2, memoryMiB: 4096, pods: 110 };

/** Fills in what a lab leaves open. Without nodes: one control plane and two workers. */
export function completeSpec(input: ClusterInput = {}): ClusterSpec {
  const { nodes, workers = 2, ...rest } = input;
  const named = nodes ?? [{ name: 'control-plane' }, ...Array.from({ length: workers }, (_, index) => ({ name: `node-${index + 1}` }))];
  return {
    ...defaults,
    ...rest,
    nodes: named.map((node, index) => ({ ...nodeDefaults, role: index === 0 ? ('control-plane' as const) : ('worker' as const), ...node })),
  };
}
