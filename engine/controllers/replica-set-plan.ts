import type { ReplicaSet } from '../kinds/apps/replica-set.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { V1ReplicaSetCondition, V1ReplicaSetStatus } from '../schema/generated/models.ts';
import type { Millis } from '../sim/simulation.ts';
import { availableIn, isActive, isReady, isTerminating } from './pod-state.ts';
import { compareForDeletion } from './replica-ranking.ts';
import { metaOf } from './stored-object.ts';

/** No more than this many pods are created or deleted in one go. */
export const burstReplicas = 500;

export interface ReplicaPlan {
  readonly create: number;
  /** In the order in which they go. */
  readonly remove: readonly Pod[];
}

interface PlanInput {
  readonly want: number;
  readonly active: readonly Pod[];
  /** Active pods of all replica sets with the same owner, the set's own among them; for spreading deletions over nodes. */
  related(): Iterable<Pod>;
  readonly now: Millis;
}

/** Kubernetes: pkg/controller/replicaset manageReplicas (1.36). */
export function planReplicas({ want, active, related, now }: PlanInput): ReplicaPlan {
  const missing = want - active.length;
  if (missing >= 0) return { create: Math.min(missing, burstReplicas), remove: [] };
  const surplus = Math.min(-missing, burstReplicas);
  if (surplus === active.length) return { create: 0, remove: active };
  const crowds = new Map<string, number>();
  for (const pod of related()) {
    const node = pod.spec?.nodeName;
    if (node && isActive(pod)) crowds.set(node, (crowds.get(node) ?? 0) + 1);
  }
  const ranked = active.map((pod) => ({ pod, crowd: crowds.get(pod.spec?.nodeName ?? '') ?? 0 }));
  ranked.sort((a, b) => compareForDeletion(a, b, now));
  return { create: 0, remove: ranked.slice(0, surplus).map(({ pod }) => pod) };
}

export interface ReplicaCounts {
  readonly active: readonly Pod[];
  readonly fullyLabeled: number;
  readonly ready: number;
  readonly available: number;
  readonly terminating: number;
  /** When the next ready pod becomes available; `undefined` when none waits. */
  readonly nextAvailableInMs: Millis | undefined;
}

export function countReplicas(owner: ReplicaSet, pods: Iterable<Pod>, now: Millis): ReplicaCounts {
  const templateLabels = owner.spec?.template?.metadata?.labels ?? {};
  const wanted = Object.entries(templateLabels);
  const minReadySeconds = owner.spec?.minReadySeconds ?? 0;
  const active: Pod[] = [];
  let [fullyLabeled, ready, available, terminating] = [0, 0, 0, 0];
  let nextAvailableInMs: Millis | undefined;
  for (const pod of pods) {
    if (isTerminating(pod)) terminating++;
    if (!isActive(pod)) continue;
    active.push(pod);
    const labels = pod.metadata?.labels;
    if (wanted.every(([key, value]) => labels?.[key] === value)) fullyLabeled++;
    if (!isReady(pod)) continue;
    ready++;
    const waitMs = availableIn(pod, minReadySeconds, now);
    if (waitMs === 0) available++;
    else if (waitMs !== undefined) nextAvailableInMs = Math.min(nextAvailableInMs ?? waitMs, waitMs);
  }
  return { active, fullyLabeled, ready, available, terminating, nextAvailableInMs };
}

export interface ReplicaFailure {
  readonly reason: 'FailedCreate' | 'FailedDelete';
  readonly message: string;
}

export function replicaSetStatus(
  owner: ReplicaSet,
  counts: ReplicaCounts,
  failure: ReplicaFailure | undefined,
  timestamp: string,
): V1ReplicaSetStatus {
  const conditions = failureConditions(owner.status?.conditions, failure, timestamp);
  const generation = metaOf(owner).generation;
  // The API leaves counts of zero out, but for `replicas` and the pointer `terminatingReplicas`.
  return {
    replicas: counts.active.length,
    ...(counts.fullyLabeled > 0 && { fullyLabeledReplicas: counts.fullyLabeled }),
    ...(counts.ready > 0 && { readyReplicas: counts.ready }),
    ...(counts.available > 0 && { availableReplicas: counts.available }),
    terminatingReplicas: counts.terminating,
    ...(generation !== undefined && { observedGeneration: generation }),
    ...(conditions.length > 0 && { conditions }),
  };
}

/** A failure that stays keeps the condition that first told of it. */
function failureConditions(
  before: readonly V1ReplicaSetCondition[] = [],
  failure: ReplicaFailure | undefined,
  timestamp: string,
): readonly V1ReplicaSetCondition[] {
  const hasOne = before.some(({ type }) => type === 'ReplicaFailure');
  if (failure && hasOne) return before;
  if (failure) return [...before, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: timestamp, ...failure }];
  return hasOne ? before.filter(({ type }) => type !== 'ReplicaFailure') : before;
}
