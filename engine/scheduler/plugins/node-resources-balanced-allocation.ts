import type { NodeInfo } from '../node-info.ts';
import { maxNodeScore, type SchedulerPlugin } from '../plugin.ts';
import { type PodRequest, requestOf } from '../resources.ts';

const resources = ['cpu', 'memory'] as const;

/** Likes nodes whose CPU and memory fill up evenly. Kubernetes: plugins/noderesources/balanced_allocation.go (1.36). */
export const nodeResourcesBalancedAllocation: SchedulerPlugin = {
  name: 'NodeResourcesBalancedAllocation',
  // A pod that asks for nothing changes no balance.
  preScore: (_state, pod) => (resources.some((name) => (requestOf(pod).amounts.get(name) ?? 0) > 0) ? 'run' : 'skip'),
  score: (_state, pod, info) => Math.floor((1 - deviation(fractions(requestOf(pod), info))) * maxNodeScore),
};

function fractions({ amounts }: PodRequest, { allocatable, requested }: NodeInfo): readonly number[] {
  const shares: number[] = [];
  for (const name of resources) {
    const capacity = allocatable.get(name) ?? 0;
    if (capacity > 0) shares.push(Math.min(1, ((requested.get(name) ?? 0) + (amounts.get(name) ?? 0)) / capacity));
  }
  return shares;
}

/** The standard deviation; of two values it is half their distance. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
