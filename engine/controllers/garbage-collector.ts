import { type ControllerContext, type ControllerDefinition, done, keyOf } from '../client/controller.ts';
import type { WatchChange } from '../client/process.ts';
import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';
import type { V1OwnerReference } from '../schema/generated/models.ts';
import { forget, type OwnerGraph, track } from './owner-graph.ts';
import { isDeleting, metaOf, namespaceOf, refTo } from './stored-object.ts';

type Context = ControllerContext<OwnerGraph>;

const foregroundFinalizer = 'foregroundDeletion';
const orphanFinalizer = 'orphan';

/** Deletes what lost all its owners, and sees foreground and orphaning deletions through. Kubernetes: pkg/controller/garbagecollector (1.36). */
export function garbageCollector(kinds: readonly AnyKind[]): ControllerDefinition<OwnerGraph> {
  // Events are short-lived and never owned.
  const followed = kinds.filter(({ kind }) => kind !== 'Event');
  const byId = new Map(followed.map((kind) => [kindId(kind.group, kind.kind), kind]));
  return {
    name: 'generic-garbage-collector',
    watches: followed.map((kind) => ({ kind, enqueue: (context: Context, change: WatchChange) => keysFor(context, byId, kind, change) })),
    initialState: () => ({ dependents: new Map() }),

    reconcile(context, id) {
      const item = findItem(context, byId, id);
      if (!item) return done;
      if (isDeleting(item.object)) finishDeletion(context, byId, item);
      else if (item.object.metadata?.ownerReferences?.length) collect(context, byId, item);
      return done;
    },
  };
}

type Kinds = ReadonlyMap<string, AnyKind>;

interface Item {
  readonly id: string;
  readonly kind: AnyKind;
  readonly object: ApiObject;
}

function kindId(group: string, kind: string): string {
  return `${group}/${kind}`;
}

/** `apps/ReplicaSet default/web-1`: group, kind, key. */
function itemId(kind: AnyKind, object: ApiObject): string {
  return `${kindId(kind.group, kind.kind)} ${keyOf(object)}`;
}

function findItem(context: Context, kinds: Kinds, id: string): Item | undefined {
  const space = id.indexOf(' ');
  const kind = kinds.get(id.slice(0, space));
  const object: ApiObject | undefined = kind && context.lister(kind).byKey(id.slice(space + 1));
  return kind && object ? { id, kind, object } : undefined;
}

/** The owner that a reference means, as the cache shows it. */
function cachedOwner(context: Context, kinds: Kinds, dependent: ApiObject, owner: V1OwnerReference): Item | undefined {
  const kind = kindOfOwner(kinds, owner);
  if (!kind) return undefined;
  const object: ApiObject | undefined = context.lister(kind).get(kind.namespaced ? namespaceOf(dependent) : '', owner.name);
  return object && metaOf(object).uid === owner.uid ? { id: itemId(kind, object), kind, object } : undefined;
}

function kindOfOwner(kinds: Kinds, { apiVersion, kind }: V1OwnerReference): AnyKind | undefined {
  const slash = apiVersion.indexOf('/');
  return kinds.get(kindId(slash < 0 ? '' : apiVersion.slice(0, slash), kind));
}

function keysFor(context: Context, kinds: Kinds, kind: AnyKind, change: WatchChange): readonly string[] {
  const { object, old } = change;
  const id = itemId(kind, object);
  const owners = object.metadata?.ownerReferences ?? [];
  if (change.type === 'deleted') {
    const orphaned = [...(context.state.dependents.get(metaOf(object).uid)?.keys() ?? [])];
    context.state.dependents.delete(metaOf(object).uid);
    forget(context.state, id, owners);
    return [...orphaned, ...deletingOwners(context, kinds, object)];
  }
  const isNew = old === undefined || metaOf(old).uid !== metaOf(object).uid;
  if (isNew || old.metadata?.ownerReferences !== object.metadata?.ownerReferences)
    track(context.state, id, owners, old?.metadata?.ownerReferences ?? []);
  if (isDeleting(object)) return needsFinishing(object) ? [id] : [];
  if (owners.length === 0 || !(isNew || old?.metadata?.ownerReferences !== object.metadata?.ownerReferences)) return [];
  const isSuspect = owners.some((owner) => {
    const cached = cachedOwner(context, kinds, object, owner);
    return !cached || isDeleting(cached.object);
  });
  return isSuspect ? [id, ...deletingOwners(context, kinds, object)] : [];
}

function needsFinishing(object: ApiObject): boolean {
  const finalizers = object.metadata?.finalizers;
  return finalizers !== undefined && (finalizers.includes(foregroundFinalizer) || finalizers.includes(orphanFinalizer));
}

/** Owners that wait for this dependent before they go. */
function deletingOwners(context: Context, kinds: Kinds, object: ApiObject): readonly string[] {
  const ids: string[] = [];
  for (const owner of object.metadata?.ownerReferences ?? []) {
    const cached = cachedOwner(context, kinds, object, owner);
    if (cached && isDeleting(cached.object)) ids.push(cached.id);
  }
  return ids;
}

export type OwnerState = 'solid' | 'dangling' | 'waiting';

