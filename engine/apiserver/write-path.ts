import type { Store } from '../etcd/store.ts';
import { type Service, service } from '../kinds/core/service.ts';
import { type AnyKind, type ApiObject, apiVersionOf } from '../kinds/define-kind.ts';
import { ApiError, alreadyExists, badRequest, conflict, invalidObject, notFound, optimisticLockMessage } from '../schema/api-error.ts';
import { decodeModel } from '../schema/decode.ts';
import type { FieldError } from '../schema/field-error.ts';
import type { ObjectRef } from '../sim/object-ref.ts';
import { deepEqual, deepFreeze, type Mutable } from '../sim/plain.ts';
import type { CauseId, Simulation } from '../sim/simulation.ts';
import type { TraceRecorder } from '../trace/recorder.ts';
import type { AdmissionContext, AdmissionPlugin } from './admission/admission.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts';
import type { ApiRequest } from './request.ts';
import type { ServiceAddresses } from './service-addresses.ts';
import { traceText } from './trace-text.ts';

/** The size of a simulated cluster's database: far more than a lab needs, and less than would hurt its neighbours. */
const maxKeys = 25_000;

/** Kubernetes: kube-apiserver --etcd-compaction-interval. */
const compactionMs = 300_000;

type Draft = Mutable<ApiObject> & Record<string, unknown>;

export interface WritePathParts {
  readonly store: Store;
  readonly sim: Simulation;
  readonly trace: TraceRecorder;
  readonly admission: readonly AdmissionPlugin[];
  readonly addresses: ServiceAddresses;
}

/** Everything that changes the store: decode → default → admit → prepare → validate → etcd → trace. */
export class WritePath {
  readonly #parts: WritePathParts;

  constructor(parts: WritePathParts) {
    this.#parts = parts;
  }

  create(request: ApiRequest, warnings: string[]): ApiObject {
    const { kind, namespace } = request;
    const draft = decodeBody(request, warnings);
    draft.metadata ??= {};
    const { metadata } = draft;
    if (metadata.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created');
    checkNamespace(kind, metadata, namespace);
    delete metadata.deletionTimestamp;
    delete metadata.deletionGracePeriodSeconds;
    delete metadata.managedFields;
    metadata.uid = this.#parts.sim.uid();
    metadata.creationTimestamp = this.#parts.sim.timestamp();
    if (!metadata.name && metadata.generateName) metadata.name = `${metadata.generateName.slice(0, 58)}${this.#parts.sim.suffix()}`;
    if (kind.generationFields.length > 0) metadata.generation = 1;
    else delete metadata.generation;
    kind.defaults(draft);
    const named: ApiRequest = { ...request, name: metadata.name ?? '' };
    this.#mutate(named, draft, undefined);
    kind.prepareForCreate(draft, this.#strategyContext());
    this.#validate(kind, draft, this.#allocate(kind, draft, undefined), undefined);
    this.#admit(named, draft, undefined);
    warnings.push(...kind.warnings(draft));
    return this.#commit(named, draft, undefined);
  }

  update(request: ApiRequest, warnings: string[]): ApiObject {
    const { kind, namespace, name } = request;
    const old = this.existing(kind, namespace, name);
    const draft = decodeBody(request.subresource === 'status' ? { ...request, body: withoutShared(request.body, old) } : request, warnings);
    draft.metadata ??= {};
    const { metadata } = draft;
    checkNamespace(kind, metadata, namespace);
    if (metadata.name === undefined) metadata.name = name;
    else if (metadata.name !== name) {
      throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
    }
    if (metadata.uid && metadata.uid !== old.metadata?.uid) {
      throw conflict(
        resourceOf(kind),
        name,
        `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata?.uid ?? ''}`,
      );
    }
    if (metadata.resourceVersion && metadata.resourceVersion !== old.metadata?.resourceVersion)
      throw conflict(resourceOf(kind), name, optimisticLockMessage);
    return request.subresource === 'status' ? this.#updateStatus(request, draft, old) : this.#updateObject(request, draft, old, warnings);
  }

  /** Stores an object that a subresource has built from the old one; defaults and validation have been through already. */
  replace(request: ApiRequest, next: ApiObject, old: ApiObject): ApiObject {
    const draft = { ...next, metadata: { ...next.metadata } } as unknown as Draft;
    const before = old as Record<string, unknown>;
    shareUnchanged(draft, before);
    return this.#commit(request, draft, old);
  }

  existing(kind: AnyKind, namespace: string, name: string): ApiObject {
    const found = this.#parts.store.get(storeKey(kind, namespace, name));
    if (!found) throw notFound(resourceOf(kind), name);
    return found.value as ApiObject;
  }

  #updateObject(request: ApiRequest, draft: Draft, old: ApiObject, warnings: string[]): ApiObject {
    const { kind } = request;
    keepSystemMetadata(draft, old);
    const before = old as Record<string, unknown>;
    if (kind.subresources.includes('status')) assignOrDelete(draft, 'status', before['status']);
    kind.defaults(draft);
    this.#mutate(request, draft, old);
    kind.prepareForUpdate(draft, old, this.#strategyContext());
    const allocationErrors = this.#allocate(kind, draft, old);
    shareUnchanged(draft, before);
    if (kind.generationFields.some((field) => draft[field] !== before[field]))
      draft.metadata = { ...draft.metadata, generation: (old.metadata?.generation ?? 0) + 1 };
    this.#validate(kind, draft, allocationErrors, old);
    this.#admit(request, draft, old);
    warnings.push(...kind.warnings(draft));
    return this.#commit(request, draft, old);
  }

  #updateStatus(request: ApiRequest, draft: Draft, old: ApiObject): ApiObject {
    const { kind } = request;
    const next = { ...old, status: draft['status'] } as unknown as Draft;
    if (draft['status'] === undefined) delete next['status'];
    const errors = kind.validateStatusUpdate(next, old);
    if (errors.length > 0) throw invalidObject(kind, request.name, errors);
    shareUnchanged(next, old as Record<string, unknown>);
    return this.#commit(request, next, old);
  }

  #mutate(request: ApiRequest, draft: Draft, old: ApiObject | undefined): void {
    const context = this.#admissionContext(request);
    for (const plugin of this.#parts.admission) plugin.mutate?.(context, draft, old);
  }

  #admit(request: ApiRequest, object: ApiObject, old: ApiObject | undefined): void {
    const context = this.#admissionContext(request);
    for (const plugin of this.#parts.admission) plugin.validate?.(context, object, old);
  }

  /** Admission of a delete, which has no new object. */
  admitDelete(request: ApiRequest, old: ApiObject): void {
    const context = this.#admissionContext(request);
    for (const plugin of this.#parts.admission) plugin.validate?.(context, undefined, old);
  }

  #admissionContext(request: ApiRequest): AdmissionContext {
    return { request, find: (kind, namespace, name) => this.#parts.store.get(storeKey(kind, namespace, name))?.value as never };
  }

  #strategyContext(): { readonly now: number; readonly timestamp: string } {
    return { now: this.#parts.sim.now, timestamp: this.#parts.sim.timestamp() };
  }

  #allocate(kind: AnyKind, draft: Draft, old: ApiObject | undefined): readonly FieldError[] {
    return kind === (service as AnyKind) ? this.#parts.addresses.allocate(draft as Mutable<Service>, old as Service | undefined) : [];
  }

  #validate(kind: AnyKind, draft: Draft, allocationErrors: readonly FieldError[], old: ApiObject | undefined): void {
    const errors = [
      ...validateObjectMeta(kind, draft),
      ...(old ? validateObjectMetaUpdate(draft, old) : []),
      ...kind.validate(draft),
      ...allocationErrors,
    ];
    if (old) errors.push(...kind.validateUpdate(draft, old));
    if (errors.length > 0) throw invalidObject(kind, draft.metadata?.name || draft.metadata?.generateName || '', errors);
  }

