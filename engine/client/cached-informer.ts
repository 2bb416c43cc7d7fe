import type { ObjectChange } from '../apiserver/watch-hub.ts';
import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';
import type { V1Pod } from '../schema/generated/models.ts';
import { keyOf } from './controller.ts';
import type { Lister } from './informer.ts';
import type { WatchChange } from './process.ts';

type Index = Map<string, Map<string, ApiObject>>;

/** The memory of one watch of one process. Plain data. */
export interface InformerState {
  readonly objects: Map<string, ApiObject>;
  /** Indexes are made when somebody first asks for them: most watches never need theirs. */
  byOwner: Index | undefined;
  byNamespace: Index | undefined;
  byNode: Index | undefined;
  /** Changes that have left the API server but are still on their way. */
  pending: ObjectChange[];
  /** Whether a watch is open; the subscription itself is made anew after a restore. */
  isConnected: boolean;
  /** When the watch was opened, among all others. */
  order: number;
  hasListed: boolean;
}

export function informerState(): InformerState {
  return {
    objects: new Map(),
    byOwner: undefined,
    byNamespace: undefined,
    byNode: undefined,
    pending: [],
    isConnected: false,
    order: 0,
    hasListed: false,
  };
}

const nothing: readonly never[] = [];

/** Keeps a cache of one resource with its indexes. */
export class CachedInformer implements Lister<ApiObject> {
  readonly kind: AnyKind;
  readonly state: InformerState;

  constructor(kind: AnyKind, state: InformerState) {
    this.kind = kind;
    this.state = state;
  }

  get(namespace: string, name: string): ApiObject | undefined {
    return this.state.objects.get(this.kind.namespaced ? `${namespace}/${name}` : name);
  }

  byKey(key: string): ApiObject | undefined {
    return this.state.objects.get(key);
  }

  list(): Iterable<ApiObject> {
    return this.state.objects.values();
  }

  get size(): number {
    return this.state.objects.size;
  }

  inNamespace(namespace: string): Iterable<ApiObject> {
    this.state.byNamespace ??= this.#indexBy(namespaceOf);
    return this.state.byNamespace.get(namespace)?.values() ?? nothing;
  }

  ownedBy(uid: string): Iterable<ApiObject> {
    this.state.byOwner ??= this.#indexBy(ownerUid);
    return this.state.byOwner.get(uid)?.values() ?? nothing;
  }

  onNode(node: string): Iterable<ApiObject> {
    this.state.byNode ??= this.#indexBy(nodeOf);
    return this.state.byNode.get(node)?.values() ?? nothing;
  }

  /** Takes a change into the cache and says what it meant there; nothing for what the cache had already seen. */
  take({ type, object }: ObjectChange): WatchChange | undefined {
    const key = keyOf(object);
    const old = this.state.objects.get(key);
    if (type === 'DELETED') {
      if (!old) return undefined;
      this.#index(key, old, undefined);
      this.state.objects.delete(key);
      return { type: 'deleted', object, old };
    }
    if (old === object) return undefined;
    this.#index(key, old, object);
    this.state.objects.set(key, object);
    return old ? { type: 'modified', object, old } : { type: 'added', object };
  }

  #indexBy(fieldOf: (object: ApiObject) => string | undefined): Index {
    const index: Index = new Map();
    for (const [key, object] of this.state.objects) move(index, key, undefined, object, fieldOf);
    return index;
  }

  #index(key: string, old: ApiObject | undefined, next: ApiObject | undefined): void {
    const { byOwner, byNamespace, byNode } = this.state;
    if (byOwner) move(byOwner, key, old, next, ownerUid);
    if (byNamespace) move(byNamespace, key, old, next, namespaceOf);
    if (byNode) move(byNode, key, old, next, nodeOf);
  }
}

function move(
  index: Index,
  key: string,
  old: ApiObject | undefined,
  next: ApiObject | undefined,
  fieldOf: (object: ApiObject) => string | undefined,
): void {
  const before = old && fieldOf(old);
  const after = next && fieldOf(next);
  if (before !== undefined && before !== after) {
    const bucket = index.get(before);
    bucket?.delete(key);
    if (bucket?.size === 0) index.delete(before);
  }
  if (after === undefined || next === undefined) return;
  const bucket = index.get(after);
  if (bucket) bucket.set(key, next);
  else index.set(after, new Map([[key, next]]));
}

function ownerUid({ metadata }: ApiObject): string | undefined {
  return metadata?.ownerReferences?.find((owner) => owner.controller)?.uid;
}

function namespaceOf({ metadata }: ApiObject): string | undefined {
  return metadata?.namespace;
}

function nodeOf(object: ApiObject): string | undefined {
  return (object as V1Pod).spec?.nodeName || undefined;
}
