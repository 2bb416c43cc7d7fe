import type { AnyKind, ApiObject, KindDefinition } from '../kinds/define-kind.ts';
import type { DeviceContext } from '../sim/device.ts';
import type { Client } from './client.ts';
import type { Lister } from './informer.ts';

/**
 * A component of the cluster that runs as a process: the scheduler, the controller manager, one kubelet, one kube-proxy.
 * It can be stopped and started; stopping loses its memory, as with a real process. All of its memory is `context.state`, plain data
 * (primitives, arrays, plain objects, Map, Set; API objects frozen), so that a cluster can be copied and written down at any moment.
 */
export interface ProcessDefinition<S extends object> {
  /** Instance name, unique in the cluster: `kube-scheduler`, `kubelet/node-1`. */
  readonly name: string;
  /** Who it is for the API: `system:kube-scheduler`. */
  readonly user: string;
  readonly groups: readonly string[];
  /** The node it runs on. */
  readonly node: string;
  /** `source.component` of its Events; the part of `name` before the slash when absent. */
  readonly eventSource?: string;
  /** Which objects it follows. Cached copies are read with `context.lister(kind)`. */
  readonly watches: readonly WatchSpec[];
  initialState(): S;
  /** Makes the handlers. Called at every start and after every restore; must not act on the cluster itself. */
  create(context: ProcessContext<S>): ProcessHandlers;
}

/** One watched resource. `nodeName` narrows pods to those bound to that node (field selector `spec.nodeName`). */
export interface WatchSpec {
  readonly kind: AnyKind;
  readonly nodeName?: string;
  readonly namespace?: string;
}

/** A change as the process's informer saw it. `old` is what the cache held before. */
export type WatchChange =
  | { readonly type: 'added'; readonly object: ApiObject; readonly old?: undefined }
  | { readonly type: 'modified'; readonly object: ApiObject; readonly old: ApiObject }
  | { readonly type: 'deleted'; readonly object: ApiObject; readonly old: ApiObject };

export interface ProcessHandlers {
  /** The process has started; caches are not filled yet. */
  onStart?(): void;
  /** All watches have listed for the first time after a start. */
  onSynced?(): void;
  /** Called after the cache has taken the change. `context.cause` is the write that made it. */
  onChange?(kind: AnyKind, change: WatchChange): void;
  onTimer(key: string, payload: unknown): void;
  /** The process is stopping; its timers and caches go. */
  onStop?(): void;
}

export interface ProcessContext<S extends object> extends DeviceContext<S> {
  readonly node: string;
  readonly client: Client;
  lister<T extends ApiObject>(kind: KindDefinition<T>): Lister<T>;
  /** True once every watch has listed. */
  readonly isSynced: boolean;
  /** Records a Kubernetes Event about an object, aggregated as upstream's recorder does. `fieldPath`: `spec.containers{web}`. */
  event(about: ApiObject, type: 'Normal' | 'Warning', reason: string, message: string, fieldPath?: string): void;
}
