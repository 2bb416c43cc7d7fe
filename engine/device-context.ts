import type { ClusterCore } from './cluster-core.ts';
import type { DeviceContext } from './sim/device.ts';
import { latencyOf } from './sim/latency.ts';

/** What a device is handed: the clock, chance, its own state. */
export function createDeviceContext<S extends object>(core: ClusterCore, name: string, state: S): DeviceContext<S> {
  const { sim, trace } = core;
  return {
    name,
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
    latency: (latency) => latencyOf(core.latencies, latency, () => sim.random()),
    step(text, about) {
      sim.cause = trace.record({ actor: name, verb: 'step', ...(about && { about }), text });
      return sim.cause;
    },
    finding: (about, topic, text, see = []) => trace.finding(name, about, topic, text, see),
  };
}
