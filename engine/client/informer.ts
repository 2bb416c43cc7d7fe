import type { ApiObject } from '../kinds/define-kind.ts';

/** A process's cached view of one resource. It may lag behind the API; objects are frozen. */
export interface Lister<T extends ApiObject> {
  get(namespace: string, name: string): T | undefined;
  /** `namespace/name`, or `name` for cluster-scoped objects. */
  byKey(key: string): T | undefined;
  list(): Iterable<T>;
  readonly size: number;
  inNamespace(namespace: string): Iterable<T>;
  /** Objects whose controlling owner has the uid. */
  ownedBy(uid: string): Iterable<T>;
  /** Pods bound to the node. */
  onNode(node: string): Iterable<T>;
}
