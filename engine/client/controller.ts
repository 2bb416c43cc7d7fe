import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';
import type { Millis } from '../sim/simulation.ts';
import type { ProcessContext, WatchChange } from './process.ts';

/** What a controller sees: its process's context, with state and timers of its own. */
export interface ControllerContext<S extends object = object> extends Omit<ProcessContext<S>, 'setTimer' | 'cancelTimer' | 'hasTimer'> {
  enqueue(key: string): void;
  /** Enqueues after a delay; an earlier date for the key stands. */
  enqueueAfter(key: string, delayMs: Millis): void;
}

/** Which keys a change of `kind` puts on the controller's queue. Handlers only enqueue; they never act. */
export interface ControllerWatch<S extends object = object> {
  readonly kind: AnyKind;
  /** `self`: the object's own key. `owner`: the key of its controlling owner of kind `ownerKind`. Otherwise a function. */
  readonly enqueue: 'self' | { readonly ownerKind: string } | ((context: ControllerContext<S>, change: WatchChange) => readonly string[]);
}

/** What comes after a reconcile: nothing, or another look later. A thrown ApiError means: again, with back-off. */
export type ReconcileResult = { readonly kind: 'done' } | { readonly kind: 'again'; readonly afterMs: Millis };
export const done: ReconcileResult = { kind: 'done' };
export function again(afterMs: Millis): ReconcileResult {
  return { kind: 'again', afterMs };
}

/** A control loop of the controller manager (or the cloud controller manager): one file, one exported value. */
export interface ControllerDefinition<S extends object = object> {
  /** Kubernetes' name: `replicaset-controller`. Events and the trace carry it. */
  readonly name: string;
  readonly watches: readonly ControllerWatch<S>[];
  /** Kinds that it reads without being woken by them. */
  readonly reads?: readonly AnyKind[];
  /** In-memory state, plain data; lost when the process stops. */
  initialState(): S;
  /** Called when all caches are filled after a start; e.g. to set periodic timers through `enqueueAfter`. */
  onSynced?(context: ControllerContext<S>): void;
  reconcile(context: ControllerContext<S>, key: string): ReconcileResult;
}

/** `namespace/name`, or `name` when there is no namespace. */
export function keyOf(object: ApiObject): string {
  const { namespace, name } = object.metadata ?? {};
  return namespace ? `${namespace}/${name}` : (name ?? '');
}

export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0 ? { namespace: '', name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
