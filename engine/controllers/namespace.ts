import { again, type ControllerContext, type ControllerDefinition, done, type ReconcileResult } from '../client/controller.ts';
import { type Namespace, namespace } from '../kinds/core/namespace.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { type AnyKind, type ApiObject, apiVersionOf } from '../kinds/define-kind.ts';
import type { V1NamespaceCondition } from '../schema/generated/models.ts';
import { deepEqual } from '../sim/plain.ts';
import { withCondition } from './pod-state.ts';
import { isDeleting, metaOf, refTo } from './stored-object.ts';

type Context = ControllerContext;
const finalizer = 'kubernetes';

/** What is left in a namespace that is being deleted: per kind, oldest listing order. */
export interface Remains {
  readonly kind: AnyKind;
  readonly objects: readonly ApiObject[];
}

/** Empties a namespace that is being deleted, then lets it go. Kubernetes: pkg/controller/namespace (1.36). */
export function namespaceController(kinds: readonly AnyKind[]): ControllerDefinition {
  const contents = kinds.filter(({ namespaced }) => namespaced);
  return {
    name: 'namespace-controller',
    watches: [{ kind: namespace, enqueue: 'self' }],
    initialState: () => ({}),
    reconcile(context, key) {
      const object = context.lister(namespace).byKey(key);
      if (!object || !isDeleting(object) || !(object.spec?.finalizers ?? []).includes(finalizer)) return done;
      return emptyNamespace(context, object, contents);
    },
  };
}

function emptyNamespace(context: Context, object: Namespace, kinds: readonly AnyKind[]): ReconcileResult {
  const { name } = metaOf(object);
  for (const kind of kinds) {
    for (const content of context.client.list(kind, name)) {
      if (!isDeleting(content)) context.client.remove(kind, name, metaOf(content).name, { propagationPolicy: 'Background' });
    }
  }
  const remains = kinds.map((kind) => ({ kind, objects: context.client.list(kind, name) })).filter(({ objects }) => objects.length > 0);
  const conditions = planConditions(object.status?.conditions, remains, context.timestamp);
  if (!deepEqual(conditions, object.status?.conditions)) {
    context.client.modify(
      namespace,
      '',
      name,
      (draft) => {
        draft.status = { ...draft.status, conditions: conditions.map((condition) => ({ ...condition })) };
      },
      'status',
    );
  }
  report(context, object, remains);
  if (remains.length > 0) return again(waitFor(remains));
  finalize(context, name);
  return done;
}

/** Half of the longest grace period that is left, as upstream waits. */
function waitFor(remains: readonly Remains[]): number {
  let graceSeconds = 0;
  for (const { kind, objects } of remains) {
    if (kind.kind !== 'Pod') continue;
    for (const pod of objects as readonly Pod[]) {
      graceSeconds = Math.max(graceSeconds, pod.metadata?.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 0);
    }
  }
  return (Math.floor(graceSeconds / 2) + 1) * 1000;
}

/** Takes the controller's mark off; the API server then removes the namespace. */
function finalize(context: Context, name: string): void {
  context.client.modify(
    namespace,
    '',
    name,
    (draft) => {
      if (draft.metadata?.deletionTimestamp === undefined) return;
      draft.spec = { ...draft.spec, finalizers: (draft.spec?.finalizers ?? []).filter((entry) => entry !== finalizer) };
    },
    'finalize',
  );
}

/** The five conditions of a namespace on its way out. */
export function planConditions(
  before: readonly V1NamespaceCondition[] | undefined,
  remains: readonly Remains[],
  timestamp: string,
): readonly V1NamespaceCondition[] {
  const finalizers = countFinalizers(remains);
  const left = remains.map(({ kind, objects }) => `${resourceName(kind)} has ${objects.length} resource instances`).sort();
  const blocked = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`).sort();
  const conditions: readonly (readonly [string, boolean, string, string])[] = [
    ['NamespaceDeletionDiscoveryFailure', false, 'ResourcesDiscovered', 'All resources successfully discovered'],
    ['NamespaceDeletionGroupVersionParsingFailure', false, 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
    ['NamespaceDeletionContentFailure', false, 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
    left.length > 0
      ? ['NamespaceContentRemaining', true, 'SomeResourcesRemain', `Some resources are remaining: ${left.join(', ')}`]
      : ['NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'],
    blocked.length > 0
      ? [
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${blocked.join(', ')}`,
        ]
      : ['NamespaceFinalizersRemaining', false, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
  ];
  let next: readonly V1NamespaceCondition[] = before ?? [];
  for (const [type, isTrue, reason, message] of conditions) {
    next = withCondition(next, { type, status: isTrue ? 'True' : 'False', lastTransitionTime: timestamp, reason, message });
  }
  return next;
}

/** `pods.`, `deployments.apps`: the core group leaves the dot. */
function resourceName({ plural, group }: AnyKind): string {
  return `${plural}.${group}`;
}

function countFinalizers(remains: readonly Remains[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { objects } of remains) {
    for (const object of objects) for (const name of object.metadata?.finalizers ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function report(context: Context, object: Namespace, remains: readonly Remains[]): void {
  const about = refTo(namespace, object);
  if (remains.length === 0) {
    context.finding(about, 'deletion', undefined);
    return;
  }
  const texts = remains.map(({ kind, objects }) => `${objects.length} ${objects.length === 1 ? kind.singular : kind.plural}`);
  const see = remains.flatMap(({ kind, objects }) =>
    objects
      .slice(0, 3)
      .map((left) => ({ apiVersion: apiVersionOf(kind), kind: kind.kind, namespace: metaOf(object).name, name: metaOf(left).name })),
  );
  context.finding(about, 'deletion', `is not empty yet: ${texts.join(', ')}`, see);
}
