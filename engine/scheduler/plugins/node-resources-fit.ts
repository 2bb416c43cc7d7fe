import type { Node } from '../../kinds/core/node.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { NodeInfo } from '../node-info.ts';
import { fits, maxNodeScore, rejected, type SchedulerPlugin } from '../plugin.ts';
import { allocatableOf, requestOf } from '../resources.ts';

/** How full or empty nodes are liked. Kubernetes: NodeResourcesFitArgs.scoringStrategy. */
export type ScoringStrategy =
  | { readonly type: 'LeastAllocated' | 'MostAllocated'; readonly resources: readonly WeightedResource[] }
  | { readonly type: 'RequestedToCapacityRatio'; readonly resources: readonly WeightedResource[]; readonly shape: readonly ShapePoint[] };
export interface WeightedResource {
  readonly name: string;
  readonly weight: number;
}
/** `utilization` in percent, `score` from 0 to 10; ascending. */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

const defaultResources: readonly WeightedResource[] = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
];
const defaultStrategy: ScoringStrategy = { type: 'LeastAllocated', resources: defaultResources };

/** Keeps pods off nodes without room for their requests. Kubernetes: plugins/noderesources/fit.go (1.36). */
export function nodeResourcesFit(strategy: ScoringStrategy = defaultStrategy): SchedulerPlugin {
  return {
    name: 'NodeResourcesFit',
    requeueOn: [
      { on: 'Pod/deleted' },
      { on: 'Pod/scaled-down' },
      { on: 'Node/added', hint: (pod, { object }) => couldEverFit(pod, object as Node) },
      { on: 'Node/allocatable', hint: (pod, { object }) => couldEverFit(pod, object as Node) },
    ],
    filter(_state, pod, info) {
      const missing = insufficient(pod, info);
      if (missing.length === 0) return fits;
      // What does not fit into the empty node will not fit after an eviction either.
      return rejected(
        missing.map(({ reason }) => reason),
        { preemptible: missing.every(({ isTooLarge }) => !isTooLarge) },
      );
    },
    score: (_state, pod, info) => scoreNode(strategy, pod, info),
  };
}

interface Insufficient {
  readonly reason: string;
  readonly isTooLarge: boolean;
}

const noShortage: readonly Insufficient[] = [];

function insufficient(pod: Pod, { pods, allocatable, requested }: NodeInfo): readonly Insufficient[] {
  let missing: Insufficient[] | undefined;
  if (pods.size + 1 > (allocatable.get('pods') ?? 0)) missing = [{ reason: 'Too many pods', isTooLarge: false }];
  for (const [name, amount] of requestOf(pod).amounts) {
    const room = allocatable.get(name) ?? 0;
    if (amount === 0 || amount <= room - (requested.get(name) ?? 0)) continue;
    missing ??= [];
    missing.push({ reason: `Insufficient ${name}`, isTooLarge: amount > room });
  }
  return missing ?? noShortage;
}

function couldEverFit(pod: Pod, node: Node): boolean {
  const allocatable = allocatableOf(node);
  for (const [name, amount] of requestOf(pod).amounts) if (amount > (allocatable.get(name) ?? 0)) return false;
  return true;
}

function scoreNode(strategy: ScoringStrategy, pod: Pod, info: NodeInfo): number {
  let sum = 0;
  let weights = 0;
  for (const { name, weight } of strategy.resources) {
    const capacity = info.allocatable.get(name) ?? 0;
    if (capacity === 0) continue;
    sum += scoreResource(strategy, wouldUse(pod, info, name), capacity) * weight;
    weights += weight;
  }
  return weights === 0 ? 0 : Math.floor(sum / weights);
}

/** CPU and memory that nobody asked for are assumed, or pods without requests would count as nothing. */
function wouldUse(pod: Pod, info: NodeInfo, name: string): number {
  const request = requestOf(pod);
  if (name === 'cpu') return info.scoredCpuMillis + request.scoredCpuMillis;
  if (name === 'memory') return info.scoredMemoryBytes + request.scoredMemoryBytes;
  return (info.requested.get(name) ?? 0) + (request.amounts.get(name) ?? 0);
}

function scoreResource(strategy: ScoringStrategy, used: number, capacity: number): number {
  switch (strategy.type) {
    case 'LeastAllocated':
      return used > capacity ? 0 : Math.floor(((capacity - used) * maxNodeScore) / capacity);
    case 'MostAllocated':
      return Math.floor((Math.min(used, capacity) * maxNodeScore) / capacity);
    case 'RequestedToCapacityRatio':
      return onShape(strategy.shape, used > capacity ? maxNodeScore : Math.floor((used * maxNodeScore) / capacity));
  }
}

/** Straight lines between the points, level outside of them. */
function onShape(shape: readonly ShapePoint[], utilization: number): number {
  const scale = maxNodeScore / 10;
  let left: ShapePoint | undefined;
  for (const point of shape) {
    if (utilization <= point.utilization) {
      if (!left) return point.score * scale;
      const share = (utilization - left.utilization) / (point.utilization - left.utilization);
      return Math.trunc((left.score + (point.score - left.score) * share) * scale);
    }
    left = point;
  }
  return (left?.score ?? 0) * scale;
}
