import type { Deployment } from '../kinds/apps/deployment.ts';
import type { ReplicaSet } from '../kinds/apps/replica-set.ts';
import type { V1DeploymentCondition, V1DeploymentStatus } from '../schema/generated/models.ts';
import { type Millis, parseTime } from '../sim/simulation.ts';
import type { ReplicaSets } from './deployment-revisions.ts';
import { maxUnavailable, replicasOf } from './deployment-scaling.ts';
import { metaOf } from './stored-object.ts';

/** Status and conditions of a Deployment. Kubernetes: pkg/controller/deployment progress.go, util/deployment_util.go (1.36). */
export interface StatusInput {
  readonly deployment: Deployment;
  readonly sets: ReplicaSets;
  readonly now: Millis;
  readonly timestamp: string;
}
type Conditions = readonly V1DeploymentCondition[];

const neverDeadline = 2_147_483_647;

export function findCondition(conditions: Conditions | undefined, type: string): V1DeploymentCondition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Puts a condition in, unless one with its status and reason stands already. */
export function setCondition(conditions: Conditions, next: V1DeploymentCondition): Conditions {
  const current = findCondition(conditions, next.type);
  if (current && current.status === next.status && current.reason === next.reason) return conditions;
  const stamped =
    current?.status === next.status && current.lastTransitionTime !== undefined
      ? { ...next, lastTransitionTime: current.lastTransitionTime }
      : next;
  return [...conditions.filter(({ type }) => type !== next.type), stamped];
}

function removeCondition(conditions: Conditions, type: string): Conditions {
  return findCondition(conditions, type) ? conditions.filter((condition) => condition.type !== type) : conditions;
}

export interface ConditionText {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

export function condition(type: string, { status, reason, message }: ConditionText, timestamp: string): V1DeploymentCondition {
  return { type, status, lastUpdateTime: timestamp, lastTransitionTime: timestamp, reason, message };
}

export function hasProgressDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec?.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== neverDeadline;
}

function sum(sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number | undefined): number {
  return sets.reduce((total, set) => total + (count(set) ?? 0), 0);
}

/** The counts and the Available condition; other conditions stay as they are. */
export function countedStatus({ deployment, sets, timestamp }: StatusInput): V1DeploymentStatus {
  const all = sets.current ? [...sets.old, sets.current] : sets.old;
  const available = sum(all, ({ status }) => status?.availableReplicas);
  const { generation } = metaOf(deployment);
  const collisionCount = deployment.status?.collisionCount;
  const isAvailable = available >= replicasOf(deployment) - maxUnavailable(deployment);
  const conditions = setCondition(
    deployment.status?.conditions ?? [],
    condition('Available', isAvailable ? availableText : unavailableText, timestamp),
  );
  return withoutZeros({
    ...(generation !== undefined && { observedGeneration: generation }),
    replicas: sum(all, ({ status }) => status?.replicas),
    updatedReplicas: sets.current?.status?.replicas ?? 0,
    readyReplicas: sum(all, ({ status }) => status?.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(all, replicasOf) - available),
    terminatingReplicas: sum(all, ({ status }) => status?.terminatingReplicas),
    ...(collisionCount !== undefined && { collisionCount }),
    conditions,
  });
}

const availableText: ConditionText = {
  status: 'True',
  reason: 'MinimumReplicasAvailable',
  message: 'Deployment has minimum availability.',
};
const unavailableText: ConditionText = {
  status: 'False',
  reason: 'MinimumReplicasUnavailable',
  message: 'Deployment does not have minimum availability.',
};

/** The API leaves counts of zero out, but for the pointer `terminatingReplicas`. */
function withoutZeros(status: V1DeploymentStatus): V1DeploymentStatus {
  const fields = Object.entries(status).filter(([key, value]) => value !== 0 || key === 'terminatingReplicas');
  return Object.fromEntries(fields) as V1DeploymentStatus;
}

