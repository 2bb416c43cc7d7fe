import type { Pod } from '../kinds/core/pod.ts';
import { type Millis, parseTime } from '../sim/simulation.ts';
import { isReady, readySince } from './pod-state.ts';
import { metaOf } from './stored-object.ts';

/** Which pods go first when there are too many. Kubernetes: pkg/controller ActivePodsWithRanks (1.36). */
export interface RankedPod {
  readonly pod: Pod;
  /** Pods of the same family on the same node: the fuller a node, the sooner its pods go. */
  readonly crowd: number;
}

const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const phaseOrder: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** Below zero: `a` is deleted before `b`. */
export function compareForDeletion(a: RankedPod, b: RankedPod, now: Millis): number {
  return (
    Number(hasNode(a.pod)) - Number(hasNode(b.pod)) ||
    phaseOf(a.pod) - phaseOf(b.pod) ||
    Number(isReady(a.pod)) - Number(isReady(b.pod)) ||
    deletionCost(a.pod) - deletionCost(b.pod) ||
    b.crowd - a.crowd ||
    compareReadyTimes(a.pod, b.pod, now) ||
    restarts(b.pod) - restarts(a.pod) ||
    compareAges(parseTime(metaOf(a.pod).creationTimestamp), parseTime(metaOf(b.pod).creationTimestamp), { a: a.pod, b: b.pod, now })
  );
}

function hasNode(pod: Pod): boolean {
  return (pod.spec?.nodeName ?? '') !== '';
}

function phaseOf(pod: Pod): number {
  return phaseOrder[pod.status?.phase ?? ''] ?? 0;
}

function deletionCost(pod: Pod): number {
  const cost = Number(pod.metadata?.annotations?.[deletionCostAnnotation] ?? 0);
  return Number.isInteger(cost) ? cost : 0;
}

function restarts(pod: Pod): number {
  let most = 0;
  for (const { restartCount } of pod.status?.containerStatuses ?? []) most = Math.max(most, restartCount);
  return most;
}

function compareReadyTimes(a: Pod, b: Pod, now: Millis): number {
  if (!isReady(a) || !isReady(b)) return 0;
  return compareAges(readySince(a), readySince(b), { a, b, now });
}

/**
 * Younger before older, but only by orders of magnitude: within one power of two chance (the uid) decides,
 * so that scaling down does not always hit the same node or zone.
 */
function compareAges(left: Millis | undefined, right: Millis | undefined, { a, b, now }: { a: Pod; b: Pod; now: Millis }): number {
  if (left === right) return 0;
  if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
  const difference = magnitude(now - left) - magnitude(now - right);
  if (difference !== 0) return difference;
  return metaOf(a).uid < metaOf(b).uid ? -1 : 1;
}

/** The whole part of the binary logarithm of a duration in nanoseconds, as upstream takes it. */
function magnitude(ms: Millis): number {
  return ms > 0 ? Math.floor(Math.log2(ms * 1_000_000)) : -1;
}
