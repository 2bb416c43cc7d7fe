import { again, type ControllerContext, type ControllerDefinition, done, keyOf, type ReconcileResult } from '../client/controller.ts';
import type { WatchChange } from '../client/process.ts';
import { type Deployment, deployment } from '../kinds/apps/deployment.ts';
import { type ReplicaSet, replicaSet } from '../kinds/apps/replica-set.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import { matchesSelector } from '../kinds/labels.ts';
import type { V1DeploymentStatus } from '../schema/generated/models.ts';
import { deepEqual } from '../sim/plain.ts';
import { claimDependents, type Orphans, trackOrphan } from './claim.ts';
import { findOrCreateCurrent, scaleReplicaSet, syncCurrent } from './deployment-replica-sets.ts';
import { planCleanup, type ReplicaSets, splitReplicaSets } from './deployment-revisions.ts';
import { isRollingUpdate, isScalingEvent, planRollout, planScale, replicasOf, type ScaleStep, withPods } from './deployment-scaling.ts';
import {
  countedStatus,
  deadlineIn,
  isComplete,
  pauseCondition,
  rolloutStatus,
  type StatusInput,
  setCondition,
} from './deployment-status.ts';
import { hasFinished } from './pod-state.ts';
import { controllerRefOf, isDeleting, metaOf, namespaceOf, refTo } from './stored-object.ts';

interface DeploymentState {
  /** ReplicaSets without an owner. */
  readonly orphans: Orphans;
}
type Context = ControllerContext<DeploymentState>;

/** Rolls Deployments out through ReplicaSets. Kubernetes: pkg/controller/deployment (1.36). */
export const deploymentController: ControllerDefinition<DeploymentState> = {
  name: 'deployment-controller',
  watches: [
    { kind: deployment, enqueue: 'self' },
    { kind: replicaSet, enqueue: keysForReplicaSet },
    { kind: pod, enqueue: keysForPod },
  ],
  initialState: () => ({ orphans: new Map() }),

  reconcile(context, key) {
    const stored = context.lister(deployment).byKey(key);
    if (!stored) return done;
    if (selectsEverything(stored)) return refuseEmptySelector(context, stored);
    const owned = claimDependents(context, {
      ownerKind: deployment,
      owner: stored,
      selector: stored.spec?.selector ?? {},
      kind: replicaSet,
      orphans: context.state.orphans,
    });
    const sets = splitReplicaSets(stored, owned);
    if (isDeleting(stored)) return writeStatus(context, stored, sets, countedStatus);
    const object = writePauseCondition(context, stored);
    if (object.spec?.paused || isScalingEvent(object, sets)) return scale(context, object, sets);
    return isRollingUpdate(object) ? rollOut(context, object, sets) : recreate(context, object, sets);
  },
};

function keysForReplicaSet({ state, lister }: Context, change: WatchChange): readonly string[] {
  const current = change.object as ReplicaSet;
  trackOrphan(state.orphans, current, change.type === 'deleted');
  const keys = new Set<string>();
  const owner = ownerKey(current);
  const before = change.old && ownerKey(change.old as ReplicaSet);
  if (owner !== undefined) keys.add(owner);
  if (before !== undefined) keys.add(before);
  if (controllerRefOf(current) === undefined && change.type !== 'deleted') {
    for (const candidate of lister(deployment).inNamespace(namespaceOf(current))) {
      if (matchesSelector(candidate.spec?.selector, current.metadata?.labels)) keys.add(keyOf(candidate));
    }
  }
  return [...keys];
}

/** Only the end of old pods matters here: it lets a Recreate rollout go on. */
function keysForPod({ lister }: Context, change: WatchChange): readonly string[] {
  const current = change.object as Pod;
  if (change.type !== 'deleted' && !(change.type === 'modified' && hasFinished(current))) return [];
  const set = controllerRefOf(current);
  if (set?.kind !== 'ReplicaSet') return [];
  const owner = lister(replicaSet).get(namespaceOf(current), set.name);
  const key = owner && ownerKey(owner);
  const found = key === undefined ? undefined : lister(deployment).byKey(key);
  return found && !isRollingUpdate(found) ? [keyOf(found)] : [];
}

function ownerKey(object: ReplicaSet): string | undefined {
  const owner = controllerRefOf(object);
  return owner?.kind === 'Deployment' ? `${namespaceOf(object)}/${owner.name}` : undefined;
}

function selectsEverything({ spec }: Deployment): boolean {
  const { matchLabels, matchExpressions } = spec?.selector ?? {};
  return Object.keys(matchLabels ?? {}).length === 0 && (matchExpressions ?? []).length === 0;
}