export interface CollectPlan {
  /** References to take out, because another owner still holds the object. */
  readonly drop: readonly V1OwnerReference[];
  readonly remove: boolean;
  /** Deletes in the foreground: an owner waits for this object, and this object has dependents of its own. */
  readonly foreground: boolean;
}

/** One owner that is alive is enough to live on. */
export function planCollect(
  owners: readonly V1OwnerReference[],
  stateOf: (owner: V1OwnerReference) => OwnerState,
  hasDependents: boolean,
): CollectPlan {
  const states = owners.map((owner) => ({ owner, state: stateOf(owner) }));
  const gone = states.filter(({ state }) => state !== 'solid').map(({ owner }) => owner);
  if (gone.length < owners.length) return { drop: gone, remove: false, foreground: false };
  return { drop: [], remove: true, foreground: hasDependents && states.some(({ state }) => state === 'waiting') };
}

function collect(context: Context, kinds: Kinds, { id, kind, object }: Item): void {
  const { name, uid } = metaOf(object);
  const owners = object.metadata?.ownerReferences ?? [];
  const plan = planCollect(
    owners,
    (owner) => ownerState(context, kinds, object, owner),
    (context.state.dependents.get(uid)?.size ?? 0) > 0,
  );
  if (plan.drop.length > 0) dropOwners(context, { kind, object, id }, new Set(plan.drop.map((owner) => owner.uid)));
  if (!plan.remove) return;
  context.client.remove(kind, namespaceOf(object), name, {
    preconditions: { uid },
    propagationPolicy: plan.foreground ? 'Foreground' : policyOf(object),
  });
}

function policyOf(object: ApiObject): 'Orphan' | 'Foreground' | 'Background' {
  const finalizers = object.metadata?.finalizers ?? [];
  if (finalizers.includes(orphanFinalizer)) return 'Orphan';
  return finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background';
}

function ownerState(context: Context, kinds: Kinds, dependent: ApiObject, owner: V1OwnerReference): OwnerState {
  const kind = kindOfOwner(kinds, owner);
  // An owner of a kind that nobody serves cannot be judged, so nothing is deleted because of it.
  if (!kind) return 'solid';
  const cached = cachedOwner(context, kinds, dependent, owner)?.object;
  // The cache may be behind in both directions; absence is only believed from the API.
  const object: ApiObject | undefined = cached ?? context.client.find(kind, kind.namespaced ? namespaceOf(dependent) : '', owner.name);
  if (!object || metaOf(object).uid !== owner.uid) return 'dangling';
  return isDeleting(object) && (object.metadata?.finalizers ?? []).includes(foregroundFinalizer) ? 'waiting' : 'solid';
}

function finishDeletion(context: Context, kinds: Kinds, item: Item): void {
  const finalizers = item.object.metadata?.finalizers ?? [];
  if (finalizers.includes(orphanFinalizer)) {
    for (const dependent of dependentsOf(context, kinds, item)) dropOwners(context, dependent, new Set([metaOf(item.object).uid]));
    dropFinalizer(context, item, orphanFinalizer);
  }
  if (finalizers.includes(foregroundFinalizer)) deleteForeground(context, kinds, item);
}

/** The owner goes when none of the dependents that block it is left. */
function deleteForeground(context: Context, kinds: Kinds, item: Item): void {
  const { uid } = metaOf(item.object);
  const dependents = dependentsOf(context, kinds, item);
  const blocking = dependents.filter(({ object }) =>
    object.metadata?.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
  );
  const about = refTo(item.kind, item.object);
  if (blocking.length === 0) {
    context.finding(about, 'deletion', undefined);
    dropFinalizer(context, item, foregroundFinalizer);
    return;
  }
  context.finding(
    about,
    'deletion',
    `waits for ${blocking.length} dependents to be deleted`,
    blocking.slice(0, 10).map(({ kind, object }) => refTo(kind, object)),
  );
  for (const { id, object } of dependents) if (!isDeleting(object)) context.enqueue(id);
}

function dependentsOf(context: Context, kinds: Kinds, { object }: Item): readonly Item[] {
  const items: Item[] = [];
  for (const id of context.state.dependents.get(metaOf(object).uid) ?? []) {
    const found = findItem(context, kinds, id);
    if (found) items.push(found);
  }
  return items;
}

function dropOwners(context: Context, { kind, object }: Item, uids: ReadonlySet<string>): void {
  const { name, uid } = metaOf(object);
  context.client.modify<ApiObject>(kind, namespaceOf(object), name, (draft) => {
    if (draft.metadata?.uid !== uid) return;
    const rest = (draft.metadata.ownerReferences ?? []).filter((owner) => !uids.has(owner.uid));
    if (rest.length === 0) delete draft.metadata.ownerReferences;
    else draft.metadata.ownerReferences = rest;
  });
}

function dropFinalizer(context: Context, { kind, object }: Item, finalizer: string): void {
  const { name, uid } = metaOf(object);
  context.client.modify<ApiObject>(kind, namespaceOf(object), name, (draft) => {
    if (draft.metadata?.uid === uid) draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((entry) => entry !== finalizer);
  });
}
