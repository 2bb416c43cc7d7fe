import type { ApiServer } from '../apiserver/api-server.ts';
import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';
import { ApiError, ConnectionRefused } from '../schema/api-error.ts';
import type { CauseId, Millis, Simulation } from '../sim/simulation.ts';
import { extendContext } from '../trace/sim-context.ts';
import { createApiClient } from './api-client.ts';
import type { ControllerContext, ControllerDefinition, ControllerWatch } from './controller.ts';
import { type EventMemory, eventMemory, recordEvent } from './event-recorder.ts';
import type { ProcessContext, ProcessDefinition, ProcessHandlers, WatchChange } from './process.ts';

/** What one controller holds in memory. Plain data. */
interface ControllerMemory {
  readonly state: object;
  /** Keys to work on, with what put them there, in order. */
  readonly queue: Map<string, CauseId>;
  /** Failures in a row by key. */
  readonly failures: Map<string, number>;
  readonly events: EventMemory;
}

export interface ControllerManagerState {
  readonly controllers: Map<string, ControllerMemory>;
  /** Controllers that were switched off (`--controllers=-name`). */
  readonly disabled: Set<string>;
}

export interface ControllerManagerOptions {
  readonly name: string;
  readonly user: string;
  readonly node: string;
  readonly controllers: readonly ControllerDefinition[];
  readonly sim: Simulation;
  readonly api: ApiServer;
  readonly disabled?: ReadonlySet<string>;
}

/** Kubernetes: client-go/util/workqueue ItemExponentialFailureRateLimiter: 5 ms doubling up to 1000 s. */
const firstRetryMs = 5;
const lastRetryMs = 1_000_000;

/** A manager process: one set of caches, many control loops. */
export function controllerManager(options: ControllerManagerOptions): ProcessDefinition<ControllerManagerState> {
  const kinds = [
    ...new Set(
      options.controllers.flatMap((controller) => [...controller.watches.map((watch) => watch.kind), ...(controller.reads ?? [])]),
    ),
  ];
  return {
    name: options.name,
    user: options.user,
    groups: ['system:authenticated'],
    node: options.node,
    watches: kinds.map((kind) => ({ kind })),
    initialState: () => ({
      controllers: new Map(options.controllers.map((controller) => [controller.name, newMemory(controller)])),
      disabled: new Set(options.disabled),
    }),
    create: (context) => createHandlers(options, context),
  };
}

function newMemory(controller: ControllerDefinition): ControllerMemory {
  return { state: controller.initialState(), queue: new Map(), failures: new Map(), events: eventMemory() };
}

interface Loop {
  readonly definition: ControllerDefinition;
  readonly memory: ControllerMemory;
  readonly context: ControllerContext;
}

function createHandlers(options: ControllerManagerOptions, process: ProcessContext<ControllerManagerState>): ProcessHandlers {
  const loops = new Map<string, Loop>();
  const watchers = new Map<AnyKind, { readonly loop: Loop; readonly watch: ControllerWatch }[]>();
  for (const definition of options.controllers) {
    const memory = process.state.controllers.get(definition.name) ?? newMemory(definition);
    process.state.controllers.set(definition.name, memory);
    const loop: Loop = { definition, memory, context: createContext(options, process, definition, memory) };
    loops.set(definition.name, loop);
    for (const watch of definition.watches) watchers.set(watch.kind, [...(watchers.get(watch.kind) ?? []), { loop, watch }]);
  }
  const isOn = (loop: Loop): boolean => !process.state.disabled.has(loop.definition.name);
  return {
    onSynced() {
      for (const loop of loops.values()) if (isOn(loop)) loop.definition.onSynced?.(loop.context);
    },
    onChange(kind, change) {
      for (const { loop, watch } of watchers.get(kind) ?? []) {
        if (!isOn(loop)) continue;
        const cause = process.cause;
        for (const key of keysOf(watch, loop.context, change)) loop.context.enqueue(key);
        process.cause = cause;
      }
    },
    onTimer(timerKey) {
      const slash = timerKey.indexOf('/');
      const second = timerKey.indexOf('/', slash + 1);
      const loop = loops.get(second < 0 ? timerKey.slice(slash + 1) : timerKey.slice(slash + 1, second));
      if (!loop || !isOn(loop)) return;
      if (timerKey.startsWith('later/')) loop.context.enqueue(timerKey.slice(second + 1));
      else work(process, loop);
    },
  };
}

