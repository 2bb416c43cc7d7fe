import { again, type ControllerContext, type ControllerDefinition, done, keyOf, type ReconcileResult } from '../client/controller.ts';
import type { WatchChange } from '../client/process.ts';
import { type DaemonSet, daemonSet } from '../kinds/apps/daemon-set.ts';
import { type Node, node } from '../kinds/core/node.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import { ApiError } from '../schema/api-error.ts';
import type { V1PodTemplateSpec } from '../schema/generated/models.ts';
import { deepEqual } from '../sim/plain.ts';
import { claimDependents, type Orphans, trackOrphan } from './claim.ts';
import {
  type DaemonInput,
  daemonSetStatus,
  generationLabel,
  nodeOf,
  planDaemons,
  planRollingUpdate,
  type RollingInput,
  revisionLabel,
  templateForNode,
} from './daemon-set-plan.ts';
import { templateHash } from './deployment-revisions.ts';
import { areMet, createSeen, deleteSeen, type Expectations, expectationOf } from './expectations.ts';
import { podFromTemplate } from './pod-from-template.ts';
import { availableIn, isReady } from './pod-state.ts';
import { controllerRefOf, isDeleting, metaOf, namespaceOf, refsTo, refTo } from './stored-object.ts';

interface DaemonSetState {
  readonly expectations: Expectations;
  readonly orphans: Orphans;
}
type Context = ControllerContext<DaemonSetState>;

/** Keeps one pod of each DaemonSet on every node that is meant. Kubernetes: pkg/controller/daemon (1.36). */
export const daemonSetController: ControllerDefinition<DaemonSetState> = {
  name: 'daemonset-controller',
  watches: [
    { kind: daemonSet, enqueue: 'self' },
    { kind: node, enqueue: keysForNode },
    { kind: pod, enqueue: keysForPod },
  ],
  initialState: () => ({ expectations: new Map(), orphans: new Map() }),

  reconcile(context, key) {
    const set = context.lister(daemonSet).byKey(key);
    if (!set) {
      context.state.expectations.delete(key);
      return done;
    }
    if (isDeleting(set)) return done;
    const pods = claimDependents(context, {
      ownerKind: daemonSet,
      owner: set,
      selector: set.spec?.selector ?? {},
      kind: pod,
      orphans: context.state.orphans,
    });
    const input = inputOf(context, set, pods);
    const failed = areMet(context.state.expectations, key, context.now) ? manage(context, input) : undefined;
    const status = daemonSetStatus(input);
    if (!deepEqual(status, set.status)) context.client.updateStatus(daemonSet, { ...set, status });
    report(context, set, pods, failed);
    if (failed) throw failed;
    return nextLook(context, set, pods);
  },
};

function inputOf(context: Context, set: DaemonSet, pods: readonly Pod[]): RollingInput {
  const byNode = new Map<string, Pod[]>();
  for (const each of pods) {
    const host = nodeOf(each) ?? '';
    const others = byNode.get(host);
    if (others) others.push(each);
    else byNode.set(host, [each]);
  }
  return {
    set,
    nodes: [...context.lister(node).list()],
    byNode,
    hash: templateHash(set.spec?.template ?? {}, set.status?.collisionCount),
    now: context.now,
  };
}

/** A node's heartbeats and counts do not change where daemons run. */
function keysForNode({ lister }: Context, change: WatchChange): readonly string[] {
  const before = change.old as Node | undefined;
  const after = change.object as Node;
  const isSame =
    change.type === 'modified' &&
    deepEqual(before?.metadata?.labels, after.metadata?.labels) &&
    deepEqual(before?.spec?.taints, after.spec?.taints);
  return isSame ? [] : [...lister(daemonSet).list()].map(keyOf);
}

function keysForPod({ state }: Context, change: WatchChange): readonly string[] {
  const current = change.object as Pod;
  trackOrphan(state.orphans, current, change.type === 'deleted');
  const owner = controllerRefOf(current);
  if (owner?.kind !== 'DaemonSet') return [];
  const key = `${namespaceOf(current)}/${owner.name}`;
  if (change.type === 'added') createSeen(state.expectations, key, metaOf(current).uid);
  if (change.type === 'deleted' || isDeleting(current)) deleteSeen(state.expectations, key, metaOf(current).uid);
  return [key];
}

function manage(context: Context, input: RollingInput): ApiError | undefined {
  const { set } = input;
  const plan = planDaemons(input);
  for (const broken of plan.failed) {
    context.event(
      set,
      'Warning',
      'FailedDaemonPod',
      `Found failed daemon pod ${keyOf(broken)} on node ${nodeOf(broken) ?? ''}, will try to kill it`,
    );
  }
  const isBusy = plan.create.length + plan.remove.length + plan.failed.length > 0;
  const rolling = !isBusy && set.spec?.updateStrategy?.type !== 'OnDelete' ? planRollingUpdate(input) : [];
  const failed = create(context, input, plan.create);
  for (const surplus of [...plan.remove, ...plan.failed, ...rolling]) removePod(context, set, surplus);
  return failed;
}

function templateOf({ set, hash }: DaemonInput & { readonly hash: string }): V1PodTemplateSpec {
  const template = set.spec?.template ?? {};
  const labels = { ...template.metadata?.labels, [revisionLabel]: hash, [generationLabel]: String(metaOf(set).generation ?? 1) };
  return { ...template, metadata: { ...template.metadata, labels } };
}

function create(context: Context, input: RollingInput, nodes: readonly string[]): ApiError | undefined {
  const { set } = input;
  if (nodes.length === 0) return undefined;
  const expectation = expectationOf(context.state.expectations, keyOf(set), context.now);
  const template = templateOf(input);
  for (const name of nodes) {
    try {
      const created = metaOf(context.client.create(pod, podFromTemplate(daemonSet, set, templateForNode(template, name))));
      if (context.lister(pod).get(namespaceOf(set), created.name)?.metadata?.uid !== created.uid) expectation.creates.add(created.uid);
      context.event(set, 'Normal', 'SuccessfulCreate', `Created pod: ${created.name}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      context.event(set, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
      return error;
    }
  }
  return undefined;
}

function removePod(context: Context, set: DaemonSet, surplus: Pod): void {
  const { name, uid } = metaOf(surplus);
  context.client.remove(pod, namespaceOf(surplus), name, { preconditions: { uid } });
  const seen = context.lister(pod).get(namespaceOf(surplus), name);
  if (seen?.metadata?.uid === uid && !isDeleting(seen)) expectationOf(context.state.expectations, keyOf(set), context.now).deletes.add(uid);
  context.event(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
}

function nextLook({ now }: Context, { spec }: DaemonSet, pods: readonly Pod[]): ReconcileResult {
  const waits = pods.map((each) => availableIn(each, spec?.minReadySeconds ?? 0, now)).filter((wait) => wait !== undefined && wait > 0);
  return waits.length === 0 ? done : again(Math.min(...(waits as readonly number[])));
}

function report(context: Context, set: DaemonSet, pods: readonly Pod[], failed: ApiError | undefined): void {
  const about = refTo(daemonSet, set);
  context.finding(about, 'create', failed && `cannot create pods: ${failed.message}`);
  const unready = pods.filter((each) => !isReady(each));
  context.finding(
    about,
    'replicas',
    unready.length > 0 ? `${unready.length} of ${pods.length} pods are not ready` : undefined,
    refsTo(pod, unready),
  );
}
