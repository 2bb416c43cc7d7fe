import { type AnyKind, type ApiObject, apiVersionOf, type Cluster, type models, type ObjectRef } from '#engine';
import { parseCel } from './cel.ts';

/** Which objects a check is about. */
export interface ObjectQuery {
  /** As kubectl takes it: `pod`, `deploy`, `services`. */
  readonly kind: string;
  /** `all` for every namespace. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** As `kubectl get -l` takes it. */
  readonly selector?: string | undefined;
  /** CEL over `object`. */
  readonly where?: string | undefined;
}

/** The objects of a query, by name. Throws what the API server answers when it cannot be asked. */
export function findObjects(cluster: Cluster, { kind, namespace = 'default', name, selector, where }: ObjectQuery): readonly ApiObject[] {
  const definition = kindNamed(cluster, kind);
  const from = namespace === 'all' ? '' : namespace;
  const listed = cluster
    .client('grader')
    .list(definition, definition.namespaced ? from : '', selector === undefined ? {} : { labelSelector: selector });
  const found = name === undefined ? listed : listed.filter(({ metadata }) => metadata?.name === name);
  return where === undefined ? found : found.filter((object) => parseCel(where).evaluate({ object }) === true);
}

/** `deployment/web` taken apart. */
export function readTarget(of: string): { readonly kind: string; readonly name: string } {
  const [kind = '', name = ''] = of.split('/');
  return { kind, name };
}

export function findTarget(cluster: Cluster, of: string, namespace?: string): ApiObject | undefined {
  return findObjects(cluster, { ...readTarget(of), namespace })[0];
}

export function kindNamed(cluster: Cluster, name: string): AnyKind {
  const found = cluster.api.kinds.findName(name);
  if (!found) throw new Error(`there is no kind "${name}"`);
  return found;
}

export function refOf(cluster: Cluster, kind: string, { metadata }: ApiObject): ObjectRef {
  const definition = kindNamed(cluster, kind);
  const ref = { apiVersion: apiVersionOf(definition), kind: definition.kind, name: metadata?.name ?? '' };
  return definition.namespaced ? { ...ref, namespace: metadata?.namespace ?? 'default' } : ref;
}

export function shownRef({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${name}${namespace === undefined || namespace === 'default' ? '' : ` in namespace ${namespace}`}`;
}

/** The pods of a query as pods. */
export function findPods(cluster: Cluster, query: Omit<ObjectQuery, 'kind'>): readonly (ApiObject & models.V1Pod)[] {
  return findObjects(cluster, { ...query, kind: 'pod' }) as readonly (ApiObject & models.V1Pod)[];
}

export function isReady({ metadata, status }: models.V1Pod): boolean {
  return (
    metadata?.deletionTimestamp === undefined &&
    (status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false)
  );
}
