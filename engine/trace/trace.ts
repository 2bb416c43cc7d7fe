import type { ObjectRef } from '../sim/object-ref.ts';
import type { CauseId, Millis } from '../sim/simulation.ts';

/** One step of cause and effect. Writes are recorded by the API server, other steps by whoever takes them. */
export interface TraceEntry {
  readonly id: CauseId;
  readonly atMs: Millis;
  /** A component's instance name (`kube-scheduler`, `kubelet/node-1`), a controller (`replicaset-controller`), or a user. */
  readonly actor: string;
  /** `create`, `update`, … for writes; `step` otherwise. */
  readonly verb: string;
  readonly about?: ObjectRef;
  /** What it says beyond verb and object. */
  readonly text: string;
  readonly because: CauseId;
  /** The etcd revision that a write made. */
  readonly revision?: number;
}

/** Why an object is as it is, in the words of the component that found it out. */
export interface Finding {
  readonly about: ObjectRef;
  readonly topic: string;
  readonly actor: string;
  readonly text: string;
  readonly see: readonly ObjectRef[];
  readonly atMs: Millis;
  readonly cause: CauseId;
}
