import { again, type ControllerContext, type ControllerDefinition, done, keyOf } from '../client/controller.ts';
import type { WatchChange } from '../client/process.ts';
import { type Node, node } from '../kinds/core/node.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import { tolerates } from '../kinds/core/taints.ts';
import type { V1Taint, V1Toleration } from '../schema/generated/models.ts';
import { deepEqual } from '../sim/plain.ts';
import type { Millis } from '../sim/simulation.ts';
import { withCondition } from './pod-state.ts';
import { isDeleting, metaOf, namespaceOf, refTo } from './stored-object.ts';

interface TaintEvictionState {
  /** Pods that a taint will end, by key: since when and until when they are tolerated. */
  readonly pending: Map<string, { readonly since: Millis; readonly until: Millis }>;
}
type Context = ControllerContext<TaintEvictionState>;

/** Deletes pods from nodes whose NoExecute taints they do not tolerate, or no longer. Kubernetes: pkg/controller/tainteviction (1.36). */
export const taintEvictionController: ControllerDefinition<TaintEvictionState> = {
  name: 'taint-eviction-controller',
  watches: [
    { kind: node, enqueue: keysForNode },
    { kind: pod, enqueue: keysForPod },
  ],
  initialState: () => ({ pending: new Map() }),

  reconcile(context, key) {
    const stored = context.lister(pod).byKey(key);
    if (!stored || isDeleting(stored)) {
      context.state.pending.delete(key);
      return done;
    }
    const host = context.lister(node).byKey(stored.spec?.nodeName ?? '');
    const tolerance = toleranceOf(noExecuteTaints(host), stored.spec?.tolerations ?? []);
    if (tolerance.kind === 'for ever') {
      cancel(context, key, stored);
      return done;
    }
    const since = context.state.pending.get(key)?.since ?? context.now;
    const until = since + tolerance.ms;
    if (until <= context.now) {
      evict(context, key, stored);
      return done;
    }
    context.state.pending.set(key, { since, until });
    const taints = noExecuteTaints(host)
      .map((taint) => taint.key)
      .join(', ');
    context.finding(refTo(pod, stored), 'eviction', `tolerates ${taints} for ${tolerance.ms / 1000} s`, host ? [refTo(node, host)] : []);
    return again(until - context.now);
  },
};

export type Tolerance = { readonly kind: 'for ever' } | { readonly kind: 'for'; readonly ms: Millis };

/** How long a pod may stay: as long as the least patient of the tolerations that it needs. */
export function toleranceOf(taints: readonly V1Taint[], tolerations: readonly V1Toleration[]): Tolerance {
  let ms: Millis | undefined;
  for (const taint of taints) {
    const matching = tolerations.filter((toleration) => tolerates(toleration, taint));
    if (matching.length === 0) return { kind: 'for', ms: 0 };
    for (const { tolerationSeconds } of matching) {
      if (tolerationSeconds === undefined) continue;
      const limit = Math.max(0, tolerationSeconds) * 1000;
      ms = ms === undefined ? limit : Math.min(ms, limit);
    }
  }
  return ms === undefined ? { kind: 'for ever' } : { kind: 'for', ms };
}

function noExecuteTaints(host: Node | undefined): readonly V1Taint[] {
  return host?.spec?.taints?.filter(({ effect }) => effect === 'NoExecute') ?? [];
}

function keysForNode({ lister }: Context, { object, old, type }: WatchChange): readonly string[] {
  if (type === 'deleted' || deepEqual(noExecuteTaints(object as Node), noExecuteTaints(old as Node | undefined))) return [];
  return [...lister(pod).onNode(metaOf(object).name)].map(keyOf);
}

function keysForPod({ state, lister }: Context, { object, old, type }: WatchChange): readonly string[] {
  const current = object as Pod;
  const key = keyOf(current);
  if (type === 'deleted') return state.pending.has(key) ? [key] : [];
  const isNews =
    old?.metadata?.uid !== metaOf(current).uid || (old as Pod).spec !== current.spec || isDeleting(old) !== isDeleting(current);
  if (!isNews || !current.spec?.nodeName) return [];
  return noExecuteTaints(lister(node).byKey(current.spec.nodeName)).length > 0 || state.pending.has(key) ? [key] : [];
}

function cancel(context: Context, key: string, stored: Pod): void {
  if (!context.state.pending.delete(key)) return;
  context.finding(refTo(pod, stored), 'eviction', undefined);
  context.event(stored, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`);
}

function evict(context: Context, key: string, stored: Pod): void {
  const { name, uid } = metaOf(stored);
  context.state.pending.delete(key);
  context.event(stored, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`);
  markDisrupted(context, stored, { reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint' });
  context.client.remove(pod, namespaceOf(stored), name, { preconditions: { uid } });
}

/** Says on the pod itself that it did not end by its own fault. */
export function markDisrupted(
  context: ControllerContext,
  stored: Pod,
  { reason, message }: { readonly reason: string; readonly message: string },
): void {
  context.client.modify(
    pod,
    namespaceOf(stored),
    metaOf(stored).name,
    (draft) => {
      if (draft.metadata?.uid !== metaOf(stored).uid) return;
      const next = { type: 'DisruptionTarget', status: 'True', reason, message, lastTransitionTime: context.timestamp };
      draft.status = { ...draft.status, conditions: withCondition(draft.status?.conditions, next) };
    },
    'status',
  );
}
