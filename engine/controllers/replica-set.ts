import { again, type ControllerContext, type ControllerDefinition, done, keyOf, type ReconcileResult } from '../client/controller.ts';
import type { WatchChange } from '../client/process.ts';
import { type ReplicaSet, replicaSet } from '../kinds/apps/replica-set.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import { matchesSelector } from '../kinds/labels.ts';
import { ApiError } from '../schema/api-error.ts';
import type { V1ReplicaSetStatus } from '../schema/generated/models.ts';
import { deepEqual } from '../sim/plain.ts';
import { claimDependents, type Orphans, trackOrphan } from './claim.ts';
import { areMet, createSeen, deleteSeen, type Expectations, expectationOf } from './expectations.ts';
import { podFromTemplate } from './pod-from-template.ts';
import { isReady } from './pod-state.ts';
import {
  countReplicas,
  planReplicas,
  type ReplicaCounts,
  type ReplicaFailure,
  type ReplicaPlan,
  replicaSetStatus,
} from './replica-set-plan.ts';
import { controllerRefOf, isDeleting, metaOf, namespaceOf, refsTo, refTo } from './stored-object.ts';

interface ReplicaSetState {
  readonly expectations: Expectations;
  readonly orphans: Orphans;
  /** Statuses that were written and that the cache does not show yet. */
  readonly written: Map<string, { readonly revision: number; readonly status: V1ReplicaSetStatus }>;
}
type Context = ControllerContext<ReplicaSetState>;

/** Keeps `spec.replicas` pods alive for each ReplicaSet. Kubernetes: pkg/controller/replicaset (1.36). */
export const replicaSetController: ControllerDefinition<ReplicaSetState> = {
  name: 'replicaset-controller',
  watches: [
    { kind: replicaSet, enqueue: keysForSet },
    { kind: pod, enqueue: keysForPod },
  ],
  initialState: () => ({ expectations: new Map(), orphans: new Map(), written: new Map() }),

  reconcile(context, key) {
    const owner = context.lister(replicaSet).byKey(key);
    if (!owner) {
      context.state.expectations.delete(key);
      context.state.written.delete(key);
      return done;
    }
    const mayManage = areMet(context.state.expectations, key, context.now) && !isDeleting(owner);
    const pods = claimDependents(context, {
      ownerKind: replicaSet,
      owner,
      selector: owner.spec?.selector ?? {},
      kind: pod,
      orphans: context.state.orphans,
    });
    const counts = countReplicas(owner, pods, context.now);
    const failed = mayManage ? manage(context, owner, counts) : undefined;
    writeStatus(context, owner, counts, failed);
    report(context, owner, counts, failed);
    if (failed) throw failed.error;
    return nextLook(owner, counts);
  },
};

/** Its own status is what this controller writes; a change of nothing else is no news to it. */
function keysForSet(_context: Context, { type, object, old }: WatchChange): readonly string[] {
  if (type !== 'modified') return [keyOf(object)];
  const [before, after] = [old as ReplicaSet, object as ReplicaSet];
  const isNews = before.spec !== after.spec || isDeleting(before) !== isDeleting(after) || metaOf(before).uid !== metaOf(after).uid;
  return isNews ? [keyOf(object)] : [];
}

/** Reconciling a large set takes its time, so changes of many pods are counted together: a millisecond for each five pods. */
const podsPerMs = 5;

function keysForPod(context: Context, change: WatchChange): readonly string[] {
  const { state, lister } = context;
  const current = change.object as Pod;
  trackOrphan(state.orphans, current, change.type === 'deleted');
  if (change.type === 'modified' && !matters(change.old as Pod, current)) return [];
  const keys = new Set<string>();
  const owner = ownerKey(current);
  const { uid } = metaOf(current);
  if (owner !== undefined) {
    if (change.type === 'added') createSeen(state.expectations, owner, uid);
    if (change.type === 'deleted' || isDeleting(current)) deleteSeen(state.expectations, owner, uid);
    const delayMs = Math.floor((lister(replicaSet).byKey(owner)?.status?.replicas ?? 0) / podsPerMs);
    if (delayMs === 0) keys.add(owner);
    else context.enqueueAfter(owner, delayMs);
  } else if (controllerRefOf(current) === undefined && change.type !== 'deleted') {
    for (const candidate of lister(replicaSet).inNamespace(namespaceOf(current))) {
      if (matchesSelector(candidate.spec?.selector, current.metadata?.labels)) keys.add(keyOf(candidate));
    }
  }
  const before = change.old && ownerKey(change.old as Pod);
  if (before !== undefined && before !== owner) keys.add(before);
  return [...keys];
}

/** Whether a pod's change can change how it counts. */
function matters(before: Pod, after: Pod): boolean {
  return (
    isReady(before) !== isReady(after) ||
    before.status?.phase !== after.status?.phase ||
    isDeleting(before) !== isDeleting(after) ||
    before.metadata?.labels !== after.metadata?.labels ||
    before.metadata?.ownerReferences !== after.metadata?.ownerReferences ||
    before.metadata?.uid !== after.metadata?.uid
  );
}