  /** Stores the draft and records the write; an unchanged object is not written. */
  #commit(request: ApiRequest, draft: Draft, old: ApiObject | undefined): ApiObject {
    const { store, trace } = this.#parts;
    const { kind } = request;
    const name = draft.metadata?.name ?? '';
    if (old && isUnchanged(draft, old as Record<string, unknown>)) return old;
    const isFinished = old?.metadata?.deletionTimestamp !== undefined && isReadyToGo(kind, draft);
    const key = storeKey(kind, request.namespace, name);
    if (!old && store.get(key)) throw alreadyExists(resourceOf(kind), name);
    if (request.options.dryRun) return deepFreeze({ ...draft, metadata: withRevision(draft, old?.metadata?.resourceVersion) }) as ApiObject;
    if (!old && store.state.keyCount >= maxKeys)
      throw new ApiError(
        'InternalError',
        `etcdserver: mvcc: database space exceeded (this cluster holds at most ${maxKeys} objects, events included; delete some)`,
      );
    store.compactEvery(compactionMs);
    const revision = store.nextRevision(this.causeOf(kind));
    const stored = deepFreeze({ ...draft, metadata: withRevision(draft, String(revision)) }) as ApiObject;
    const cause = this.causeOf(kind);
    if (isFinished) store.transact([], [{ type: 'delete', key }], cause);
    else {
      const lease = kind.ttlMs > 0 ? store.leaseFor(kind.ttlMs) : 0;
      store.transact([], [{ type: 'put', key, value: stored, lease }], cause);
    }
    const text = traceText(kind, request.subresource, stored, old);
    this.record(request, name, isFinished ? 'delete' : request.verb, revision, text);
    if (isFinished) trace.forget(refTo(request, name));
    return stored;
  }

  /** The step that a write of the kind is: the one about to be recorded, or the one that is under way. */
  causeOf(kind: AnyKind): CauseId {
    return kind.isTraced ? this.#parts.trace.nextId : this.#parts.sim.cause;
  }

  record(request: ApiRequest, name: string, verb: string, revision: number, text: string): void {
    if (!request.kind.isTraced) return;
    this.#parts.trace.record({
      actor: request.actor ?? request.user.name,
      verb,
      about: refTo(request, name),
      text,
      revision,
    });
  }
}

