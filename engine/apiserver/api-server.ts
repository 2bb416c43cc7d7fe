import type { Store } from '../etcd/store.ts';
import { namespace as namespaceKind } from '../kinds/core/namespace.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';
import { indexKinds, type KindIndex } from '../kinds/kind-index.ts';
import { ApiError, badRequest, ConnectionRefused, conflict, notFound, type Status } from '../schema/api-error.ts';
import type { V1Binding, V1Namespace, V1Scale } from '../schema/generated/models.ts';
import { cloneJson, type Mutable } from '../sim/plain.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { TraceRecorder } from '../trace/recorder.ts';
import type { AdmissionPlugin } from './admission/admission.ts';
import { DeletePath } from './delete-path.ts';
import { jsonPatch } from './patch/json-patch.ts';
import { mergePatch } from './patch/merge-patch.ts';
import { strategicMergePatch } from './patch/strategic-merge.ts';
import { type ReadFilter, ReadPath } from './read-path.ts';
import type { ApiRequest, ApiResponse, LogOptions, ObjectList } from './request.ts';
import { ServiceAddresses } from './service-addresses.ts';
import { WatchHub } from './watch-hub.ts';
import { resourceOf, unsupportedMethod, WritePath } from './write-path.ts';

export interface ApiServerOptions {
  readonly kinds: readonly AnyKind[];
  readonly admission: readonly AdmissionPlugin[];
  readonly serviceCIDR: string;
  readonly readFilter: ReadFilter;
  /** Reads a container's log from the kubelet of the pod's node; refusals are thrown. */
  readLog(found: Pod, options: LogOptions): string;
  /** Whether the server's process runs. */
  isServing(): boolean;
  /** Whether etcd answers. */
  isStorageUp(): boolean;
}

/** The one way to the store. Every client's request runs through `execute`. Kubernetes: kube-apiserver (1.36). */
export class ApiServer {
  readonly kinds: KindIndex;
  readonly store: Store;
  readonly watches: WatchHub;
  readonly #sim: Simulation;
  readonly #options: ApiServerOptions;
  readonly #reads: ReadPath;
  readonly #writes: WritePath;
  readonly #deletes: DeletePath;

  constructor(store: Store, sim: Simulation, trace: TraceRecorder, options: ApiServerOptions) {
    this.kinds = indexKinds(options.kinds);
    this.store = store;
    this.#sim = sim;
    this.#options = options;
    const addresses = new ServiceAddresses(store, sim, options.serviceCIDR);
    this.watches = new WatchHub(store);
    this.#reads = new ReadPath(store, options.readFilter);
    this.#writes = new WritePath({ store, sim, trace, admission: options.admission, addresses });
    this.#deletes = new DeletePath({ store, sim, trace, writes: this.#writes });
  }

  get isServing(): boolean {
    return this.#options.isServing();
  }

  /** Whether a watch can be opened: the server runs and its storage answers. */
  get isAvailable(): boolean {
    return this.#options.isServing() && this.#options.isStorageUp();
  }

  /** Runs a request and answers as over HTTP: refusals become a Status. `ConnectionRefused` is thrown: there was no answer. */
  handle(request: ApiRequest): ApiResponse {
    const warnings: string[] = [];
    try {
      const body = this.execute(request, warnings);
      return { code: request.verb === 'create' ? 201 : 200, body, warnings };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { code: error.code, body: error.toStatus(), warnings };
    }
  }

  /** A read that expects to find nothing: an absent object is no refusal, and no exception has to be made for it. */
  find(kind: AnyKind, namespace: string, name: string): ApiObject | undefined {
    this.#requireUp({ verb: 'get', kind });
    return this.#reads.find(kind, namespace, name);
  }