function ownerKey(object: Pod): string | undefined {
  const owner = controllerRefOf(object);
  return owner?.kind === 'ReplicaSet' ? `${namespaceOf(object)}/${owner.name}` : undefined;
}

interface Failed extends ReplicaFailure {
  readonly error: ApiError;
}

function manage(context: Context, owner: ReplicaSet, { active }: ReplicaCounts): Failed | undefined {
  const plan = planReplicas({ want: owner.spec?.replicas ?? 1, active, related: () => relatedPods(context, owner), now: context.now });
  if (plan.create > 0) return createPods(context, owner, plan);
  return plan.remove.length > 0 ? deletePods(context, owner, plan) : undefined;
}

/** Creates in batches of 1, 2, 4, …: what is refused once would be refused many times. */
function createPods(context: Context, owner: ReplicaSet, { create }: ReplicaPlan): Failed | undefined {
  const template = owner.spec?.template ?? {};
  const expectation = expectationOf(context.state.expectations, keyOf(owner), context.now);
  const pods = context.lister(pod);
  let failed: Failed | undefined;
  for (let batch = 1, left = create; left > 0 && !failed; batch *= 2) {
    const size = Math.min(batch, left);
    for (let i = 0; i < size; i++) {
      try {
        const created = metaOf(context.client.create(pod, podFromTemplate(replicaSet, owner, template)));
        if (pods.get(namespaceOf(owner), created.name)?.metadata?.uid !== created.uid) expectation.creates.add(created.uid);
        context.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.name}`);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (isNamespaceGoing(error)) return undefined;
        context.event(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
        failed ??= { reason: 'FailedCreate', message: error.message, error };
      }
    }
    left -= size;
  }
  return failed;
}

function isNamespaceGoing(error: ApiError): boolean {
  return error.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false;
}

function deletePods(context: Context, owner: ReplicaSet, { remove }: ReplicaPlan): Failed | undefined {
  const expectation = expectationOf(context.state.expectations, keyOf(owner), context.now);
  let failed: Failed | undefined;
  for (const surplus of remove) {
    const { name, uid } = metaOf(surplus);
    try {
      context.client.remove(pod, namespaceOf(surplus), name, { preconditions: { uid } });
      const seen = context.lister(pod).get(namespaceOf(surplus), name);
      if (seen?.metadata?.uid === uid && !isDeleting(seen)) expectation.deletes.add(uid);
      context.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      context.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`);
      failed ??= { reason: 'FailedDelete', message: error.message, error };
    }
  }
  return failed;
}

/** The pods of all replica sets that belong to the same controller: together they crowd a node. */
function* relatedPods({ lister }: Context, owner: ReplicaSet): Iterable<Pod> {
  const controller = controllerRefOf(owner);
  if (!controller) {
    yield* lister(pod).ownedBy(metaOf(owner).uid);
    return;
  }
  for (const sibling of lister(replicaSet).ownedBy(controller.uid)) yield* lister(pod).ownedBy(metaOf(sibling).uid);
}

function writeStatus(context: Context, owner: ReplicaSet, counts: ReplicaCounts, failed: Failed | undefined): void {
  const failure = failed && { reason: failed.reason, message: failed.message };
  const status = replicaSetStatus(owner, counts, failure, context.timestamp);
  const { written } = context.state;
  const last = written.get(keyOf(owner));
  const isBehind = last !== undefined && Number(owner.metadata?.resourceVersion) < last.revision;
  if (last && !isBehind) written.delete(keyOf(owner));
  // Our own writes are no news to us, so they must not be compared with what was before them.
  if (deepEqual(status, isBehind ? last.status : owner.status)) return;
  const stored = context.client.updateStatus(replicaSet, { ...owner, status });
  written.set(keyOf(owner), { revision: Number(stored.metadata?.resourceVersion), status });
}

/** Looks again when a ready pod will have been ready for long enough. */
function nextLook(owner: ReplicaSet, { ready, available, nextAvailableInMs }: ReplicaCounts): ReconcileResult {
  const isWaiting = (owner.spec?.minReadySeconds ?? 0) > 0 && ready > available && nextAvailableInMs !== undefined;
  return isWaiting ? again(nextAvailableInMs) : done;
}

function report(context: Context, owner: ReplicaSet, { active, ready, available }: ReplicaCounts, failed: Failed | undefined): void {
  const about = refTo(replicaSet, owner);
  context.finding(about, 'create', failed && `cannot ${failed.reason === 'FailedCreate' ? 'create' : 'delete'} pods: ${failed.message}`);
  if (ready < active.length) {
    const unready = active.filter((candidate) => !isReady(candidate));
    context.finding(about, 'replicas', `${unready.length} of ${active.length} pods are not ready`, refsTo(pod, unready));
  } else if (available < ready) {
    context.finding(
      about,
      'replicas',
      `${ready - available} of ${active.length} pods are ready for less than ${owner.spec?.minReadySeconds ?? 0} s`,
    );
  } else context.finding(about, 'replicas', undefined);
}
