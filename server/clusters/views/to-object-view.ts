import type { ContainerView, EndpointView, LifeState, ObjectRef, ObjectView } from '../../gateway/protocol.ts';
import type {
  ContainerStatus,
  EndpointSliceObject,
  KubernetesObject,
  NodeObject,
  PodObject,
  ServiceObject,
  WorkloadObject,
} from './kubernetes-object.ts';

/** What a view needs beside the object itself. */
export interface ViewContext {
  /** The columns of `kubectl get -o wide`. */
  readonly columns: readonly { readonly name: string; readonly value: string }[];
  /** The slices of a Service. */
  readonly endpointSlices: readonly EndpointSliceObject[];
  /** Whether a node's machine is switched on. */
  readonly isPoweredOn: boolean;
}

type Details = Pick<ObjectView, 'state' | 'status'> & Partial<Pick<ObjectView, 'pod' | 'service' | 'node' | 'workload'>>;

export function toObjectRef({ apiVersion, kind, metadata: { namespace, name } }: KubernetesObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
}

/** An object as the cluster view shows it. */
export function toObjectView(object: KubernetesObject, context: ViewContext): ObjectView {
  const { metadata } = object;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  const ownerNamespace = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
  const details = detailsOf(object, context);
  return {
    ref: toObjectRef(object),
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    createdAtMs: metadata.creationTimestamp === undefined ? 0 : Date.parse(metadata.creationTimestamp),
    labels: metadata.labels ?? {},
    columns: context.columns,
    ...(owner && { owner: { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.name, ...ownerNamespace } }),
    ...details,
    ...(metadata.deletionTimestamp !== undefined && { state: 'terminating', status: 'Terminating' }),
  };
}

function detailsOf(object: KubernetesObject, context: ViewContext): Details {
  switch (object.kind) {
    case 'Pod':
      return podDetails(object as PodObject, context);
    case 'Node':
      return nodeDetails(object as NodeObject, context);
    case 'Service':
      return serviceDetails(object as ServiceObject, context);
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'DaemonSet':
      return workloadDetails(object as WorkloadObject);
    default:
      return { state: 'running', status: cell(context, 'Status') ?? '' };
  }
}

function cell({ columns }: ViewContext, name: string): string | undefined {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.value;
}

/** Reasons that time alone does not mend. */
const broken = /error|backoff|failed|oomkilled|evicted|invalid|unexpected|deadline/i;

/** What the node controller writes to the pods of a node that it no longer hears of. */
const nodeNotReady = 'NodeNotReady';

function podDetails({ spec, status }: PodObject, context: ViewContext): Details {
  const statuses = status?.containerStatuses ?? [];
  const text = cell(context, 'Status') ?? status?.phase ?? 'Pending';
  const ready = statuses.filter((container) => container.ready).length;
  const containers = spec.containers.map(({ name, image = '' }) =>
    toContainerView(
      name,
      image,
      statuses.find((known) => known.name === name),
    ),
  );
  const isSilent = status?.conditions?.some(({ type, reason }) => type === 'Ready' && reason === nodeNotReady) ?? false;
  return {
    state: isSilent ? 'unknown' : podState(text, status?.phase, ready === spec.containers.length),
    status: text,
    pod: {
      ready,
      containers,
      ...(spec.nodeName !== undefined && { node: spec.nodeName }),
      ...(status?.podIP !== undefined && { ip: status.podIP }),
    },
  };
}

function podState(text: string, phase: string | undefined, isReady: boolean): LifeState {
  if (phase === 'Unknown') return 'unknown';
  if (phase === 'Failed' || broken.test(text)) return 'failed';
  if (phase === 'Succeeded') return 'running';
  return phase === 'Running' && isReady ? 'running' : 'pending';
}

function toContainerView(name: string, image: string, status: ContainerStatus | undefined): ContainerView {
  const { waiting, running, terminated } = status?.state ?? {};
  const reason = waiting?.reason ?? terminated?.reason;
  const state: LifeState = running
    ? 'running'
    : (terminated && terminated.exitCode !== 0) || broken.test(reason ?? '')
      ? 'failed'
      : terminated
        ? 'running'
        : 'pending';
  return { name, image: status?.image ?? image, state, restarts: status?.restartCount ?? 0, ...(reason !== undefined && { reason }) };
}

function nodeDetails({ metadata, spec, status }: NodeObject, context: ViewContext): Details {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  const zone = metadata.labels?.['topology.kubernetes.io/zone'];
  return {
    state: ready === 'True' ? 'running' : ready === 'False' ? 'failed' : ready === 'Unknown' ? 'unknown' : 'pending',
    status: cell(context, 'Status') ?? '',
    node: {
      ip: status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '',
      ready: ready === 'True',
      schedulable: spec?.unschedulable !== true,
      taints: (spec?.taints ?? []).map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`),
      poweredOn: context.isPoweredOn,
      ...(zone !== undefined && { zone }),
    },
  };
}

function serviceDetails({ spec, status }: ServiceObject, { endpointSlices }: ViewContext): Details {
  const endpoints = endpointSlices.flatMap(({ endpoints: all = [] }) => all.map(toEndpointView));
  const ready = endpoints.filter((endpoint) => endpoint.ready).length;
  const selector = spec.selector ?? {};
  const hasSelector = Object.keys(selector).length > 0;
  const ingress = status?.loadBalancer?.ingress?.[0];
  const external = ingress?.ip ?? ingress?.hostname;
  return {
    state: ready > 0 || !hasSelector ? 'running' : endpoints.length > 0 ? 'pending' : 'failed',
    status: hasSelector ? `${ready} of ${endpoints.length} endpoints ready` : 'no selector',
    service: {
      type: spec.type ?? 'ClusterIP',
      ports: (spec.ports ?? []).map(({ port, nodePort, protocol = 'TCP' }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`),
      selector,
      endpoints,
      ...(spec.clusterIP !== undefined && { clusterIP: spec.clusterIP }),
      ...(external !== undefined && { external }),
    },
  };
}

function toEndpointView({ addresses, conditions, targetRef }: NonNullable<EndpointSliceObject['endpoints']>[number]): EndpointView {
  const pod = targetRef?.kind === 'Pod' ? targetRef.name : undefined;
  return { address: addresses[0] ?? '', ready: conditions?.ready !== false, ...(pod !== undefined && { pod }) };
}

function workloadDetails({ spec, status = {} }: WorkloadObject): Details {
  const desired = status.desiredNumberScheduled ?? spec?.replicas ?? 1;
  const ready = status.numberReady ?? status.readyReplicas ?? 0;
  const updated = status.updatedNumberScheduled ?? status.updatedReplicas ?? 0;
  return { state: ready >= desired ? 'running' : 'pending', status: `${ready}/${desired} ready`, workload: { desired, ready, updated } };
}
