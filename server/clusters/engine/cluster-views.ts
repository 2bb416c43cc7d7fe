import { type AnyKind, type ApiObject, type Cluster, type ComponentStatus, describeStep, parseTime, type TraceEntry } from '#engine';
import type { ComponentView, EventView, ObjectRef, ObjectView, TraceView } from '../../gateway/protocol.ts';
import { type EndpointSliceObject, type KubernetesObject, serviceNameLabel } from '../views/kubernetes-object.ts';
import { toObjectView } from '../views/to-object-view.ts';

/** Kinds that the cluster view does not show as objects: they have a place of their own, or change all the time. */
const hiddenKinds = ['Event', 'Lease', 'EndpointSlice'];

export function isShown(kind: AnyKind): boolean {
  return !hiddenKinds.includes(kind.kind);
}

/** An object as the cluster view shows it. */
export function viewObject(cluster: Cluster, kind: AnyKind, object: ApiObject): ObjectView {
  const columns = kind.columns.map(
    (column: { readonly name: string; value(object: ApiObject, context: { readonly now: number }): string | number }) => ({
      name: column.name,
      value: String(column.value(object, { now: cluster.now })),
    }),
  );
  const name = object.metadata?.name ?? '';
  return toObjectView(object as KubernetesObject, {
    columns,
    endpointSlices: kind.kind === 'Service' ? slicesOf(cluster, object) : [],
    isPoweredOn: kind.kind === 'Node' ? (cluster.nodes.machine(name)?.state.poweredOn ?? false) : true,
  });
}

function slicesOf(cluster: Cluster, { metadata }: ApiObject): readonly EndpointSliceObject[] {
  const entries = cluster.api.store.range(`/registry/endpointslices/${metadata?.namespace ?? ''}/`);
  if (!Array.isArray(entries)) return [];
  return entries
    .map(({ value }: { readonly value: object }) => value as ApiObject)
    .filter((slice) => slice.metadata?.labels?.[serviceNameLabel] === metadata?.name) as unknown as readonly EndpointSliceObject[];
}

/** Every shown object, straight from the store: the picture stays while the API is down. */
export function viewAllObjects(cluster: Cluster): readonly ObjectView[] {
  return cluster.api.kinds.all
    .filter(isShown)
    .flatMap((kind) => storedObjects(cluster, kind).map((object) => viewObject(cluster, kind, object)));
}

export function storedObjects(cluster: Cluster, kind: AnyKind): readonly ApiObject[] {
  const entries = cluster.api.store.range(`${kind.storagePrefix}/`);
  return Array.isArray(entries) ? entries.map(({ value }: { readonly value: object }) => value as ApiObject) : [];
}

interface StoredEvent extends ApiObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
  readonly firstTimestamp?: string;
  readonly source?: { readonly component?: string };
  readonly reportingComponent?: string;
  readonly involvedObject?: { readonly apiVersion?: string; readonly kind?: string; readonly namespace?: string; readonly name?: string };
}

export function viewEvent(object: ApiObject): EventView {
  const event = object as StoredEvent;
  const { apiVersion = 'v1', kind = '', namespace, name = '' } = event.involvedObject ?? {};
  return {
    id: event.metadata?.uid ?? '',
    atMs: parseTime(event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp ?? '') ?? 0,
    type: event.type === 'Warning' ? 'Warning' : 'Normal',
    reason: event.reason ?? '',
    message: event.message ?? '',
    count: event.count ?? 1,
    about: { apiVersion, kind, name, ...(namespace && { namespace }) },
    from: event.source?.component ?? event.reportingComponent ?? '',
  };
}

export function viewComponent({ name, node, health, detail }: ComponentStatus): ComponentView {
  return { name, health, detail, ...(node !== undefined && { node }) };
}

/** A step as a short sentence without its subject. */
export function viewTrace(entry: TraceEntry): TraceView {
  const [actor = '', node] = entry.actor.split('/');
  return {
    id: entry.id,
    atMs: entry.atMs,
    actor,
    text: describeStep(entry),
    because: entry.because > 0 ? [entry.because] : [],
    ...(node !== undefined && { node }),
    ...(entry.about && { about: entry.about }),
    ...(entry.revision !== undefined && { revision: entry.revision }),
  };
}

export function refOf(kind: AnyKind, { metadata }: ApiObject): ObjectRef {
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  return { apiVersion, kind: kind.kind, name: metadata?.name ?? '', ...(metadata?.namespace && { namespace: metadata.namespace }) };
}
