import type { ControllerContext } from '../client/controller.ts';
import { keyOf } from '../client/controller.ts';
import type { Lister } from '../client/informer.ts';
import type { AnyKind, ApiObject, KindDefinition } from '../kinds/define-kind.ts';
import { matchesSelector } from '../kinds/labels.ts';
import type { V1LabelSelector } from '../schema/generated/models.ts';
import { controllerRefOf, isDeleting, metaOf, namespaceOf, newControllerRef } from './stored-object.ts';

/** Objects without a controlling owner, by namespace: the only ones that an owner may adopt. Values are keys. */
export type Orphans = Map<string, Set<string>>;

/** Keeps the index; to be called for every change of the dependent kind. */
export function trackOrphan(orphans: Orphans, object: ApiObject, isGone: boolean): void {
  const namespace = namespaceOf(object);
  const known = orphans.get(namespace);
  if (isGone || controllerRefOf(object) !== undefined) {
    known?.delete(keyOf(object));
    if (known?.size === 0) orphans.delete(namespace);
  } else if (known) known.add(keyOf(object));
  else orphans.set(namespace, new Set([keyOf(object)]));
}

export function* orphansIn<T extends ApiObject>(orphans: Orphans, namespace: string, lister: Lister<T>): Iterable<T> {
  for (const key of orphans.get(namespace) ?? []) {
    const object = lister.byKey(key);
    if (object) yield object;
  }
}

export interface ClaimPlan<T> {
  readonly keep: readonly T[];
  readonly adopt: readonly T[];
  readonly release: readonly T[];
}

/** Decides which dependents an owner keeps, takes in and lets go. An owner that is being deleted does neither. */
export function planClaims<T extends ApiObject>(
  owner: ApiObject,
  selector: V1LabelSelector,
  owned: Iterable<T>,
  orphans: Iterable<T>,
): ClaimPlan<T> {
  const keep: T[] = [];
  const adopt: T[] = [];
  const release: T[] = [];
  for (const object of owned) {
    if (matchesSelector(selector, object.metadata?.labels)) keep.push(object);
    else if (!isDeleting(owner)) release.push(object);
  }
  if (isDeleting(owner)) return { keep, adopt, release };
  for (const object of orphans) {
    if (!isDeleting(object) && matchesSelector(selector, object.metadata?.labels)) adopt.push(object);
  }
  return { keep, adopt, release };
}

interface Claim<O extends ApiObject, T extends ApiObject> {
  readonly ownerKind: KindDefinition<O>;
  readonly owner: O;
  readonly selector: V1LabelSelector;
  readonly kind: KindDefinition<T>;
  readonly orphans: Orphans;
}

/** Carries a claim plan out and returns what the owner has afterwards. Kubernetes: pkg/controller/controller_ref_manager.go (1.36). */
export function claimDependents<O extends ApiObject, T extends ApiObject>(context: ControllerContext, claim: Claim<O, T>): readonly T[] {
  const { owner, ownerKind, kind, selector } = claim;
  const lister = context.lister(kind);
  const plan = planClaims(owner, selector, lister.ownedBy(metaOf(owner).uid), orphansIn(claim.orphans, namespaceOf(owner), lister));
  if (plan.adopt.length === 0 && plan.release.length === 0) return plan.keep;
  const adopted: T[] = [];
  if (plan.adopt.length > 0 && mayAdopt(context, ownerKind, owner)) {
    for (const object of plan.adopt) {
      const taken = adopt(context, kind, object, ownerKind, owner);
      if (taken) adopted.push(taken);
    }
  }
  for (const object of plan.release) release(context, kind, object, metaOf(owner).uid);
  return [...plan.keep, ...adopted];
}

/** The cache may not know yet that the owner is being deleted or was replaced. */
function mayAdopt<O extends ApiObject>(context: ControllerContext, kind: KindDefinition<O>, owner: O): boolean {
  const fresh = context.client.find(kind, namespaceOf(owner), metaOf(owner).name);
  return fresh !== undefined && metaOf(fresh).uid === metaOf(owner).uid && !isDeleting(fresh);
}

function adopt<T extends ApiObject>(
  context: ControllerContext,
  kind: KindDefinition<T>,
  object: T,
  ownerKind: AnyKind,
  owner: ApiObject,
): T | undefined {
  const { name, uid } = metaOf(object);
  let isTaken = false;
  const adopted = context.client.modify(kind, namespaceOf(object), name, (draft) => {
    isTaken = draft.metadata?.uid === uid && controllerRefOf(draft as ApiObject) === undefined;
    if (isTaken && draft.metadata)
      draft.metadata.ownerReferences = [...(draft.metadata.ownerReferences ?? []), { ...newControllerRef(ownerKind, owner) }];
  });
  return isTaken ? adopted : undefined;
}

function release<T extends ApiObject>(context: ControllerContext, kind: KindDefinition<T>, object: T, ownerUid: string): void {
  const { name, uid } = metaOf(object);
  context.client.modify(kind, namespaceOf(object), name, (draft) => {
    if (draft.metadata?.uid !== uid) return;
    const rest = (draft.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== ownerUid);
    if (rest.length === 0) delete draft.metadata.ownerReferences;
    else draft.metadata.ownerReferences = rest;
  });
}
