import type { AnyKind, ApiObject, Cluster } from '#engine';
import type { ComponentView, EventView, HopView, ObjectRef, ObjectView, TraceView } from '../../gateway/protocol.ts';
import type { ClusterDelta } from '../cluster-messages.ts';
import { serviceNameLabel } from '../views/kubernetes-object.ts';
import { isShown, refOf, viewComponent, viewEvent, viewObject, viewTrace } from './cluster-views.ts';

/** Most steps and events that one update carries; a burst of more is seen in the state anyway. */
const maxSteps = 400;

interface Touched {
  readonly kind: AnyKind;
  readonly ref: ObjectRef;
  /** Absent once the object is gone. */
  object: ApiObject | undefined;
}

/** Collects what happens in a cluster between two looks: each object once, in its newest state. */
export class ChangeCollector {
  readonly #cluster: Cluster;
  readonly #kinds = new Map<string, AnyKind>();
  readonly #touched = new Map<string, Touched>();
  readonly #events = new Map<string, EventView>();
  #trace: TraceView[] = [];
  #hops: HopView[] = [];
  #components: string;
  /** A cluster that was turned back is looked at no more. */
  #isLive = true;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#components = JSON.stringify(this.#readComponents());
    for (const kind of cluster.api.kinds.all) this.#kinds.set(kind.storagePrefix, kind);
    cluster.api.store.onEvent(({ key, current, previous }) => {
      if (this.#isLive) this.#note(key, (current ?? previous)?.value as ApiObject, current === undefined);
    });
    cluster.trace.onEntry((entry) => {
      if (!this.#isLive) return;
      this.#trace.push(viewTrace(entry));
      if (this.#trace.length > 2 * maxSteps) this.#trace = this.#trace.slice(-maxSteps);
    });
  }

  stop(): void {
    this.#isLive = false;
  }

  addHops(hops: readonly HopView[]): void {
    this.#hops.push(...hops);
  }

  /** A node's machine changed without a word to the API. */
  touchNode(name: string): void {
    const stored = this.#cluster.api.store.get(`/registry/minions/${name}`);
    if (stored) this.#note(stored.key, stored.value as ApiObject, false);
  }

  /** What changed since the last call. */
  take(): Omit<ClusterDelta, 'clock' | 'ticks'> | undefined {
    const changed: ObjectView[] = [];
    const removed: ObjectRef[] = [];
    for (const { kind, ref, object } of this.#touched.values()) {
      if (object) changed.push(viewObject(this.#cluster, kind, object));
      else removed.push(ref);
    }
    const events = [...this.#events.values()];
    const trace = this.#trace.slice(-maxSteps);
    const hops = this.#hops;
    const components = this.#changedComponents();
    this.#touched.clear();
    this.#events.clear();
    this.#trace = [];
    this.#hops = [];
    if (changed.length + removed.length + events.length + trace.length + hops.length === 0 && !components) return undefined;
    return {
      ...(changed.length > 0 && { changed }),
      ...(removed.length > 0 && { removed }),
      ...(events.length > 0 && { events }),
      ...(trace.length > 0 && { trace }),
      ...(hops.length > 0 && { hops }),
      ...(components && { components }),
    };
  }

  #note(key: string, object: ApiObject, isGone: boolean): void {
    const kind = this.#kinds.get(
      key.startsWith('/registry/services/specs/') ? '/registry/services/specs' : key.slice(0, key.indexOf('/', '/registry/'.length)),
    );
    if (!kind) return;
    if (kind.kind === 'Event' && !isGone) this.#events.set(key, viewEvent(object));
    if (kind.kind === 'EndpointSlice') this.#touchService(object);
    if (isShown(kind)) this.#touched.set(key, { kind, ref: refOf(kind, object), object: isGone ? undefined : object });
  }

  /** A Service is shown with its endpoints, so a slice changes how its Service looks. */
  #touchService({ metadata }: ApiObject): void {
    const name = metadata?.labels?.[serviceNameLabel];
    const stored =
      name === undefined ? undefined : this.#cluster.api.store.get(`/registry/services/specs/${metadata?.namespace ?? ''}/${name}`);
    if (stored) this.#note(stored.key, stored.value as ApiObject, false);
  }

  #readComponents(): readonly ComponentView[] {
    return this.#cluster.components().map(viewComponent);
  }

  #changedComponents(): readonly ComponentView[] | undefined {
    const components = this.#readComponents();
    const text = JSON.stringify(components);
    if (text === this.#components) return undefined;
    this.#components = text;
    return components;
  }
}
