import type { ApiServer } from '../apiserver/api-server.ts';
import type { ApiRequest, ObjectList, PatchType, RemoveOptions, RequestOptions, UserInfo, Verb } from '../apiserver/request.ts';
import type { AnyKind, ApiObject, KindDefinition } from '../kinds/define-kind.ts';
import { isApiError } from '../schema/api-error.ts';
import { cloneJson, type Mutable } from '../sim/plain.ts';
import type { Client } from './client.ts';

/** How often `modify` reads again after a conflict before it gives up. Kubernetes: client-go/util/retry DefaultRetry. */
const maxConflicts = 5;

const strict: RequestOptions = { fieldValidation: 'Strict' };

/** A client in the same process as the API server: requests enter the pipeline as they would after routing. */
export function createApiClient(api: ApiServer, user: UserInfo, actor: string): Client {
  return new ApiClient(api, user, actor);
}

class ApiClient implements Client {
  readonly #api: ApiServer;
  readonly #user: UserInfo;
  readonly #actor: string;

  constructor(api: ApiServer, user: UserInfo, actor: string) {
    this.#api = api;
    this.#user = user;
    this.#actor = actor;
  }

  get<T extends ApiObject>(kind: KindDefinition<T>, namespace: string, name: string): T {
    return this.#run('get', kind, { namespace, name }) as T;
  }

  find<T extends ApiObject>(kind: KindDefinition<T>, namespace: string, name: string): T | undefined {
    return this.#api.find(kind, namespace, name) as T | undefined;
  }

  list<T extends ApiObject>(
    kind: KindDefinition<T>,
    namespace = '',
    selectors: { readonly labelSelector?: string; readonly fieldSelector?: string } = {},
  ): readonly T[] {
    return (this.#run('list', kind, { namespace, name: '', options: selectors }) as ObjectList).items as readonly T[];
  }

  create<T extends ApiObject>(kind: KindDefinition<T>, object: T): T {
    return this.#run('create', kind, { namespace: homeOf(kind, object), name: object.metadata?.name ?? '', body: object }) as T;
  }

  update<T extends ApiObject>(kind: KindDefinition<T>, object: T): T {
    return this.#run('update', kind, { namespace: homeOf(kind, object), name: object.metadata?.name ?? '', body: object }) as T;
  }

  updateStatus<T extends ApiObject>(kind: KindDefinition<T>, object: T): T {
    return this.#run('update', kind, {
      namespace: homeOf(kind, object),
      name: object.metadata?.name ?? '',
      body: object,
      subresource: 'status',
    }) as T;
  }

  modify<T extends ApiObject>(
    kind: KindDefinition<T>,
    namespace: string,
    name: string,
    change: (draft: Mutable<T>) => void,
    subresource?: 'status' | 'finalize',
  ): T | undefined {
    for (let attempt = 1; ; attempt++) {
      const current = this.find(kind, namespace, name);
      if (!current) return undefined;
      const draft = cloneJson(current);
      change(draft);
      try {
        return this.#run('update', kind, { namespace, name, body: draft, ...(subresource && { subresource }) }) as T;
      } catch (error) {
        if (!isApiError(error, 'Conflict') || attempt >= maxConflicts) throw error;
      }
    }
  }

  patch<T extends ApiObject>(
    kind: KindDefinition<T>,
    namespace: string,
    name: string,
    patchType: PatchType,
    patch: unknown,
    subresource?: string,
  ): T {
    return this.#run('patch', kind, { namespace, name, body: patch, options: { patchType }, ...(subresource && { subresource }) }) as T;
  }

  remove(kind: AnyKind, namespace: string, name: string, options: RemoveOptions = {}): void {
    try {
      this.#run('delete', kind, { namespace, name, options: { remove: options } });
    } catch (error) {
      if (!isApiError(error, 'NotFound')) throw error;
    }
  }

  createSubresource(kind: AnyKind, namespace: string, name: string, subresource: string, body: object): object {
    return this.#run('create', kind, { namespace, name, subresource, body }) as object;
  }

  #run(
    verb: Verb,
    kind: AnyKind,
    parts: Pick<ApiRequest, 'namespace' | 'name' | 'body' | 'subresource'> & { readonly options?: RequestOptions },
  ): unknown {
    return this.#api.execute({
      verb,
      kind,
      ...parts,
      options: parts.options ? { ...strict, ...parts.options } : strict,
      user: this.#user,
      actor: this.#actor,
    });
  }
}

function homeOf(kind: AnyKind, object: ApiObject): string {
  return kind.namespaced ? (object.metadata?.namespace ?? 'default') : '';
}
