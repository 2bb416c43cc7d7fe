import { type AnyKind, type ApiObject, apiVersionOf } from '../kinds/define-kind.ts';
import type { V1ObjectMeta, V1OwnerReference } from '../schema/generated/models.ts';
import { invariant } from '../sim/invariant.ts';
import type { ObjectRef } from '../sim/object-ref.ts';

/** The metadata that every stored object has. */
export interface StoredMeta extends V1ObjectMeta {
  readonly name: string;
  readonly uid: string;
  readonly creationTimestamp: string;
}

export function metaOf(object: ApiObject): StoredMeta {
  invariant(object.metadata?.uid !== undefined, 'controllers: object without uid');
  return object.metadata as StoredMeta;
}

export function namespaceOf(object: ApiObject): string {
  return object.metadata?.namespace ?? '';
}

export function isDeleting(object: ApiObject): boolean {
  return object.metadata?.deletionTimestamp !== undefined;
}

export function refTo(kind: AnyKind, object: ApiObject): ObjectRef {
  const { name, namespace } = metaOf(object);
  return { apiVersion: apiVersionOf(kind), kind: kind.kind, ...(namespace !== undefined && { namespace }), name };
}

export function refsTo(kind: AnyKind, objects: Iterable<ApiObject>, max = 10): readonly ObjectRef[] {
  const refs: ObjectRef[] = [];
  for (const object of objects) {
    if (refs.length === max) break;
    refs.push(refTo(kind, object));
  }
  return refs;
}

/** The reference with `controller: true`, if there is one. */
export function controllerRefOf(object: ApiObject): V1OwnerReference | undefined {
  const owners = object.metadata?.ownerReferences;
  if (owners === undefined) return undefined;
  for (const owner of owners) if (owner.controller === true) return owner;
  return undefined;
}

/** The reference that makes `owner` the controlling owner. */
export function newControllerRef(kind: AnyKind, owner: ApiObject): V1OwnerReference {
  const { name, uid } = metaOf(owner);
  return { apiVersion: apiVersionOf(kind), kind: kind.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** Oldest first; objects of one second by name. */
export function byAge(a: ApiObject, b: ApiObject): number {
  const left = metaOf(a);
  const right = metaOf(b);
  if (left.creationTimestamp !== right.creationTimestamp) return left.creationTimestamp < right.creationTimestamp ? -1 : 1;
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
