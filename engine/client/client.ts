import type { PatchType, RemoveOptions } from '../apiserver/request.ts';
import type { AnyKind, ApiObject, KindDefinition } from '../kinds/define-kind.ts';
import type { Mutable } from '../sim/plain.ts';

/**
 * The typed client that every component uses. All calls go through the one API pipeline, at once and synchronously, and throw `ApiError`
 * (with upstream's words) or `ConnectionRefused`. Objects that are handed in may be built from frozen parts; results are frozen and shared.
 */
export interface Client {
  get<T extends ApiObject>(kind: KindDefinition<T>, namespace: string, name: string): T;
  /** Like `get`, but an absent object is `undefined`. */
  find<T extends ApiObject>(kind: KindDefinition<T>, namespace: string, name: string): T | undefined;
  /** An empty namespace means all. Not for hot paths: components use informers. */
  list<T extends ApiObject>(
    kind: KindDefinition<T>,
    namespace?: string,
    selectors?: { readonly labelSelector?: string; readonly fieldSelector?: string },
  ): readonly T[];
  create<T extends ApiObject>(kind: KindDefinition<T>, object: T): T;
  /** A `metadata.resourceVersion` in the object makes it an optimistic update. */
  update<T extends ApiObject>(kind: KindDefinition<T>, object: T): T;
  updateStatus<T extends ApiObject>(kind: KindDefinition<T>, object: T): T;
  /** Reads the newest, lets `change` edit a copy and writes it back; tried again on a conflict. Absent objects give `undefined`. */
  modify<T extends ApiObject>(
    kind: KindDefinition<T>,
    namespace: string,
    name: string,
    change: (draft: Mutable<T>) => void,
    subresource?: 'status' | 'finalize',
  ): T | undefined;
  patch<T extends ApiObject>(
    kind: KindDefinition<T>,
    namespace: string,
    name: string,
    type: PatchType,
    patch: unknown,
    subresource?: string,
  ): T;
  /** An absent object is no error here. */
  remove(kind: AnyKind, namespace: string, name: string, options?: RemoveOptions): void;
  /** POSTs a subresource: `binding` and `eviction` of a pod. */
  createSubresource(kind: AnyKind, namespace: string, name: string, subresource: string, body: object): object;
}