  /** Runs a request; refusals are thrown. */
  execute(request: ApiRequest, warnings: string[] = []): unknown {
    this.#requireUp(request);
    if (request.subresource !== undefined && request.subresource !== 'status') return this.#executeSubresource(request, warnings);
    if (request.subresource === 'status' && !request.kind.subresources.includes('status'))
      throw notFound(resourceOf(request.kind), request.name);
    switch (request.verb) {
      case 'get':
        return this.#reads.get(request);
      case 'list':
        return this.#reads.list(request);
      case 'create':
        return this.#writes.create(request, warnings);
      case 'update':
        return this.#writes.update(request, warnings);
      case 'patch':
        return this.#patch(request, warnings);
      case 'delete':
        return this.#remove(request);
      case 'deletecollection':
        return this.#removeAll(request);
    }
  }

  #requireUp({ verb, kind }: Pick<ApiRequest, 'verb' | 'kind'>): void {
    if (!this.#options.isServing()) throw new ConnectionRefused('the API server does not run');
    if (this.#options.isStorageUp()) return;
    // What a client reads after the request's own time limit, 60 s by default, is up.
    throw new ApiError(
      'Timeout',
      `the server was unable to return a response in the time allotted, but may still be processing requests (${verb} ${kind.plural})`,
      { kind: kind.plural, retryAfterSeconds: 0 },
    );
  }

  #patch(request: ApiRequest, warnings: string[]): ApiObject {
    const { kind, namespace, name, options } = request;
    const old = this.#writes.existing(kind, namespace, name);
    const patched = applyPatch(kind, options.patchType, old, request.body);
    const { resourceVersion } = (request.body as { readonly metadata?: { readonly resourceVersion?: string } } | null)?.metadata ?? {};
    const metadata = { ...((patched as ApiObject).metadata ?? {}) } as Record<string, unknown>;
    // Only a version that the patch itself names makes it conditional.
    if (resourceVersion === undefined) delete metadata['resourceVersion'];
    return this.#writes.update({ ...request, body: { ...(patched as object), metadata } }, warnings);
  }

