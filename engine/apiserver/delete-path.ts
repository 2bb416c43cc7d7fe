import type { Store } from '../etcd/store.ts';
import { namespace as namespaceKind } from '../kinds/core/namespace.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';
import { conflict } from '../schema/api-error.ts';
import type { V1ObjectMeta } from '../schema/generated/models.ts';
import { deepFreeze } from '../sim/plain.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { TraceRecorder } from '../trace/recorder.ts';
import type { ApiRequest } from './request.ts';
import { isReadyToGo, refTo, resourceOf, storeKey, type WritePath } from './write-path.ts';

export interface DeletePathParts {
  readonly store: Store;
  readonly sim: Simulation;
  readonly trace: TraceRecorder;
  readonly writes: WritePath;
}

/** Deletes: at once, or by marking the object until its grace period and its finalizers are through. */
export class DeletePath {
  readonly #parts: DeletePathParts;

  constructor(parts: DeletePathParts) {
    this.#parts = parts;
  }

  /** Returns the object that was removed or marked, and whether it is gone. */
  remove(request: ApiRequest): { readonly object: ApiObject; readonly isGone: boolean } {
    const { kind, namespace, name, options } = request;
    const old = this.#parts.writes.existing(kind, namespace, name);
    this.#checkPreconditions(request, old);
    this.#parts.writes.admitDelete(request, old);
    if (options.dryRun) return { object: old, isGone: true };
    const metadata = this.#markedMetadata(request, old);
    const next = { ...old, metadata } as ApiObject;
    if (isReadyToGo(kind, next)) {
      this.#erase(request);
      return { object: old, isGone: true };
    }
    return { object: this.#mark(request, next, old), isGone: false };
  }

  #checkPreconditions({ kind, name, options }: ApiRequest, { metadata }: ApiObject): void {
    const { uid, resourceVersion } = options.remove?.preconditions ?? {};
    if (uid !== undefined && uid !== metadata?.uid) {
      throw conflict(
        resourceOf(kind),
        name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata?.uid ?? ''}`,
      );
    }
    if (resourceVersion !== undefined && resourceVersion !== metadata?.resourceVersion) {
      throw conflict(
        resourceOf(kind),
        name,
        `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata?.resourceVersion ?? ''}`,
      );
    }
  }

  #markedMetadata(request: ApiRequest, old: ApiObject): V1ObjectMeta {
    const { kind, options } = request;
    const before = old.metadata ?? {};
    const finalizers = new Set(before.finalizers ?? []);
    const policy = options.remove?.propagationPolicy;
    if (policy === 'Foreground') finalizers.add('foregroundDeletion');
    if (policy === 'Orphan') finalizers.add('orphan');
    if (policy === 'Background') for (const finalizer of ['foregroundDeletion', 'orphan']) finalizers.delete(finalizer);
    const grace = gracePeriodSeconds(kind, old, options.remove?.gracePeriodSeconds);
    const graceBefore = before.deletionTimestamp === undefined ? undefined : before.deletionGracePeriodSeconds;
    const { finalizers: _, ...rest } = before;
    return {
      ...rest,
      ...(finalizers.size > 0 && { finalizers: [...finalizers] }),
      // A later delete may shorten the grace period, never lengthen it.
      deletionGracePeriodSeconds: Math.min(grace, graceBefore ?? grace),
      deletionTimestamp: this.#parts.sim.timestamp(this.#parts.sim.now + Math.min(grace, graceBefore ?? grace) * 1000),
      ...(graceBefore !== undefined &&
        graceBefore <= grace &&
        before.deletionTimestamp !== undefined && { deletionTimestamp: before.deletionTimestamp }),
    };
  }

  #erase(request: ApiRequest): void {
    const { store, trace, writes } = this.#parts;
    const revision = store.nextRevision(writes.causeOf(request.kind));
    store.transact([], [{ type: 'delete', key: storeKey(request.kind, request.namespace, request.name) }], writes.causeOf(request.kind));
    writes.record(request, request.name, 'delete', revision, '');
    trace.forget(refTo(request, request.name));
  }

  #mark(request: ApiRequest, next: ApiObject, old: ApiObject): ApiObject {
    const { store, writes } = this.#parts;
    const isNamespace = request.kind === (namespaceKind as AnyKind);
    const before = old.metadata ?? {};
    const after = next.metadata ?? {};
    const isSame =
      before.deletionTimestamp === after.deletionTimestamp &&
      before.deletionGracePeriodSeconds === after.deletionGracePeriodSeconds &&
      (before.finalizers ?? []).join() === (after.finalizers ?? []).join();
    if (isSame) return old;
    const revision = store.nextRevision(writes.causeOf(request.kind));
    const stored = deepFreeze({
      ...next,
      ...(isNamespace && { status: { ...(old as { readonly status?: object }).status, phase: 'Terminating' } }),
      metadata: {
        ...after,
        resourceVersion: String(revision),
        ...(request.kind.generationFields.length > 0 &&
          before.deletionTimestamp === undefined && { generation: (before.generation ?? 0) + 1 }),
      },
    }) as ApiObject;
    store.transact(
      [],
      [{ type: 'put', key: storeKey(request.kind, request.namespace, request.name), value: stored }],
      writes.causeOf(request.kind),
    );
    writes.record(request, request.name, 'delete', revision, 'marked for deletion');
    return stored;
  }
}

/** Only pods die gracefully. Kubernetes: pkg/registry/core/pod/strategy.go CheckGracefulDelete. */
function gracePeriodSeconds(kind: AnyKind, object: ApiObject, wanted: number | undefined): number {
  if (kind !== (pod as AnyKind)) return 0;
  const { spec, status } = object as Pod;
  if (!spec?.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
  return Math.max(0, wanted ?? spec.terminationGracePeriodSeconds ?? 30);
}
