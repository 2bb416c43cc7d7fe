import type { ObjectRef } from './object-ref.ts';
import type { CauseId, Millis, TimerOptions } from './simulation.ts';

/**
 * Something in the cluster that has memory and timers but is no client of the API: a node's container runtime, the network, the cloud.
 * `state` is plain data (primitives, arrays, plain objects, Map, Set), so that it can be copied and written down at any moment.
 */
export interface DeviceContext<S extends object> {
  /** Instance name, unique in the cluster: `containerd/node-1`, `network`, `cloud`. */
  readonly name: string;
  readonly state: S;
  readonly now: Millis;
  /** RFC 3339 with seconds. */
  readonly timestamp: string;
  /** The trace entry behind what runs now; timers and writes carry it on by themselves. */
  cause: CauseId;
  setTimer(key: string, delayMs: Millis, options?: TimerOptions): void;
  cancelTimer(key: string): void;
  hasTimer(key: string): boolean;
  /** In [0, 1), from the cluster's seed. */
  random(): number;
  randomInt(below: number): number;
  uid(): string;
  suffix(length?: number): string;
  /** A latency of the named kind from the cluster's profile, in milliseconds; see sim/latency.ts. */
  latency(name: string): Millis;
  /** Records a step that is not a write (image pull, rule change); becomes the cause of what follows. */
  step(text: string, about?: ObjectRef): CauseId;
  /**
   * Records why something is as it is: a finding about an object that `why()` reads. The newest per (object, topic) stands;
   * `undefined` text withdraws it. `see` names the objects to go on with.
   */
  finding(about: ObjectRef, topic: string, text: string | undefined, see?: readonly ObjectRef[]): void;
}

/** Handlers of a device. Made at start and after every restore; making them must not act. */
export interface DeviceHandlers {
  onTimer(key: string, payload: unknown): void;
}
