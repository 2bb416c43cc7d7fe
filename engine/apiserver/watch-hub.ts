import type { Store, StoreEvent } from '../etcd/store.ts';
import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';
import type { V1Pod } from '../schema/generated/models.ts';
import type { CauseId } from '../sim/simulation.ts';
import type { Matcher } from './selectors.ts';

/** A change of one object as a watcher gets it. */
export interface ObjectChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: ApiObject;
  readonly revision: number;
  readonly cause: CauseId;
}

export interface Subscription {
  readonly kind: AnyKind;
  /** Empty means all. */
  readonly namespace: string;
  /** Only pods bound to this node; looked up by index, because every kubelet has such a watch. */
  readonly nodeName?: string;
  readonly matches?: Matcher;
  /** Its place among the others: whoever watches longer is told first, after a restore as well. Views need none. */
  readonly order?: number;
  deliver(change: ObjectChange): void;
}

interface ResourceSubscriptions {
  readonly general: Subscription[];
  readonly byNode: Map<string, Subscription[]>;
}

/** Hands store events to those who watch. */
export class WatchHub {
  readonly #resources = new Map<string, ResourceSubscriptions>();

  constructor(store: Store) {
    store.onEvent((event) => this.#dispatch(event));
  }

  subscribe(subscription: Subscription): () => void {
    const prefix = subscription.kind.storagePrefix;
    let resource = this.#resources.get(prefix);
    if (!resource) {
      resource = { general: [], byNode: new Map() };
      this.#resources.set(prefix, resource);
    }
    let target = resource.general;
    if (subscription.nodeName !== undefined) {
      target = resource.byNode.get(subscription.nodeName) ?? [];
      resource.byNode.set(subscription.nodeName, target);
    }
    insert(target, subscription);
    return () => remove(target, subscription);
  }

  #dispatch(event: StoreEvent): void {
    const resource = this.#resources.get(prefixOf(event.key));
    if (!resource) return;
    const current = event.current?.value as ApiObject | undefined;
    const previous = event.previous?.value as ApiObject | undefined;
    for (const subscription of resource.general) notify(subscription, event, current, previous);
    if (resource.byNode.size === 0) return;
    const node = (current as V1Pod | undefined)?.spec?.nodeName;
    const oldNode = (previous as V1Pod | undefined)?.spec?.nodeName;
    const onNode = (name: string) => (object: ApiObject) => (object as V1Pod).spec?.nodeName === name;
    if (node) for (const subscription of resource.byNode.get(node) ?? []) notify(subscription, event, current, previous, onNode(node));
    if (oldNode && oldNode !== node)
      for (const subscription of resource.byNode.get(oldNode) ?? []) notify(subscription, event, current, previous, onNode(oldNode));
  }
}

const last = Number.POSITIVE_INFINITY;

function insert(list: Subscription[], subscription: Subscription): void {
  const at = list.findIndex((other) => (other.order ?? last) > (subscription.order ?? last));
  list.splice(at < 0 ? list.length : at, 0, subscription);
}

function remove(list: Subscription[], subscription: Subscription): void {
  const at = list.indexOf(subscription);
  if (at >= 0) list.splice(at, 1);
}

function notify(
  subscription: Subscription,
  event: StoreEvent,
  current: ApiObject | undefined,
  previous: ApiObject | undefined,
  also?: Matcher,
): void {
  const matches = (object: ApiObject | undefined): boolean =>
    object !== undefined &&
    (subscription.namespace === '' || object.metadata?.namespace === subscription.namespace) &&
    (subscription.matches?.(object) ?? true) &&
    (also?.(object) ?? true);
  const isIn = matches(current);
  const wasIn = matches(previous);
  const { revision, cause } = event;
  if (isIn) subscription.deliver({ type: wasIn ? 'MODIFIED' : 'ADDED', object: current as ApiObject, revision, cause });
  // A watcher is handed the last state that it could see, stamped with the revision of the change that took it away.
  else if (wasIn) subscription.deliver({ type: 'DELETED', object: stampRevision(previous as ApiObject, revision), revision, cause });
}

function stampRevision(object: ApiObject, revision: number): ApiObject {
  return Object.freeze({ ...object, metadata: Object.freeze({ ...object.metadata, resourceVersion: String(revision) }) });
}

/** `/registry/pods` for `/registry/pods/default/web`; Services have a prefix of three segments. */
function prefixOf(key: string): string {
  if (key.startsWith('/registry/services/specs/')) return '/registry/services/specs';
  return key.slice(0, key.indexOf('/', '/registry/'.length));
}