/** Takes the oldest key and reconciles it; more keys wait for the next event, so that a clock can be stepped between them. */
function work(process: ProcessContext<ControllerManagerState>, { definition, memory, context }: Loop): void {
  const next = memory.queue.entries().next().value;
  if (!next) return;
  const [key, cause] = next;
  memory.queue.delete(key);
  if (memory.queue.size > 0) process.setTimer(`work/${definition.name}`, 0);
  process.cause = cause;
  // This look overtakes the one that was planned for later; it plans the next one itself, or nothing stays due.
  process.cancelTimer(`later/${definition.name}/${key}`);
  try {
    const result = definition.reconcile(context, key);
    memory.failures.delete(key);
    if (result.kind === 'again') context.enqueueAfter(key, result.afterMs);
  } catch (error) {
    if (!(error instanceof ApiError) && !(error instanceof ConnectionRefused)) throw error;
    const failures = memory.failures.get(key) ?? 0;
    memory.failures.set(key, failures + 1);
    context.enqueueAfter(key, Math.min(firstRetryMs * 2 ** failures, lastRetryMs));
  }
}

function keysOf({ enqueue }: ControllerWatch, context: ControllerContext, change: WatchChange): readonly string[] {
  if (typeof enqueue === 'function') return enqueue(context, change);
  const { namespace, name = '', ownerReferences } = change.object.metadata ?? {};
  const prefix = namespace ? `${namespace}/` : '';
  if (enqueue === 'self') return [`${prefix}${name}`];
  const owner = ownerReferences?.find((reference) => reference.controller && reference.kind === enqueue.ownerKind);
  const before = change.old?.metadata?.ownerReferences?.find((reference) => reference.controller && reference.kind === enqueue.ownerKind);
  const names = new Set([before?.name, owner?.name].filter((found) => found !== undefined));
  return [...names].map((found) => `${prefix}${found}`);
}

function createContext(
  options: ControllerManagerOptions,
  process: ProcessContext<ControllerManagerState>,
  definition: ControllerDefinition,
  memory: ControllerMemory,
): ControllerContext {
  const { sim } = options;
  const { name } = definition;
  const client = createApiClient(
    options.api,
    { name: `system:serviceaccount:kube-system:${name}`, groups: ['system:serviceaccounts', 'system:authenticated'] },
    name,
  );
  return extendContext(process, {
    name,
    client,
    state: memory.state,
    event: (about: ApiObject, type: 'Normal' | 'Warning', reason: string, message: string, fieldPath?: string) =>
      recordEvent(memory.events, client, sim, { component: name }, { about, type, reason, message, ...(fieldPath && { fieldPath }) }),
    enqueue(key: string) {
      if (!memory.queue.has(key)) memory.queue.set(key, sim.cause);
      if (!process.hasTimer(`work/${name}`)) process.setTimer(`work/${name}`, process.latency('reconcile'));
    },
    enqueueAfter: (key: string, delayMs: Millis) => enqueueLater(options, process.name, `later/${name}/${key}`, delayMs),
  }) as unknown as ControllerContext;
}

function enqueueLater({ sim }: ControllerManagerOptions, processName: string, timerKey: string, delayMs: Millis): void {
  const due = sim.timerDue(processName, timerKey);
  if (due === undefined || due > sim.now + delayMs) sim.setTimer(processName, timerKey, delayMs);
}