  #remove(request: ApiRequest): unknown {
    const { object, isGone } = this.#deletes.remove(request);
    if (!isGone) return object;
    const { kind, name } = request;
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      code: 200,
      details: {
        name,
        ...(kind.group !== '' && { group: kind.group }),
        kind: kind.plural,
        ...(object.metadata?.uid && { uid: object.metadata.uid }),
      },
    } satisfies Status;
  }

  #removeAll(request: ApiRequest): ObjectList {
    const list = this.#reads.list(request);
    for (const { metadata } of list.items) {
      this.#deletes.remove({ ...request, verb: 'delete', name: metadata?.name ?? '', namespace: metadata?.namespace ?? '' });
    }
    return list;
  }

  #executeSubresource(request: ApiRequest, warnings: string[]): unknown {
    const { kind, subresource, verb } = request;
    if (!kind.subresources.includes(subresource ?? '')) throw new ApiError('NotFound', 'the server could not find the requested resource');
    if (subresource === 'log' && verb === 'get')
      return this.#options.readLog(this.#writes.existing(kind, request.namespace, request.name) as Pod, request.options.log ?? {});
    if (subresource === 'scale') return this.#scale(request, warnings);
    if (subresource === 'binding' && verb === 'create') return this.#bind(request);
    if (subresource === 'eviction' && verb === 'create') return this.#evict(request);
    if (subresource === 'finalize' && verb === 'update') return this.#finalize(request, warnings);
    throw unsupportedMethod();
  }

  #scale(request: ApiRequest, warnings: string[]): V1Scale {
    const { kind, verb, namespace, name } = request;
    const old = this.#writes.existing(kind, namespace, name);
    if (!kind.scale) throw unsupportedMethod();
    if (verb === 'get') return toScale(kind, old);
    if (verb !== 'update' && verb !== 'patch') throw unsupportedMethod();
    const wanted = verb === 'patch' ? applyPatch(kind, request.options.patchType, toScale(kind, old), request.body) : request.body;
    const { spec, metadata } = (wanted ?? {}) as V1Scale;
    const isConditional = verb === 'update' && metadata?.resourceVersion !== undefined;
    if (isConditional && metadata?.resourceVersion !== old.metadata?.resourceVersion)
      throw conflict(resourceOf(kind), name, 'the object has been modified; please apply your changes to the latest version and try again');
    const draft = cloneJson(old) as Mutable<ApiObject>;
    kind.scale.setReplicas(draft, spec?.replicas ?? 0);
    if (draft.metadata) delete draft.metadata.resourceVersion;
    const { subresource: _, ...plain } = request;
    return toScale(kind, this.#writes.update({ ...plain, verb: 'update', body: draft }, warnings));
  }

  /** Binds a pod to a node. Kubernetes: pkg/registry/core/pod/storage BindingREST. */
  #bind(request: ApiRequest): Status {
    const { namespace, name } = request;
    const { target, metadata } = (request.body ?? {}) as V1Binding;
    const old = this.#writes.existing(pod, namespace, name) as Pod;
    if (!target?.name) throw badRequest('Binding "" is invalid: target.name: Required value');
    if (metadata?.uid && metadata.uid !== old.metadata?.uid)
      throw conflict(
        resourceOf(pod),
        name,
        `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata?.uid ?? ''}`,
      );
    if (old.metadata?.deletionTimestamp !== undefined)
      throw conflict({ group: '', resource: 'pods/binding' }, name, `pod ${name} is being deleted, cannot be assigned to a host`);
    if (old.spec?.nodeName)
      throw conflict(
        { group: '', resource: 'pods/binding' },
        name,
        `pod ${name} is already assigned to node ${JSON.stringify(old.spec.nodeName)}`,
      );
    const scheduled = {
      type: 'PodScheduled',
      status: 'True',
      lastTransitionTime: this.#sim.timestamp(),
      observedGeneration: old.metadata?.generation ?? 1,
    };
    const others = (old.status?.conditions ?? []).filter((condition) => condition.type !== 'PodScheduled');
    const bound: Pod = {
      ...old,
      metadata: {
        ...old.metadata,
        ...(metadata?.annotations && { annotations: { ...old.metadata?.annotations, ...metadata.annotations } }),
      },
      spec: { ...(old.spec as NonNullable<Pod['spec']>), nodeName: target.name },
      status: { ...old.status, conditions: [...others, scheduled] },
    };
    this.#writes.replace({ ...request, verb: 'update' }, bound, old);
    return success();
  }

  #evict(request: ApiRequest): Status {
    const { body, ...rest } = request;
    const { subresource: _, ...plain } = rest;
    const { deleteOptions } = (body ?? {}) as { readonly deleteOptions?: ApiRequest['options']['remove'] };
    this.#deletes.remove({ ...plain, verb: 'delete', options: { ...plain.options, ...(deleteOptions && { remove: deleteOptions }) } });
    return success();
  }

  /** The namespace controller's way to take `kubernetes` off `spec.finalizers`. */
  #finalize(request: ApiRequest, warnings: string[]): ApiObject {
    if (request.kind !== (namespaceKind as AnyKind)) throw unsupportedMethod();
    const old = this.#writes.existing(request.kind, '', request.name) as V1Namespace;
    const { spec } = (request.body ?? {}) as V1Namespace;
    warnings.length = 0;
    const next: V1Namespace = { ...old, spec: { ...old.spec, finalizers: [...(spec?.finalizers ?? [])] } };
    return this.#writes.replace(request, next, old);
  }
}

function success(): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
}

function applyPatch(kind: AnyKind, type: ApiRequest['options']['patchType'], target: unknown, patch: unknown): unknown {
  if (type === 'json') return jsonPatch(target, patch);
  if (type === 'merge') return mergePatch(target, patch);
  if (type === 'strategic') return strategicMergePatch(kind.model, target, patch);
  throw new ApiError(
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json',
  );
}

function toScale(kind: AnyKind, object: ApiObject): V1Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata ?? {};
  const paths = kind.scale;
  if (!paths) throw unsupportedMethod();
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: {
      ...(name && { name }),
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
      ...(creationTimestamp && { creationTimestamp }),
    },
    spec: { replicas: paths.replicas(object) },
    status: { replicas: paths.statusReplicas(object), selector: paths.selector(object) },
  };
}
