import type { ClusterCore } from './cluster-core.ts';
import type { DeviceContext } from './sim/device.ts';
import { createSimContext } from './trace/sim-context.ts';

/** What a device is handed: the clock, chance, its own state. */
export function createDeviceContext<S extends object>(core: ClusterCore, name: string, state: S): DeviceContext<S> {
  return createSimContext({ sim: core.sim, trace: core.trace, name, state, latencies: () => core.latencies });
}
