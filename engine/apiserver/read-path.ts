import type { KeyValue, Store } from '../etcd/store.ts';
import { type AnyKind, type ApiObject, apiVersionOf } from '../kinds/define-kind.ts';
import { ApiError, badRequest, notFound } from '../schema/api-error.ts';
import { decodeBase64, encodeBase64 } from '../schema/base64.ts';
import type { ApiRequest, ObjectList } from './request.ts';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';
import { resourceOf, storeKey } from './write-path.ts';

/** Fills in what is not stored because it would change all the time, e.g. the renewal of a Lease. */
export type ReadFilter = (kind: AnyKind, object: ApiObject) => ApiObject;

/** Reads: single objects and lists with selectors, paging and revisions. */
export class ReadPath {
  readonly #store: Store;
  readonly #filter: ReadFilter;

  constructor(store: Store, filter: ReadFilter) {
    this.#store = store;
    this.#filter = filter;
  }

  get({ kind, namespace, name }: ApiRequest): ApiObject {
    const found = this.#store.get(storeKey(kind, namespace, name));
    if (!found) throw notFound(resourceOf(kind), name);
    return this.#filter(kind, found.value as ApiObject);
  }

  find(kind: AnyKind, namespace: string, name: string): ApiObject | undefined {
    const found = this.#store.get(storeKey(kind, namespace, name));
    return found && this.#filter(kind, found.value as ApiObject);
  }

  list(request: ApiRequest): ObjectList {
    const { kind, namespace, options } = request;
    const prefix = kind.namespaced && namespace !== '' ? `${kind.storagePrefix}/${namespace}/` : `${kind.storagePrefix}/`;
    const page = parseContinue(options.continue);
    const revision = page?.revision ?? exactRevision(options, this.#store.revision);
    const entries = this.#range(prefix, revision);
    const matchesLabels = parseLabelSelector(options.labelSelector);
    const matchesFields = parseFieldSelector(kind, options.fieldSelector);
    const items: ApiObject[] = [];
    let next: string | undefined;
    for (const entry of entries) {
      if (page && entry.key <= page.after) continue;
      const object = this.#filter(kind, entry.value as ApiObject);
      if (!matchesLabels(object) || !matchesFields(object)) continue;
      if (options.limit && items.length === options.limit) {
        next = formatContinue({
          revision,
          after: storeKey(kind, items.at(-1)?.metadata?.namespace ?? '', items.at(-1)?.metadata?.name ?? ''),
        });
        break;
      }
      items.push(object);
    }
    const metadata = { resourceVersion: String(revision), ...(next !== undefined && { continue: next }) } as ObjectList['metadata'];
    return { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), ...(metadata && { metadata }), items };
  }

  #range(prefix: string, revision: number): readonly KeyValue[] {
    const entries = this.#store.range(prefix, revision);
    if (entries === 'Compacted')
      throw new ApiError(
        'Expired',
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      );
    if (entries === 'FutureRevision') {
      throw new ApiError('Timeout', `Too large resource version: ${revision}, current: ${this.#store.revision}`, {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      });
    }
    return entries;
  }
}

function exactRevision({ resourceVersion, resourceVersionMatch }: ApiRequest['options'], newest: number): number {
  if (resourceVersion === undefined || resourceVersion === '' || resourceVersion === '0') return newest;
  const revision = Number(resourceVersion);
  if (!/^\d+$/.test(resourceVersion))
    throw badRequest(
      `resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}: strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
    );
  return resourceVersionMatch === 'Exact' ? revision : Math.max(revision, newest);
}

interface Page {
  readonly revision: number;
  readonly after: string;
}

function formatContinue({ revision, after }: Page): string {
  return encodeBase64(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: after }));
}

function parseContinue(text: string | undefined): Page | undefined {
  if (text === undefined || text === '') return undefined;
  const decoded = /^\{"v":"meta\.k8s\.io\/v1","rv":(\d+),"start":("(?:[^"\\]|\\.)*")\}$/.exec(decodeBase64(text) ?? '');
  if (!decoded) throw badRequest('continue key is not valid: illegal base64 data');
  return { revision: Number(decoded[1]), after: JSON.parse(decoded[2] as string) as string };
}
