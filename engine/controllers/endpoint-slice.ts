import { type ControllerContext, type ControllerDefinition, done, keyOf } from '../client/controller.ts';
import type { WatchChange } from '../client/process.ts';
import { node } from '../kinds/core/node.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import { type Service, service } from '../kinds/core/service.ts';
import { type EndpointSlice, endpointSlice } from '../kinds/discovery/endpoint-slice.ts';
import { formatLabels } from '../kinds/labels.ts';
import { deepEqual } from '../sim/plain.ts';
import { endpointPorts, groupEndpoints, isEndpoint, planSlices, type SliceContent } from './endpoint-slice-plan.ts';
import { isReady } from './pod-state.ts';
import { findMembers, findNearMiss, hasSelector, type Members, trackPod } from './service-members.ts';
import { isDeleting, metaOf, namespaceOf, newControllerRef, refsTo, refTo } from './stored-object.ts';

interface EndpointSliceState {
  readonly members: Members;
}
type Context = ControllerContext<EndpointSliceState>;

const managedBy = 'endpointslice-controller.k8s.io';
const zoneLabel = 'topology.kubernetes.io/zone';
const headlessLabel = 'service.kubernetes.io/headless';

/** Keeps EndpointSlices of Services with a selector. Kubernetes: pkg/controller/endpointslice (1.36). */
export const endpointSliceController: ControllerDefinition<EndpointSliceState> = {
  name: 'endpoint-slice-controller',
  watches: [
    { kind: service, enqueue: keysForService },
    { kind: pod, enqueue: keysForPod },
    { kind: endpointSlice, enqueue: keysForSlice },
  ],
  reads: [node],
  initialState: () => ({ members: new Map() }),

  reconcile(context, key) {
    const object = context.lister(service).byKey(key);
    if (!object || isDeleting(object) || !hasSelector(object)) return done;
    const pods = membersOf(context, key);
    const existing = slicesOf(context, object);
    const nodes = context.lister(node);
    const groups = groupEndpoints(object, pods, (name) => nodes.get('', name)?.metadata?.labels?.[zoneLabel]);
    const plan = planSlices(groups, existing, object.spec?.ipFamilies ?? ['IPv4']);
    for (const slice of plan.remove) context.client.remove(endpointSlice, namespaceOf(slice), metaOf(slice).name);
    for (const content of plan.create) context.client.create(endpointSlice, newSlice(object, content));
    for (const { slice, endpoints } of plan.update) context.client.update(endpointSlice, { ...withLabels(slice, object), endpoints });
    const touched = new Set([...plan.update.map(({ slice }) => slice), ...plan.remove]);
    for (const slice of existing) {
      const labelled = withLabels(slice, object);
      if (!touched.has(slice) && !deepEqual(labelled.metadata?.labels, slice.metadata?.labels))
        context.client.update(endpointSlice, labelled);
    }
    report(context, object, pods);
    return done;
  },
};

function keysForService({ state, lister }: Context, change: WatchChange): readonly string[] {
  const current = change.object as Service;
  const key = keyOf(current);
  if (change.type === 'deleted' || !hasSelector(current)) {
    state.members.delete(key);
    return [];
  }
  const before = change.old as Service | undefined;
  if (!state.members.has(key) || !deepEqual(before?.spec?.selector, current.spec?.selector))
    findMembers(state.members, current, lister(pod));
  return [key];
}

/** Many changes of a large Service are written together: a millisecond for each ten pods. */
const podsPerMs = 10;

function keysForPod(context: Context, change: WatchChange): readonly string[] {
  const { state, lister } = context;
  const current = change.object as Pod;
  const before = change.old as Pod | undefined;
  if (change.type === 'modified' && before && !isRelevant(before, current)) return [];
  return enqueueTogether(context, trackPod(state.members, current, change.type === 'deleted', lister(service)));
}

/** Returns the keys of small Services; large ones are looked at a little later. */
function enqueueTogether(context: Context, keys: readonly string[]): readonly string[] {
  return keys.filter((key) => {
    const delayMs = Math.floor((context.state.members.get(key)?.size ?? 0) / podsPerMs);
    if (delayMs > 0) context.enqueueAfter(key, delayMs);
    return delayMs === 0;
  });
}

