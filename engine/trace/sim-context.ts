import type { DeviceContext } from '../sim/device.ts';
import { type LatencyProfile, latencyOf } from '../sim/latency.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { TraceRecorder } from './recorder.ts';

export interface SimContextParts<S extends object> {
  readonly sim: Simulation;
  readonly trace: TraceRecorder;
  /** Whose timers these are. */
  readonly name: string;
  /** Who acts, in the trace; `name` when absent. */
  readonly actor?: string;
  readonly state: S;
  latencies(): LatencyProfile;
}

/** What everything that runs in a cluster is handed: clock, chance, timers, its own state, a voice in the trace. */
export function createSimContext<S extends object>({
  sim,
  trace,
  name,
  actor = name,
  state,
  latencies,
}: SimContextParts<S>): DeviceContext<S> {
  return {
    name: actor,
    state,
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
    setTimer: (key, delayMs, options) => sim.setTimer(name, key, delayMs, options),
    cancelTimer: (key) => sim.cancelTimer(name, key),
    hasTimer: (key) => sim.timerDue(name, key) !== undefined,
    random: () => sim.random(),
    randomInt: (below) => sim.randomInt(below),
    uid: () => sim.uid(),
    suffix: (length) => sim.suffix(length),
    latency: (latency) => latencyOf(latencies(), latency, () => sim.random()),
    step(text, about) {
      sim.cause = trace.record({ actor, verb: 'step', ...(about && { about }), text });
      return sim.cause;
    },
    finding: (about, topic, text, see = []) => trace.finding(actor, about, topic, text, see),
  };
}

/** Adds members to a context. Its getters stay getters, which a spread would freeze. */
export function extendContext<S extends object, Extra extends object>(context: DeviceContext<S>, extra: Extra): DeviceContext<S> & Extra {
  return Object.assign(Object.create(context) as DeviceContext<S>, extra);
}
