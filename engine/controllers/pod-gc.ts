import { again, type ControllerContext, type ControllerDefinition, done, keyOf, type ReconcileResult } from '../client/controller.ts';
import type { WatchChange } from '../client/process.ts';
import { type Node, node } from '../kinds/core/node.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import type { Millis } from '../sim/simulation.ts';
import { nodeCondition } from './node-health.ts';
import { hasFinished, withCondition } from './pod-state.ts';
import { byAge, isDeleting, metaOf, namespaceOf } from './stored-object.ts';

interface PodGcState {
  /** Keys of pods that have ended. */
  readonly finished: Set<string>;
  /** Since when a node has been missing. */
  readonly missingSince: Map<string, Millis>;
}
type Context = ControllerContext<PodGcState>;

/** Ended pods that may stay. Kubernetes: --terminated-pod-gc-threshold. */
const finishedLimit = 12_500;
/** How long a node must be gone before its pods are: it may come back under its name. */
const quarantineMs: Millis = 40_000;
const outOfServiceTaint = 'node.kubernetes.io/out-of-service';
const finishedKey = '@finished';

/** Removes pods that nobody will end properly any more. Kubernetes: pkg/controller/podgc (1.36). */
export const podGcController: ControllerDefinition<PodGcState> = {
  name: 'pod-garbage-collector-controller',
  watches: [
    { kind: pod, enqueue: keysForPod },
    { kind: node, enqueue: keysForNode },
  ],
  initialState: () => ({ finished: new Set(), missingSince: new Map() }),

  reconcile(context, key) {
    if (key === finishedKey) return removeFinished(context);
    const stored = context.lister(pod).byKey(key);
    if (!stored) return done;
    const host = stored.spec?.nodeName;
    if (!host) {
      if (isDeleting(stored)) removeForGood(context, stored);
      return done;
    }
    const found = context.lister(node).byKey(host);
    if (!found) return removeOrphan(context, stored, host);
    context.state.missingSince.delete(host);
    if (isDeleting(stored) && isOutOfService(found)) removeForGood(context, stored);
    return done;
  },
};

function keysForPod({ state, lister }: Context, change: WatchChange): readonly string[] {
  const current = change.object as Pod;
  const key = keyOf(current);
  if (change.type === 'deleted' || !hasFinished(current)) state.finished.delete(key);
  else state.finished.add(key);
  if (change.type === 'deleted') return [];
  const keys = state.finished.size > finishedLimit ? [finishedKey] : [];
  const host = current.spec?.nodeName;
  const found = host ? lister(node).byKey(host) : undefined;
  const isStranded = host ? !found || (isDeleting(current) && isOutOfService(found)) : isDeleting(current);
  return isStranded ? [...keys, key] : keys;
}

function keysForNode({ lister }: Context, { type, object }: WatchChange): readonly string[] {
  if (type !== 'deleted' && !isOutOfService(object as Node)) return [];
  return [...lister(pod).onNode(metaOf(object).name)].map(keyOf);
}

function isOutOfService(stored: Node): boolean {
  return nodeCondition(stored, 'Ready')?.status !== 'True' && (stored.spec?.taints ?? []).some(({ key }) => key === outOfServiceTaint);
}

function removeOrphan(context: Context, stored: Pod, host: string): ReconcileResult {
  const since = context.state.missingSince.get(host) ?? context.now;
  context.state.missingSince.set(host, since);
  const waitMs = since + quarantineMs - context.now;
  if (waitMs > 0) return again(waitMs);
  // The cache may be behind; only the API knows that a node is gone.
  if (context.client.find(node, '', host)) return done;
  removeForGood(context, stored, 'PodGC: node no longer exists');
  return done;
}

function removeForGood(context: Context, stored: Pod, because?: string): void {
  const { name, uid } = metaOf(stored);
  if (!hasFinished(stored)) {
    context.client.modify(
      pod,
      namespaceOf(stored),
      name,
      (draft) => {
        if (draft.metadata?.uid !== uid) return;
        const disruption = {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'DeletionByPodGC',
          message: because ?? '',
          lastTransitionTime: context.timestamp,
        };
        draft.status = {
          ...draft.status,
          phase: 'Failed',
          ...(because && { conditions: withCondition(draft.status?.conditions, disruption) }),
        };
      },
      'status',
    );
  }
  context.client.remove(pod, namespaceOf(stored), name, { gracePeriodSeconds: 0, preconditions: { uid } });
}

/** The oldest go first. */
function removeFinished(context: Context): ReconcileResult {
  const surplus = context.state.finished.size - finishedLimit;
  if (surplus <= 0) return done;
  const pods = [...context.state.finished].map((key) => context.lister(pod).byKey(key)).filter((found) => found !== undefined);
  for (const ended of pods.sort(byAge).slice(0, surplus)) removeForGood(context, ended);
  return done;
}