function refuseEmptySelector(context: Context, object: Deployment): ReconcileResult {
  context.event(object, 'Warning', 'SelectingAll', 'This deployment is selecting all pods. A non-empty selector is required.');
  const generation = metaOf(object).generation ?? 0;
  if ((object.status?.observedGeneration ?? 0) < generation) {
    context.client.updateStatus(deployment, { ...object, status: { ...object.status, observedGeneration: generation } });
  }
  return done;
}

/** Stops the clock of the progress deadline while a Deployment is paused. */
function writePauseCondition(context: Context, object: Deployment): Deployment {
  const next = pauseCondition(object, context.timestamp);
  if (!next) return object;
  const conditions = setCondition(object.status?.conditions ?? [], next);
  return context.client.updateStatus(deployment, { ...object, status: { ...object.status, conditions } });
}

function applySteps(context: Context, object: Deployment, steps: readonly ScaleStep[]): boolean {
  let isScaled = false;
  for (const step of steps) isScaled = scaleReplicaSet(context, object, step) || isScaled;
  return isScaled;
}

/** A paused Deployment is scaled but not rolled out. */
function scale(context: Context, object: Deployment, before: ReplicaSets): ReconcileResult {
  const { sets, object: current } = before.current
    ? syncCurrent(context, object, { ...before, current: before.current })
    : { sets: before, object };
  applySteps(context, current, planScale(current, sets));
  if (current.spec?.paused) cleanUp(context, current, sets);
  return writeStatus(context, current, sets, countedStatus);
}

function rollOut(context: Context, before: Deployment, found: ReplicaSets): ReconcileResult {
  const { sets, object } = findOrCreateCurrent(context, before, found);
  const isScaled = sets.current !== undefined && applySteps(context, object, planRollout(object, sets.current, sets.old));
  if (!isScaled && isComplete(object, object.status)) cleanUp(context, object, sets);
  return writeStatus(context, object, sets, rolloutStatus);
}

/** All old pods go before the first new one comes. */
function recreate(context: Context, before: Deployment, found: ReplicaSets): ReconcileResult {
  const withCurrent = found.current ? syncCurrent(context, before, { ...found, current: found.current }) : { sets: found, object: before };
  const steps = withPods(withCurrent.sets.old).map((target) => ({ target, replicas: 0 }));
  if (applySteps(context, withCurrent.object, steps) || hasOldPods(context, withCurrent.sets)) {
    return writeStatus(context, withCurrent.object, withCurrent.sets, rolloutStatus);
  }
  const { sets, object } = findOrCreateCurrent(context, withCurrent.object, withCurrent.sets);
  if (sets.current) applySteps(context, object, [{ target: sets.current, replicas: replicasOf(object) }]);
  if (isComplete(object, object.status)) cleanUp(context, object, sets);
  return writeStatus(context, object, sets, rolloutStatus);
}

function hasOldPods({ lister }: Context, { old }: ReplicaSets): boolean {
  return old.some((set) => {
    if ((set.status?.replicas ?? 0) > 0) return true;
    for (const left of lister(pod).ownedBy(metaOf(set).uid)) if (!hasFinished(left)) return true;
    return false;
  });
}

function cleanUp(context: Context, object: Deployment, { old }: ReplicaSets): void {
  for (const set of planCleanup(object, old)) {
    context.client.remove(replicaSet, namespaceOf(set), metaOf(set).name, { preconditions: { uid: metaOf(set).uid } });
  }
}

function writeStatus(
  context: Context,
  object: Deployment,
  sets: ReplicaSets,
  compute: (input: StatusInput) => V1DeploymentStatus,
): ReconcileResult {
  const status = compute({ deployment: object, sets, now: context.now, timestamp: context.timestamp });
  if (!deepEqual(status, object.status)) context.client.updateStatus(deployment, { ...object, status });
  report(context, object, sets);
  const waitMs = compute === rolloutStatus ? deadlineIn(object, status, context.now) : undefined;
  return waitMs === undefined ? done : again(waitMs);
}

function report(context: Context, object: Deployment, { current, old }: ReplicaSets): void {
  const about = refTo(deployment, object);
  const available = current?.status?.availableReplicas ?? 0;
  const want = replicasOf(object);
  if (current && available < want) {
    context.finding(about, 'rollout', `waits for ReplicaSet ${metaOf(current).name}: ${available} of ${want} available`, [
      refTo(replicaSet, current),
    ]);
    return;
  }
  const shrinking = withPods(old);
  const text =
    shrinking.length > 0 ? `waits for ${shrinking.length} old ReplicaSet${shrinking.length === 1 ? '' : 's'} to scale down` : undefined;
  context.finding(
    about,
    'rollout',
    text,
    shrinking.map((set) => refTo(replicaSet, set)),
  );
}
