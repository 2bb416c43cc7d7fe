import { type ApiObject, type Cluster, matchesLabels, type models, parseQuantity } from '#engine';
import { kind } from './operations.ts';

function list<T extends ApiObject>(cluster: Cluster, name: string): readonly T[] {
  return cluster.client().list(kind(cluster, name)) as readonly T[];
}

/** The pods as etcd has them, whether or not the API answers. */
function storedPods(cluster: Cluster): readonly models.V1Pod[] {
  const found = cluster.api.store.range('/registry/pods/');
  return typeof found === 'string' ? [] : found.map(({ value }) => value as models.V1Pod);
}

function isActive({ status }: models.V1Pod): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

function isReady({ status, metadata }: models.V1Pod): boolean {
  return (
    metadata?.deletionTimestamp === undefined &&
    (status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false)
  );
}

/** Watches every write: revisions rise, and a pod keeps the node that it was bound to. */
export function watchWrites(cluster: Cluster, complain: (text: string) => void): void {
  let last = cluster.api.store.revision;
  cluster.api.store.onEvent(({ revision, key, current, previous }) => {
    if (revision <= last) complain(`revision ${revision} after ${last}`);
    last = revision;
    const object = current?.value as ApiObject | undefined;
    if (object && object.metadata?.resourceVersion !== String(revision))
      complain(`${key} carries ${object.metadata?.resourceVersion ?? ''} at ${revision}`);
    if (!key.startsWith('/registry/pods/')) return;
    const before = previous?.value as models.V1Pod | undefined;
    const after = object as models.V1Pod | undefined;
    if (before?.spec?.nodeName && after && after.spec?.nodeName !== before.spec.nodeName)
      complain(`${key} moved from ${before.spec.nodeName} to ${after.spec?.nodeName ?? ''}`);
  });
}

/** What must hold at any moment. */
export function checkAlways(cluster: Cluster, complain: (text: string) => void): void {
  const byNode = new Map<string, { cpu: number; pods: number }>();
  for (const pod of storedPods(cluster)) {
    const node = pod.spec?.nodeName;
    if (!node || !isActive(pod)) continue;
    const used = byNode.get(node) ?? { cpu: 0, pods: 0 };
    for (const { resources } of pod.spec?.containers ?? []) used.cpu += parseQuantity(resources?.requests?.['cpu'] ?? '0') ?? 0;
    used.pods++;
    byNode.set(node, used);
  }
  for (const { name, cpu, pods } of cluster.spec.nodes) {
    const used = byNode.get(name);
    if (used && (used.cpu > cpu + 1e-9 || used.pods > pods))
      complain(`${name} is over-committed: ${used.cpu} of ${cpu} cores, ${used.pods} of ${pods} pods`);
  }
}

/** What must hold once everything is mended and the cluster has come to rest. */
export function checkHealed(cluster: Cluster, complain: (text: string) => void): void {
  const pods = list<models.V1Pod>(cluster, 'pods');
  checkReplicas(cluster, pods, complain);
  checkEndpoints(cluster, pods, complain);
  checkOwners(cluster, complain);
  for (const { metadata } of pods) if (metadata?.deletionTimestamp !== undefined) complain(`${metadata.name ?? ''} is still being deleted`);
  for (const { metadata, status } of list<models.V1Node>(cluster, 'nodes')) {
    if (!status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'))
      complain(`${metadata?.name ?? ''} is not ready`);
  }
}

function checkReplicas(cluster: Cluster, pods: readonly models.V1Pod[], complain: (text: string) => void): void {
  for (const { metadata, spec, status } of list<models.V1ReplicaSet>(cluster, 'replicasets')) {
    const own = pods.filter((pod) => isActive(pod) && pod.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.uid));
    const ready = own.filter(isReady).length;
    if (own.length !== spec?.replicas || ready !== own.length || (status?.readyReplicas ?? 0) !== ready) {
      complain(
        `replicaset ${metadata?.name ?? ''} wants ${spec?.replicas ?? 0}, has ${own.length}, ready ${ready}, says ${status?.readyReplicas ?? 0}`,
      );
    }
  }
  for (const { metadata, spec, status } of list<models.V1Deployment>(cluster, 'deployments')) {
    if (
      (status?.updatedReplicas ?? 0) !== spec?.replicas ||
      (status?.availableReplicas ?? 0) !== spec?.replicas ||
      status?.observedGeneration !== metadata?.generation
    ) {
      complain(`deployment ${metadata?.name ?? ''} wants ${spec?.replicas ?? 0}, says ${JSON.stringify(status)}`);
    }
  }
}

function checkEndpoints(cluster: Cluster, pods: readonly models.V1Pod[], complain: (text: string) => void): void {
  const slices = list<models.V1EndpointSlice>(cluster, 'endpointslices');
  for (const { metadata, spec } of list<models.V1Service>(cluster, 'services')) {
    if (!spec?.selector) continue;
    const wanted = pods.filter(
      (pod) =>
        pod.metadata?.namespace === metadata?.namespace &&
        matchesLabels(spec.selector, pod.metadata?.labels) &&
        isReady(pod) &&
        isActive(pod),
    );
    const found = slices
      .filter(
        (slice) =>
          slice.metadata?.namespace === metadata?.namespace && slice.metadata?.labels?.['kubernetes.io/service-name'] === metadata?.name,
      )
      .flatMap((slice) => (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready).flatMap(({ addresses }) => addresses));
    const [left, right] = [wanted.map(({ status }) => status?.podIP ?? '').sort(), [...found].sort()];
    if (left.join() !== right.join())
      complain(`service ${metadata?.name ?? ''}: ready pods ${left.join() || 'none'}, endpoints ${right.join() || 'none'}`);
  }
}

function checkOwners(cluster: Cluster, complain: (text: string) => void): void {
  const everything = cluster.api.kinds.all.filter(({ plural }) => plural !== 'events').flatMap(({ plural }) => list(cluster, plural));
  const uids = new Set(everything.map(({ metadata }) => metadata?.uid));
  for (const { kind: name, metadata } of everything) {
    for (const owner of metadata?.ownerReferences ?? []) {
      // Mirror pods belong to their node by name; the node's uid is what its kubelet knows.
      if (!uids.has(owner.uid)) complain(`${name ?? ''} ${metadata?.name ?? ''} outlived its owner ${owner.kind} ${owner.name}`);
    }
  }
}
