import type { Pod } from '../kinds/core/pod.ts';
import type { V1PodCondition } from '../schema/generated/models.ts';
import { type Millis, parseTime } from '../sim/simulation.ts';
import { isDeleting } from './stored-object.ts';

/** Facts about pods that several controllers need. Kubernetes: pkg/api/v1/pod and pkg/controller (1.36). */
export function podCondition(pod: Pod, type: string): V1PodCondition | undefined {
  const conditions = pod.status?.conditions;
  if (conditions === undefined) return undefined;
  for (const condition of conditions) if (condition.type === type) return condition;
  return undefined;
}

export function hasFinished(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Counts towards the replicas of its owner. */
export function isActive(pod: Pod): boolean {
  return !hasFinished(pod) && !isDeleting(pod);
}

/** On its way out, but not gone: still holds its node's resources. */
export function isTerminating(pod: Pod): boolean {
  return !hasFinished(pod) && isDeleting(pod);
}

export function isReady(pod: Pod): boolean {
  return podCondition(pod, 'Ready')?.status === 'True';
}

/** When the pod became ready; `undefined` when it is not. */
export function readySince(pod: Pod): Millis | undefined {
  const condition = podCondition(pod, 'Ready');
  if (condition?.status !== 'True' || condition.lastTransitionTime === undefined) return undefined;
  return parseTime(condition.lastTransitionTime);
}

/** Milliseconds until a ready pod counts as available: 0 for now, `undefined` when it is not ready. */
export function availableIn(pod: Pod, minReadySeconds: number, now: Millis): Millis | undefined {
  if (!isReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const since = readySince(pod);
  return since === undefined ? undefined : Math.max(0, since + minReadySeconds * 1000 - now);
}

export function isAvailable(pod: Pod, minReadySeconds: number, now: Millis): boolean {
  return availableIn(pod, minReadySeconds, now) === 0;
}

/** Conditions with `next` in place of the one of its type. The transition time stays while the status does. */
export function withCondition<C extends { readonly type: string; readonly status: string; readonly lastTransitionTime?: string }>(
  conditions: readonly C[] | undefined,
  next: C,
): C[] {
  const before = conditions ?? [];
  const index = before.findIndex(({ type }) => type === next.type);
  const current = before[index];
  if (current === undefined) return [...before, next];
  const kept =
    current.status === next.status && current.lastTransitionTime !== undefined
      ? { ...next, lastTransitionTime: current.lastTransitionTime }
      : next;
  return before.map((condition, at) => (at === index ? kept : condition));
}
