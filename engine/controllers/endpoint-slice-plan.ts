import type { Pod } from '../kinds/core/pod.ts';
import type { Service } from '../kinds/core/service.ts';
import type { EndpointSlice } from '../kinds/discovery/endpoint-slice.ts';
import type { DiscoveryV1EndpointPort, V1Endpoint, V1Service } from '../schema/generated/models.ts';
import { deepEqual } from '../sim/plain.ts';
import { hasFinished, isReady } from './pod-state.ts';
import { isDeleting, metaOf, namespaceOf } from './stored-object.ts';

/** Which endpoints a Service has, and in which slices. Kubernetes: staging/src/k8s.io/endpointslice (1.36). */
export const maxEndpointsPerSlice = 100;

/** Endpoints that share address type and ports go into the same slices. */
export interface EndpointGroup {
  readonly addressType: string;
  readonly ports: readonly DiscoveryV1EndpointPort[];
  /** By pod uid, in the order in which the pods came. */
  readonly endpoints: ReadonlyMap<string, V1Endpoint>;
}

/** Pods that have an address and still run (or end gracefully) are endpoints, ready or not. */
export function isEndpoint(pod: Pod): boolean {
  return !hasFinished(pod) && (pod.status?.podIP ?? '') !== '';
}

export type ZoneOf = (node: string) => string | undefined;

interface Placement {
  readonly id: string;
  readonly addressType: string;
  readonly ports: readonly DiscoveryV1EndpointPort[];
  readonly endpoint: V1Endpoint;
  readonly zone: string | undefined;
}

/** What follows from a Service and a pod alone. Both are frozen, so the answer stays true for as long as they live. */
const placements = new WeakMap<Service, WeakMap<Pod, readonly Placement[]>>();

export function groupEndpoints(service: Service, pods: Iterable<Pod>, zoneOf: ZoneOf): readonly EndpointGroup[] {
  const groups = new Map<string, { addressType: string; ports: readonly DiscoveryV1EndpointPort[]; endpoints: Map<string, V1Endpoint> }>();
  for (const pod of pods) {
    for (const { id, addressType, ports, endpoint } of placementsOf(service, pod, zoneOf)) {
      let group = groups.get(id);
      if (!group) {
        group = { addressType, ports, endpoints: new Map() };
        groups.set(id, group);
      }
      group.endpoints.set(metaOf(pod).uid, endpoint);
    }
  }
  return [...groups.values()];
}

function placementsOf(service: Service, pod: Pod, zoneOf: ZoneOf): readonly Placement[] {
  const zone = pod.spec?.nodeName === undefined ? undefined : zoneOf(pod.spec.nodeName);
  let known = placements.get(service);
  const before = known?.get(pod);
  if (before && (before.length === 0 || before[0]?.zone === zone)) return before;
  if (!known) {
    known = new WeakMap();
    placements.set(service, known);
  }
  const computed = computePlacements(service, pod, zone);
  known.set(pod, computed);
  return computed;
}

function computePlacements(service: Service, pod: Pod, zone: string | undefined): readonly Placement[] {
  if (!isEndpoint(pod)) return [];
  const ports = endpointPorts(service, pod);
  const families = service.spec?.ipFamilies ?? ['IPv4'];
  return families.flatMap((addressType) => {
    const addresses = addressesOf(pod, addressType);
    if (addresses.length === 0) return [];
    return [{ id: groupId(addressType, ports), addressType, ports, endpoint: endpointOf(service, pod, addresses, zone), zone }];
  });
}

function addressesOf(pod: Pod, family: string): readonly string[] {
  const all = pod.status?.podIPs?.map(({ ip }) => ip) ?? [pod.status?.podIP ?? ''];
  return all.filter((ip) => ip !== '' && ip.includes(':') === (family === 'IPv6'));
}

/** A named target port may be another number in each pod; a port that a pod does not have is left out. */
export function endpointPorts(service: V1Service, pod: Pod): readonly DiscoveryV1EndpointPort[] {
  const ports: DiscoveryV1EndpointPort[] = [];
  for (const { name, port, protocol = 'TCP', targetPort = port, appProtocol } of service.spec?.ports ?? []) {
    const number = typeof targetPort === 'number' ? targetPort : containerPort(pod, targetPort, protocol);
    if (number !== undefined) ports.push({ name: name ?? '', port: number, protocol, ...(appProtocol !== undefined && { appProtocol }) });
  }
  return ports;
}

function containerPort(pod: Pod, name: string, protocol: string): number | undefined {
  const sidecars = pod.spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always') ?? [];
  for (const { ports } of [...(pod.spec?.containers ?? []), ...sidecars]) {
    const found = ports?.find((port) => port.name === name && (port.protocol ?? 'TCP') === protocol);
    if (found) return found.containerPort;
  }
  return undefined;
}

function endpointOf(service: Service, pod: Pod, addresses: readonly string[], zone: string | undefined): V1Endpoint {
  const { name, uid } = metaOf(pod);
  const serving = isReady(pod);
  const terminating = isDeleting(pod);
  const ready = (service.spec?.publishNotReadyAddresses ?? false) || (serving && !terminating);
  const nodeName = pod.spec?.nodeName;
  const hostname = pod.spec?.hostname && pod.spec.subdomain === metaOf(service).name ? pod.spec.hostname : undefined;
  const hints = hintsFor(service, nodeName, zone);
  return {
    addresses,
    conditions: { ready, serving, terminating },
    ...(hostname !== undefined && { hostname }),
    ...(nodeName !== undefined && { nodeName }),
    ...(zone !== undefined && { zone }),
    ...(hints && { hints }),
    targetRef: { kind: 'Pod', namespace: namespaceOf(pod), name, uid },
  };
}

