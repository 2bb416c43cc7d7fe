import type { DeviceContext } from '../sim/device.ts';
import { type LatencyProfile, latencyOf } from '../sim/latency.ts';
import type { ObjectRef } from '../sim/object-ref.ts';
import type { CauseId, Millis, Simulation, TimerOptions } from '../sim/simulation.ts';
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
export function createSimContext<S extends object>(parts: SimContextParts<S>): DeviceContext<S> {
  return new SimContext(parts);
}

/** A class, so that the dozens of contexts of a cluster share their methods: thousands of clusters lie in memory. */
class SimContext<S extends object> implements DeviceContext<S> {
  readonly name: string;
  readonly state: S;
  // Not private to the engine's syntax (`#`), because extended contexts have this object as their prototype.
  protected readonly parts: SimContextParts<S>;

  constructor(parts: SimContextParts<S>) {
    this.name = parts.actor ?? parts.name;
    this.state = parts.state;
    this.parts = parts;
  }

  get now(): Millis {
    return this.parts.sim.now;
  }

  get timestamp(): string {
    return this.parts.sim.timestamp();
  }

  get cause(): CauseId {
    return this.parts.sim.cause;
  }

  set cause(cause: CauseId) {
    this.parts.sim.cause = cause;
  }

  setTimer(key: string, delayMs: Millis, options?: TimerOptions): void {
    this.parts.sim.setTimer(this.parts.name, key, delayMs, options);
  }

  cancelTimer(key: string): void {
    this.parts.sim.cancelTimer(this.parts.name, key);
  }

  hasTimer(key: string): boolean {
    return this.parts.sim.timerDue(this.parts.name, key) !== undefined;
  }

  random(): number {
    return this.parts.sim.random();
  }

  randomInt(below: number): number {
    return this.parts.sim.randomInt(below);
  }

  uid(): string {
    return this.parts.sim.uid();
  }

  suffix(length?: number): string {
    return this.parts.sim.suffix(length);
  }

  latency(name: string): Millis {
    return latencyOf(this.parts.latencies(), name, () => this.parts.sim.random());
  }

  step(text: string, about?: ObjectRef): CauseId {
    const { sim, trace } = this.parts;
    sim.cause = trace.record({ actor: this.name, verb: 'step', ...(about && { about }), text });
    return sim.cause;
  }

  finding(about: ObjectRef, topic: string, text: string | undefined, see: readonly ObjectRef[] = []): void {
    this.parts.trace.finding(this.name, about, topic, text, see);
  }
}

/** Adds members to a context. Its getters stay getters, which a spread would freeze. */
export function extendContext<S extends object, Extra extends object>(context: DeviceContext<S>, extra: Extra): DeviceContext<S> & Extra {
  return Object.assign(Object.create(context) as DeviceContext<S>, extra);
}
