import type { ComponentView, ObjectView } from '../../server/gateway/protocol.ts';

export interface NodePicture {
  readonly name: string;
  readonly node: ObjectView;
  readonly components: readonly ComponentView[];
  readonly pods: readonly ObjectView[];
}

/** The cluster as one looks at it: what runs where, and what leads to what. */
export interface ClusterPicture {
  readonly controlPlane: readonly ComponentView[];
  readonly nodes: readonly NodePicture[];
  /** Pods that no node has yet. */
  readonly waiting: readonly ObjectView[];
  readonly services: readonly ObjectView[];
  readonly workloads: readonly ObjectView[];
  /** Pods that are not drawn because they belong to the system. */
  readonly hiddenPods: number;
}

const systemNamespaces = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
  'calico-system',
  'tigera-operator',
]);
const nodeComponentOrder = ['kubelet', 'containerd', 'kube-proxy'];

export function drawCluster(
  objects: ReadonlyMap<string, ObjectView>,
  components: readonly ComponentView[],
  showsSystem: boolean,
): ClusterPicture {
  const all = [...objects.values()].sort(byAge);
  const isShown = (object: ObjectView) => showsSystem || !systemNamespaces.has(object.ref.namespace ?? '');
  const pods = all.filter((object) => object.pod);
  const shownPods = pods.filter(isShown);
  const nodes = all.filter((object) => object.node).sort((a, b) => a.ref.name.localeCompare(b.ref.name));
  const nodeNames = new Set(nodes.map((node) => node.ref.name));
  return {
    controlPlane: components.filter((component) => !nodeComponentOrder.includes(component.name) && component.name !== 'coredns'),
    nodes: nodes.map((node) => ({
      name: node.ref.name,
      node,
      components: nodeComponentOrder.flatMap((name) => components.filter((one) => one.name === name && one.node === node.ref.name)),
      pods: shownPods.filter((pod) => pod.pod?.node === node.ref.name),
    })),
    waiting: shownPods.filter((pod) => !pod.pod?.node || !nodeNames.has(pod.pod.node)),
    services: all.filter((object) => object.service && isShown(object)),
    workloads: all.filter((object) => object.workload && isShown(object) && !object.owner),
    hiddenPods: pods.length - shownPods.length,
  };
}

// Ties are common, because one Deployment makes its pods at one instant; the name keeps the picture still.
function byAge(a: ObjectView, b: ObjectView): number {
  return a.createdAtMs - b.createdAtMs || a.ref.name.localeCompare(b.ref.name);
}

/** The last part of a pod's name, which tells it from its siblings: `web-5d9c-x7k2p` → `x7k2p`. */
export function shortPodName(pod: ObjectView): string {
  if (!pod.owner) return pod.ref.name;
  const parts = pod.ref.name.split('-');
  return parts.at(-1) ?? pod.ref.name;
}

/** What siblings share: `web-5d9c-x7k2p` → `web`. */
export function podFamily(pod: ObjectView): string {
  if (!pod.owner) return '';
  const parts = pod.ref.name.split('-');
  return parts.slice(0, pod.owner.kind === 'ReplicaSet' ? -2 : -1).join('-');
}
