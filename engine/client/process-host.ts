import type { ApiServer } from '../apiserver/api-server.ts';
import type { ObjectChange } from '../apiserver/watch-hub.ts';
import { pod } from '../kinds/core/pod.ts';
import type { AnyKind, ApiObject, KindDefinition } from '../kinds/define-kind.ts';
import { invariant } from '../sim/invariant.ts';
import type { LatencyProfile } from '../sim/latency.ts';
import type { Simulation, Timer } from '../sim/simulation.ts';
import type { TraceRecorder } from '../trace/recorder.ts';
import { createApiClient } from './api-client.ts';
import { CachedInformer, type InformerState, informerState } from './cached-informer.ts';
import { keyOf } from './controller.ts';
import { type EventMemory, eventMemory } from './event-recorder.ts';
import type { Lister } from './informer.ts';
import type { ProcessContext, ProcessDefinition, ProcessHandlers, WatchSpec } from './process.ts';
import { createProcessContext } from './process-context.ts';

/** What a running process holds in memory. Plain data. */
export interface ProcessMemory {
  readonly state: object;
  readonly informers: InformerState[];
  readonly events: EventMemory;
  isSynced: boolean;
  /** Raised at each start. */
  generation: number;
}

/** The processes that run, by instance name; a process that does not run has no memory. */
export type ProcessHostState = Map<string, ProcessMemory>;

export interface ProcessHostParts {
  readonly sim: Simulation;
  readonly api: ApiServer;
  readonly trace: TraceRecorder;
  latencies(): LatencyProfile;
}

interface Running {
  readonly definition: ProcessDefinition<object>;
  readonly memory: ProcessMemory;
  readonly informers: readonly CachedInformer[];
  readonly context: ProcessContext<object>;
  readonly handlers: ProcessHandlers;
  readonly unsubscribe: (() => void)[];
}

/** Runs the cluster's processes: starts and stops them, feeds their caches, hands them their timers. */
export class ProcessHost {
  readonly state: ProcessHostState;
  readonly #parts: ProcessHostParts;
  readonly #definitions = new Map<string, ProcessDefinition<object>>();
  readonly #running = new Map<string, Running>();

  constructor(state: ProcessHostState, parts: ProcessHostParts) {
    this.state = state;
    this.#parts = parts;
  }

  /** Makes a process known. One that has memory already (after a restore) goes on running. */
  define<S extends object>(definition: ProcessDefinition<S>): void {
    const general = definition as unknown as ProcessDefinition<object>;
    this.#definitions.set(definition.name, general);
    const memory = this.state.get(definition.name);
    if (memory) this.#revive(general, memory);
  }

  undefine(name: string): void {
    this.stop(name);
    this.#definitions.delete(name);
  }

  isRunning(name: string): boolean {
    return this.#running.has(name);
  }

  isDefined(name: string): boolean {
    return this.#definitions.has(name);
  }

  /** The state of a running process, for those who look at it from outside. */
  stateOf(name: string): object | undefined {
    return this.state.get(name)?.state;
  }

  start(name: string): void {
    if (this.#running.has(name)) return;
    const definition = this.#definitions.get(name);
    invariant(definition, `process ${name} is not defined`);
    const memory: ProcessMemory = {
      state: definition.initialState(),
      informers: definition.watches.map(informerState),
      events: eventMemory(),
      isSynced: false,
      generation: 0,
    };
    this.state.set(name, memory);
    const running = this.#assemble(definition, memory);
    running.handlers.onStart?.();
    this.#connect(running);
  }

  stop(name: string): void {
    const running = this.#running.get(name);
    if (!running) return;
    running.handlers.onStop?.();
    for (const unsubscribe of running.unsubscribe) unsubscribe();
    this.#parts.sim.cancelTimers(name);
    this.#running.delete(name);
    this.state.delete(name);
  }

  /** The API server is gone: every watch breaks off. Caches stay as they are. */
  disconnectAll(): void {
    for (const running of this.#inOrder()) {
      for (const unsubscribe of running.unsubscribe.splice(0)) unsubscribe();
      for (const informer of running.informers) informer.state.isConnected = false;
    }
  }

  /** The API server is back: clients come back within their back-off. */
  reconnectAll(): void {
    for (const running of this.#inOrder()) {
      if (running.informers.every((informer) => informer.state.isConnected)) continue;
      this.#parts.sim.setTimer(running.definition.name, connectKey, running.context.latency('reconnect'));
    }
  }

  /** Running processes by their start, which the state remembers and this host may not: it was perhaps made by a restore. */
  #inOrder(): readonly Running[] {
    return [...this.state.keys()].flatMap((name) => this.#running.get(name) ?? []);
  }

  /** Runs the handler of a timer that belongs to a process. */
  dispatch(timer: Timer): boolean {
    const running = this.#running.get(timer.process);
    if (!running) return false;
    if (timer.key === connectKey) this.#connect(running);
    else if (timer.key.startsWith(deliverKey)) this.#deliver(running, Number(timer.key.slice(deliverKey.length)));
    else running.handlers.onTimer(timer.key, timer.payload);
    return true;
  }

  #assemble(definition: ProcessDefinition<object>, memory: ProcessMemory): Running {
    const informers = definition.watches.map((watch, index) => new CachedInformer(watch.kind, memory.informers[index] as InformerState));
    const client = createApiClient(this.#parts.api, { name: definition.user, groups: definition.groups }, definition.name);
    const context = createProcessContext({
      ...this.#parts,
      definition,
      memory,
      client,
      lister: (kind) => listerOf(definition, informers, kind),
    });
    const running: Running = { definition, memory, informers, context, handlers: definition.create(context), unsubscribe: [] };
    this.#running.set(definition.name, running);
    return running;
  }

  /** After a restore: the same memory, new handlers, open watches subscribed again. */
  #revive(definition: ProcessDefinition<object>, memory: ProcessMemory): void {
    const running = this.#assemble(definition, memory);
    running.informers.forEach((informer, index) => {
      if (informer.state.isConnected) this.#subscribe(running, index);
    });
  }

