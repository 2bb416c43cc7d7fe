import type { ApiObject, KindDefinition } from '../kinds/define-kind.ts';
import { type LatencyProfile, latencyOf } from '../sim/latency.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { TraceRecorder } from '../trace/recorder.ts';
import type { Client } from './client.ts';
import { recordEvent } from './event-recorder.ts';
import type { Lister } from './informer.ts';
import type { ProcessContext, ProcessDefinition } from './process.ts';
import type { ProcessMemory } from './process-host.ts';

export interface ProcessContextParts {
  readonly sim: Simulation;
  readonly trace: TraceRecorder;
  latencies(): LatencyProfile;
  readonly definition: ProcessDefinition<object>;
  readonly memory: ProcessMemory;
  readonly client: Client;
  lister<T extends ApiObject>(kind: KindDefinition<T>): Lister<T>;
}

/** What a process is handed: the clock, its client, its caches, its recorder. */
export function createProcessContext(parts: ProcessContextParts): ProcessContext<object> {
  const { sim, trace, definition, memory, client } = parts;
  const { name, node } = definition;
  return {
    name,
    node,
    client,
    state: memory.state,
    get now() {
      return sim.now;
    },
    get timestamp() {
      return sim.timestamp();
    },
    get cause() {
      return sim.cause;
    },
    set cause(cause) {
      sim.cause = cause;
    },
    get isSynced() {
      return memory.isSynced;
    },
    lister: parts.lister,
    setTimer: (key, delayMs, options) => sim.setTimer(name, key, delayMs, options),
    cancelTimer: (key) => sim.cancelTimer(name, key),
    hasTimer: (key) => sim.timerDue(name, key) !== undefined,
    random: () => sim.random(),
    randomInt: (below) => sim.randomInt(below),
    uid: () => sim.uid(),
    suffix: (length) => sim.suffix(length),
    latency: (latency) => latencyOf(parts.latencies(), latency, () => sim.random()),
    event(about, type, reason, message, fieldPath) {
      const component = definition.eventSource ?? (name.split('/')[0] as string);
      recordEvent(
        memory.events,
        client,
        sim,
        { component, ...(name.includes('/') && { host: node }) },
        { about, type, reason, message, ...(fieldPath && { fieldPath }) },
      );
    },
    finding: (about, topic, text, see = []) => trace.finding(name, about, topic, text, see),
    step(text, about) {
      sim.cause = trace.record({ actor: name, verb: 'step', ...(about && { about }), text });
      return sim.cause;
    },
  };
}