/** Only Services that ask for near endpoints get hints. */
function hintsFor({ spec }: Service, node: string | undefined, zone: string | undefined): V1Endpoint['hints'] {
  const distribution = spec?.trafficDistribution;
  const zones = zone === undefined ? {} : { forZones: [{ name: zone }] };
  if (distribution === 'PreferClose' || distribution === 'PreferSameZone') return zone === undefined ? undefined : zones;
  if (distribution === 'PreferSameNode') return node === undefined ? undefined : { forNodes: [{ name: node }], ...zones };
  return undefined;
}

function groupId(addressType: string, ports: readonly DiscoveryV1EndpointPort[]): string {
  const texts = ports.map(({ name, port, protocol, appProtocol }) => `${name}/${port}/${protocol}/${appProtocol ?? ''}`).sort();
  return `${addressType}|${texts.join(',')}`;
}

export interface SliceContent {
  readonly addressType: string;
  readonly ports: readonly DiscoveryV1EndpointPort[];
  readonly endpoints: readonly V1Endpoint[];
}
export interface SlicePlan {
  readonly create: readonly SliceContent[];
  readonly update: readonly { readonly slice: EndpointSlice; readonly endpoints: readonly V1Endpoint[] }[];
  readonly remove: readonly EndpointSlice[];
}

/** Changes as few slices as possible: endpoints stay where they are, and new ones fill slices that change anyway. */
export function planSlices(groups: readonly EndpointGroup[], existing: readonly EndpointSlice[], families: readonly string[]): SlicePlan {
  const create: SliceContent[] = [];
  const update: { slice: EndpointSlice; endpoints: readonly V1Endpoint[] }[] = [];
  const remove: EndpointSlice[] = [];
  const byGroup = new Map<string, EndpointSlice[]>();
  for (const slice of existing) {
    const id = groupId(slice.addressType, slice.ports ?? []);
    byGroup.set(id, [...(byGroup.get(id) ?? []), slice]);
  }
  for (const group of groups) {
    const id = groupId(group.addressType, group.ports);
    const plan = planGroup(group, byGroup.get(id) ?? []);
    byGroup.delete(id);
    create.push(...plan.create);
    update.push(...plan.update);
    remove.push(...plan.remove);
  }
  for (const leftover of byGroup.values()) remove.push(...leftover);
  // A Service without endpoints keeps one empty slice of each family, so that consumers see that it was handled.
  for (const addressType of families) {
    if (groups.some((group) => group.addressType === addressType)) continue;
    const empty = remove.findIndex(
      (slice) => slice.addressType === addressType && (slice.ports ?? []).length === 0 && (slice.endpoints ?? []).length === 0,
    );
    if (empty >= 0) remove.splice(empty, 1);
    else create.push({ addressType, ports: [], endpoints: [] });
  }
  return { create, update, remove };
}

function planGroup({ addressType, ports, endpoints }: EndpointGroup, existing: readonly EndpointSlice[]): SlicePlan {
  const missing = new Map(endpoints);
  const changed: { slice: EndpointSlice; endpoints: V1Endpoint[] }[] = [];
  const unchanged: EndpointSlice[] = [];
  for (const slice of existing) {
    const kept: V1Endpoint[] = [];
    let isChanged = false;
    for (const before of slice.endpoints ?? []) {
      const uid = before.targetRef?.uid ?? '';
      const wanted = missing.get(uid);
      missing.delete(uid);
      if (wanted) kept.push(wanted);
      if (!wanted || !isSameEndpoint(wanted, before)) isChanged = true;
    }
    if (isChanged) changed.push({ slice, endpoints: kept });
    else unchanged.push(slice);
  }
  const rest = [...missing.values()];
  fill(changed, unchanged, rest);
  const create: SliceContent[] = [];
  while (rest.length > 0) create.push({ addressType, ports, endpoints: rest.splice(0, maxEndpointsPerSlice) });
  return {
    create,
    update: changed.filter((change) => change.endpoints.length > 0),
    remove: changed.filter((change) => change.endpoints.length === 0).map(({ slice }) => slice),
  };
}

/** Which stored endpoint was last found equal to a computed one: most endpoints of most slices are as they were. */
const equals = new WeakMap<V1Endpoint, V1Endpoint>();

function isSameEndpoint(wanted: V1Endpoint, stored: V1Endpoint): boolean {
  if (equals.get(wanted) === stored) return true;
  if (!deepEqual(wanted, stored)) return false;
  equals.set(wanted, stored);
  return true;
}

/** Fuller slices are filled first; one untouched slice is opened when all the rest fits into it. */
function fill(changed: { slice: EndpointSlice; endpoints: V1Endpoint[] }[], unchanged: readonly EndpointSlice[], rest: V1Endpoint[]): void {
  for (const { endpoints } of [...changed].sort((a, b) => b.endpoints.length - a.endpoints.length)) {
    endpoints.push(...rest.splice(0, Math.max(0, maxEndpointsPerSlice - endpoints.length)));
  }
  if (rest.length === 0) return;
  const fitting = unchanged.filter((slice) => (slice.endpoints ?? []).length + rest.length <= maxEndpointsPerSlice);
  const fullest = fitting.sort((a, b) => (b.endpoints ?? []).length - (a.endpoints ?? []).length)[0];
  if (fullest) changed.push({ slice: fullest, endpoints: [...(fullest.endpoints ?? []), ...rest.splice(0)] });
}