  /** Lists and watches, as a reflector does: the cache is brought to what the API holds, then follows. */
  #connect(running: Running): void {
    if (!this.#parts.api.isAvailable) return;
    running.definition.watches.forEach((watch, index) => {
      const informer = running.informers[index] as CachedInformer;
      if (informer.state.isConnected) return;
      informer.state.pending = listChanges(this.#parts.api, watch, informer, this.#parts.sim.cause);
      informer.state.isConnected = true;
      // Drawn from the counter that orders timers, because it is part of every snapshot.
      informer.state.order = this.#parts.sim.state.seq++;
      this.#subscribe(running, index);
      this.#parts.sim.setTimer(running.definition.name, `${deliverKey}${index}`, running.context.latency('watch'));
    });
  }

  #subscribe(running: Running, index: number): void {
    const watch = running.definition.watches[index] as WatchSpec;
    const informer = running.informers[index] as CachedInformer;
    const timerKey = `${deliverKey}${index}`;
    const { sim, api } = this.#parts;
    const deliver = (change: ObjectChange): void => {
      informer.state.pending.push(change);
      if (sim.timerDue(running.definition.name, timerKey) === undefined)
        sim.setTimer(running.definition.name, timerKey, running.context.latency('watch'));
    };
    running.unsubscribe.push(
      api.watches.subscribe({
        kind: watch.kind,
        namespace: watch.namespace ?? '',
        ...(watch.nodeName !== undefined && { nodeName: watch.nodeName }),
        order: informer.state.order,
        deliver,
      }),
    );
  }

  #deliver(running: Running, index: number): void {
    const informer = running.informers[index] as CachedInformer;
    const changes = informer.state.pending;
    informer.state.pending = [];
    for (const change of changes) {
      // A handler may stop its own process.
      if (this.#running.get(running.definition.name) !== running) return;
      const seen = informer.take(change);
      if (!seen) continue;
      running.context.cause = change.cause;
      running.handlers.onChange?.(informer.kind, seen);
    }
    informer.state.hasListed = true;
    if (running.memory.isSynced || !running.informers.every((one) => one.state.hasListed)) return;
    running.memory.isSynced = true;
    running.handlers.onSynced?.();
  }
}

const connectKey = '@connect';
const deliverKey = '@deliver/';

function listerOf<T extends ApiObject>(
  definition: ProcessDefinition<object>,
  informers: readonly CachedInformer[],
  kind: KindDefinition<T>,
): Lister<T> {
  const informer = informers.find((candidate) => candidate.kind === (kind as AnyKind));
  invariant(informer, `process ${definition.name} does not watch ${kind.plural}`);
  return informer as unknown as Lister<T>;
}

/** The difference between the cache and a fresh list, as changes. */
function listChanges(api: ApiServer, watch: WatchSpec, informer: CachedInformer, cause: number): ObjectChange[] {
  const { kind, namespace = '', nodeName } = watch;
  const prefix = kind.namespaced && namespace !== '' ? `${kind.storagePrefix}/${namespace}/` : `${kind.storagePrefix}/`;
  const revision = api.store.revision;
  const entries = api.store.range(prefix);
  invariant(Array.isArray(entries), 'the newest revision can always be read');
  const changes: ObjectChange[] = [];
  const listed = new Set<string>();
  for (const { value } of entries as readonly { readonly value: object }[]) {
    const object = value as ApiObject;
    if (
      nodeName !== undefined &&
      kind === (pod as AnyKind) &&
      (object as { readonly spec?: { readonly nodeName?: string } }).spec?.nodeName !== nodeName
    )
      continue;
    const key = keyOf(object);
    listed.add(key);
    if (informer.byKey(key) !== object) changes.push({ type: 'ADDED', object, revision, cause });
  }
  for (const object of informer.list()) if (!listed.has(keyOf(object))) changes.push({ type: 'DELETED', object, revision, cause });
  return changes;
}