export function refTo({ kind, namespace }: ApiRequest, name: string): ObjectRef {
  return { apiVersion: apiVersionOf(kind), kind: kind.kind, ...(kind.namespaced && { namespace }), name };
}

export function storeKey(kind: AnyKind, namespace: string, name: string): string {
  return kind.namespaced ? `${kind.storagePrefix}/${namespace}/${name}` : `${kind.storagePrefix}/${name}`;
}

export function resourceOf(kind: AnyKind): { readonly group: string; readonly resource: string } {
  return { group: kind.group, resource: kind.plural };
}

/** Whether nothing holds a deleted object back any more. */
export function isReadyToGo(kind: AnyKind, object: ApiObject): boolean {
  const specFinalizers =
    kind.kind === 'Namespace' ? (object as { readonly spec?: { readonly finalizers?: readonly string[] } }).spec?.finalizers : undefined;
  return (
    (object.metadata?.finalizers ?? []).length === 0 &&
    (specFinalizers ?? []).length === 0 &&
    (object.metadata?.deletionGracePeriodSeconds ?? 0) === 0
  );
}

function withRevision({ metadata }: Draft, revision: string | undefined): object {
  const { resourceVersion: _, ...rest } = metadata ?? {};
  return { ...rest, ...(revision !== undefined && { resourceVersion: revision }) };
}

function decodeBody(request: ApiRequest, warnings: string[]): Draft {
  const { kind, body, options } = request;
  const given = (typeof body === 'object' && body !== null ? body : {}) as { readonly apiVersion?: unknown; readonly kind?: unknown };
  const version = apiVersionOf(kind);
  if ((given.kind !== undefined && given.kind !== kind.kind) || (given.apiVersion !== undefined && given.apiVersion !== version)) {
    throw badRequest(`the API version in the data (${String(given.apiVersion)}) does not match the expected API version (${version})`);
  }
  const { value, unknownFields, typeError } = decodeModel(kind.model, body);
  const prefix = `${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}`;
  if (typeError !== undefined) throw badRequest(`${prefix}: ${typeError}`);
  if (unknownFields.length > 0) {
    const texts = unknownFields.map((field) => `unknown field ${JSON.stringify(field)}`);
    if (options.fieldValidation === 'Strict') throw badRequest(`${prefix}: strict decoding error: ${texts.join(', ')}`);
    if (options.fieldValidation !== 'Ignore') warnings.push(...texts);
  }
  return { apiVersion: version, kind: kind.kind, ...value } as Draft;
}

/** A status is written with the object around it; parts that are the stored ones have been decoded before. */
function withoutShared(body: unknown, old: ApiObject): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const fields: Record<string, unknown> = {};
  for (const field in body) {
    const value = (body as Record<string, unknown>)[field];
    if (field === 'metadata' || field === 'status' || typeof value !== 'object' || value !== (old as Record<string, unknown>)[field])
      fields[field] = value;
  }
  return fields;
}

function checkNamespace(kind: AnyKind, metadata: { namespace?: string }, namespace: string): void {
  if (!kind.namespaced) return;
  if (metadata.namespace === undefined || metadata.namespace === '') metadata.namespace = namespace;
  else if (metadata.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** Clients cannot change what the system keeps in `metadata`. */
function keepSystemMetadata(draft: Draft, old: ApiObject): void {
  const metadata = draft.metadata as Mutable<NonNullable<ApiObject['metadata']>> & Record<string, unknown>;
  for (const field of [
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
    'generateName',
  ] as const) {
    assignOrDelete(metadata, field, old.metadata?.[field]);
  }
}

function assignOrDelete(target: Record<string, unknown>, field: string, value: unknown): void {
  if (value === undefined) delete target[field];
  else target[field] = value;
}

/** Parts that are as before are the old, shared parts: cheap to compare from then on, and kept once in memory. */
function shareUnchanged(draft: Draft, old: Record<string, unknown>): void {
  for (const field in draft) {
    if (field !== 'metadata' && draft[field] !== old[field] && deepEqual(draft[field], old[field])) draft[field] = old[field];
  }
}

function isUnchanged(draft: Draft, old: Record<string, unknown>): boolean {
  for (const field in draft) if (field !== 'metadata' && draft[field] !== old[field]) return false;
  for (const field in old) if (draft[field] === undefined) return false;
  const { resourceVersion: _, ...before } = old['metadata'] as Record<string, unknown>;
  const { resourceVersion: _given, ...after } = draft.metadata as Record<string, unknown>;
  return deepEqual(before, after);
}

export function unsupportedMethod(): ApiError {
  return new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource');
}
