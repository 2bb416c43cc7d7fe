import { defaultAdmissionPlugins } from './apiserver/admission/registry.ts';
import { ApiServer } from './apiserver/api-server.ts';
import type { LogOptions } from './apiserver/request.ts';
import { type HeartbeatState, heartbeatState, LeaseHeartbeats } from './client/lease-heartbeats.ts';
import { ProcessHost, type ProcessHostState } from './client/process-host.ts';
import { Store, type StoreState } from './etcd/store.ts';
import type { Pod } from './kinds/core/pod.ts';
import { builtInKinds } from './kinds/registry.ts';
import { badRequest } from './schema/api-error.ts';
import { instantLatency, type LatencyProfile, realisticLatency } from './sim/latency.ts';
import { type Millis, Simulation, type SimulationState, type Timer } from './sim/simulation.ts';
import { TraceRecorder, type TraceState } from './trace/recorder.ts';

/** The memory of the parts that every cluster has, with or without nodes. Plain data. */
export interface CoreState {
  readonly sim: SimulationState;
  readonly store: StoreState;
  readonly trace: TraceState;
  readonly processes: ProcessHostState;
  readonly heartbeats: HeartbeatState;
  latency: LatencyProfile['name'];
  isServing: boolean;
  isStorageUp: boolean;
}

export interface CoreOptions {
  readonly serviceCIDR: string;
  /** Reads a container's log from its node; refusals are thrown. Clusters without nodes have none. */
  readonly readLog?: (found: Pod, options: LogOptions) => string;
}

export function coreState(seed: number, startMs: Millis): CoreState {
  return {
    sim: Simulation.initialState(seed, startMs),
    store: Store.initialState(),
    trace: TraceRecorder.initialState(),
    processes: new Map(),
    heartbeats: heartbeatState(),
    latency: 'instant',
    isServing: false,
    isStorageUp: false,
  };
}

function noLog({ metadata }: Pod): string {
  throw badRequest(`pod ${metadata?.name ?? ''} does not have a host assigned`);
}

/** Clock, store, API server and the host of processes, wired together. */
export class ClusterCore {
  readonly state: CoreState;
  readonly sim: Simulation;
  readonly store: Store;
  readonly trace: TraceRecorder;
  readonly api: ApiServer;
  readonly processes: ProcessHost;
  readonly heartbeats: LeaseHeartbeats;
  #onApiUp: (() => void) | undefined;

  constructor(state: CoreState, { serviceCIDR, readLog = noLog }: CoreOptions) {
    this.state = state;
    this.sim = new Simulation(state.sim);
    this.store = new Store(state.store, () => this.sim.now);
    this.trace = new TraceRecorder(state.trace, this.sim);
    this.heartbeats = new LeaseHeartbeats(state.heartbeats, this.sim, () => this.api);
    this.api = new ApiServer(this.store, this.sim, this.trace, {
      kinds: builtInKinds,
      admission: defaultAdmissionPlugins,
      serviceCIDR,
      readLog,
      readFilter: (kind, object) => this.heartbeats.fill(kind, object),
      isServing: () => state.isServing,
      isStorageUp: () => state.isStorageUp,
    });
    this.processes = new ProcessHost(state.processes, {
      sim: this.sim,
      api: this.api,
      trace: this.trace,
      latencies: () => (state.latency === 'instant' ? instantLatency : realisticLatency),
    });
  }

  get latencies(): LatencyProfile {
    return this.state.latency === 'instant' ? instantLatency : realisticLatency;
  }

  /** Called each time the API begins to answer, before its clients come back. */
  onApiUp(listener: () => void): void {
    this.#onApiUp = listener;
  }

  setServing(isServing: boolean): void {
    this.#changeAvailability(() => {
      this.state.isServing = isServing;
    });
  }

  setStorageUp(isUp: boolean): void {
    this.#changeAvailability(() => {
      this.state.isStorageUp = isUp;
    });
  }

  /** Runs a timer of a process. */
  dispatch(timer: Timer): boolean {
    return this.processes.dispatch(timer);
  }

  #changeAvailability(change: () => void): void {
    const before = this.api.isAvailable;
    change();
    const after = this.api.isAvailable;
    if (before === after) return;
    if (after) {
      this.#onApiUp?.();
      this.heartbeats.onApiUp();
      this.processes.reconnectAll();
    } else {
      this.heartbeats.onApiDown();
      this.processes.disconnectAll();
    }
  }
}