/** Most changes of a pod's status change nothing about its endpoint. */
function isRelevant(before: Pod, current: Pod): boolean {
  return (
    isEndpoint(before) !== isEndpoint(current) ||
    isReady(before) !== isReady(current) ||
    isDeleting(before) !== isDeleting(current) ||
    before.status?.podIP !== current.status?.podIP ||
    !deepEqual(before.metadata?.labels, current.metadata?.labels)
  );
}

function keysForSlice(context: Context, change: WatchChange): readonly string[] {
  const labels = change.object.metadata?.labels;
  const name = labels?.['kubernetes.io/service-name'];
  if (name === undefined || labels?.['endpointslice.kubernetes.io/managed-by'] !== managedBy) return [];
  return enqueueTogether(context, [`${namespaceOf(change.object)}/${name}`]);
}

function membersOf({ state, lister }: Context, key: string): readonly Pod[] {
  const pods: Pod[] = [];
  for (const podKey of state.members.get(key) ?? []) {
    const found = lister(pod).byKey(podKey);
    if (found) pods.push(found);
  }
  return pods;
}

function slicesOf({ lister }: Context, object: Service): readonly EndpointSlice[] {
  const slices: EndpointSlice[] = [];
  for (const slice of lister(endpointSlice).ownedBy(metaOf(object).uid)) {
    if (!isDeleting(slice) && slice.metadata?.labels?.['endpointslice.kubernetes.io/managed-by'] === managedBy) slices.push(slice);
  }
  return slices;
}

/** The Service's own labels and those by which consumers find its slices. */
function sliceLabels(object: Service): Readonly<Record<string, string>> {
  const { [headlessLabel]: _, ...labels } = object.metadata?.labels ?? {};
  return {
    ...labels,
    ...(object.spec?.clusterIP === 'None' && { [headlessLabel]: '' }),
    'endpointslice.kubernetes.io/managed-by': managedBy,
    'kubernetes.io/service-name': metaOf(object).name,
  };
}

function withLabels(slice: EndpointSlice, object: Service): EndpointSlice {
  return { ...slice, metadata: { ...slice.metadata, labels: sliceLabels(object) } };
}

function newSlice(object: Service, { addressType, ports, endpoints }: SliceContent): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${metaOf(object).name}-`,
      namespace: namespaceOf(object),
      labels: sliceLabels(object),
      ownerReferences: [newControllerRef(service, object)],
    },
    addressType,
    endpoints,
    ports,
  };
}

function report(context: Context, object: Service, pods: readonly Pod[]): void {
  const about = refTo(service, object);
  const selector = object.spec?.selector ?? {};
  if (pods.length === 0) {
    const { pods: count, nearest, seen } = findNearMiss(selector, context.lister(pod).inNamespace(namespaceOf(object)));
    const text = `selector ${formatLabels(selector)} matches 0 of ${count} pods in namespace ${namespaceOf(object)}`;
    context.finding(about, 'endpoints', nearest === undefined ? text : `${text}; nearest: ${nearest}`, refsTo(pod, seen));
  } else if (!pods.some((candidate) => isEndpoint(candidate) && isReady(candidate) && !isDeleting(candidate))) {
    const text = pods.length === 1 ? '1 pod matches but it is not ready' : `${pods.length} pods match but none is ready`;
    context.finding(about, 'endpoints', text, refsTo(pod, pods));
  } else context.finding(about, 'endpoints', undefined);
  context.finding(about, 'ports', missingPort(object, pods), refsTo(pod, pods));
}

function missingPort(object: Service, pods: readonly Pod[]): string | undefined {
  for (const port of object.spec?.ports ?? []) {
    if (typeof port.targetPort !== 'string' || pods.length === 0) continue;
    const only = { ...object, spec: { ...object.spec, ports: [port] } };
    const without = pods.filter((candidate) => endpointPorts(only, candidate).length === 0);
    if (without.length > 0)
      return `target port "${port.targetPort}" has no container port of that name in ${without.length} of ${pods.length} pods`;
  }
  return undefined;
}