/** The status of a Deployment that is being rolled out. */
export function rolloutStatus(input: StatusInput): V1DeploymentStatus {
  const { deployment, sets } = input;
  const counted = countedStatus(input);
  let conditions = counted.conditions ?? [];
  if (!hasProgressDeadline(deployment)) conditions = removeCondition(conditions, 'Progressing');
  const current = findCondition(deployment.status?.conditions, 'Progressing');
  const wasComplete = (counted.replicas ?? 0) === (counted.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable';
  if (hasProgressDeadline(deployment) && !wasComplete) conditions = progressed(input, counted, conditions);
  const failure = replicaFailure(sets);
  conditions = failure ? setCondition(conditions, failure) : removeCondition(conditions, 'ReplicaFailure');
  return { ...counted, conditions };
}

function progressed({ deployment, sets, now, timestamp }: StatusInput, status: V1DeploymentStatus, conditions: Conditions): Conditions {
  const subject = sets.current ? `ReplicaSet "${metaOf(sets.current).name}"` : `Deployment "${metaOf(deployment).name}"`;
  const text = (result: ConditionText['status'], reason: string, verb: string): V1DeploymentCondition =>
    condition('Progressing', { status: result, reason, message: `${subject} ${verb}.` }, timestamp);
  if (isComplete(deployment, status))
    return setCondition(conditions, text('True', 'NewReplicaSetAvailable', 'has successfully progressed'));
  if (isProgressing(deployment, status)) {
    const current = findCondition(conditions, 'Progressing');
    const next = text('True', 'ReplicaSetUpdated', 'is progressing');
    if (!current) return setCondition(conditions, next);
    // Each step forward restarts the deadline, so the condition is written anew even when its words stay.
    const kept =
      current.status === 'True' && current.lastTransitionTime !== undefined
        ? { ...next, lastTransitionTime: current.lastTransitionTime }
        : next;
    return [...removeCondition(conditions, 'Progressing'), kept];
  }
  if (hasTimedOut(deployment, conditions, now))
    return setCondition(conditions, text('False', 'ProgressDeadlineExceeded', 'has timed out progressing'));
  return conditions;
}

export function isComplete(deployment: Deployment, status: V1DeploymentStatus | undefined): boolean {
  const want = replicasOf(deployment);
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, observedGeneration = 0 } = status ?? {};
  return (
    updatedReplicas === want &&
    replicas === want &&
    availableReplicas === want &&
    observedGeneration >= (metaOf(deployment).generation ?? 0)
  );
}

function isProgressing({ status: old = {} }: Deployment, next: V1DeploymentStatus): boolean {
  const oldPods = (old.replicas ?? 0) - (old.updatedReplicas ?? 0);
  const nextOldPods = (next.replicas ?? 0) - (next.updatedReplicas ?? 0);
  return (
    (next.updatedReplicas ?? 0) > (old.updatedReplicas ?? 0) ||
    nextOldPods < oldPods ||
    (next.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (old.availableReplicas ?? 0)
  );
}

function hasTimedOut(deployment: Deployment, conditions: Conditions, now: Millis): boolean {
  const current = findCondition(conditions, 'Progressing');
  if (!current || current.reason === 'NewReplicaSetAvailable') return false;
  if (current.reason === 'ProgressDeadlineExceeded') return true;
  const due = deadlineOf(deployment, current);
  return due !== undefined && due < now;
}

function deadlineOf(deployment: Deployment, { lastUpdateTime }: V1DeploymentCondition): Millis | undefined {
  const from = lastUpdateTime === undefined ? undefined : parseTime(lastUpdateTime);
  return from === undefined ? undefined : from + (deployment.spec?.progressDeadlineSeconds ?? 0) * 1000;
}

/** How long until a stuck rollout must be looked at again; `undefined` when it is not stuck. */
export function deadlineIn(deployment: Deployment, status: V1DeploymentStatus, now: Millis): Millis | undefined {
  const current = findCondition(status.conditions, 'Progressing');
  if (!hasProgressDeadline(deployment) || !current || isComplete(deployment, status)) return undefined;
  // In these two no deadline runs: it has passed, or the last rollout was complete.
  if (current.reason === 'ProgressDeadlineExceeded' || current.reason === 'NewReplicaSetAvailable') return undefined;
  const due = deadlineOf(deployment, current);
  return due === undefined ? undefined : Math.max(0, due - now) + 1000;
}

/** A ReplicaSet's failure is its Deployment's; the current one's comes first. */
function replicaFailure({ current, old }: ReplicaSets): V1DeploymentCondition | undefined {
  for (const set of current ? [current, ...old] : old) {
    const failure = set.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
    if (failure) return { ...failure, ...(failure.lastTransitionTime !== undefined && { lastUpdateTime: failure.lastTransitionTime }) };
  }
  return undefined;
}

/** The words for pausing and resuming, or nothing when they are there already. */
export function pauseCondition(deployment: Deployment, timestamp: string): V1DeploymentCondition | undefined {
  const current = findCondition(deployment.status?.conditions, 'Progressing');
  if (!hasProgressDeadline(deployment) || current?.reason === 'ProgressDeadlineExceeded') return undefined;
  const isPaused = deployment.spec?.paused ?? false;
  const saysPaused = current?.reason === 'DeploymentPaused';
  if (isPaused && !saysPaused)
    return condition('Progressing', { status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' }, timestamp);
  if (!isPaused && saysPaused)
    return condition('Progressing', { status: 'Unknown', reason: 'DeploymentResumed', message: 'Deployment is resumed' }, timestamp);
  return undefined;
}
