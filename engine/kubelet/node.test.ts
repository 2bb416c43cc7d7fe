import { expect, test } from 'vitest';
import { node } from '../kinds/core/node.ts';
import { pod } from '../kinds/core/pod.ts';
import { createNodes, type TestNodes } from './node.case.ts';
import { cniFolder, manifestFolder } from './node-machine.ts';

const web = { containers: [{ name: 'web', image: 'nginx:1.25' }] };

function first(nodes: TestNodes): TestNodes['nodes'][number] {
  return nodes.nodes[0] as TestNodes['nodes'][number];
}

function manifest(image: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: static-web\n  namespace: default\nspec:\n  containers:\n  - name: web\n    image: ${image}\n`;
}

test('[KUBELET-17] the node registers with labels, capacity, conditions and a Lease', () => {
  const nodes = createNodes();
  const object = nodes.client.get(node, '', 'node-1');
  expect(object.metadata?.labels).toMatchObject({
    'kubernetes.io/hostname': 'node-1',
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
  });
  expect(object.status).toMatchObject({
    capacity: { cpu: '4', memory: '8Gi', pods: '110' },
    nodeInfo: { kubeletVersion: 'v1.36.0', containerRuntimeVersion: 'containerd://2.2.1' },
  });
  expect(object.status?.conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`)).toEqual([
    'MemoryPressure=False KubeletHasSufficientMemory',
    'DiskPressure=False KubeletHasNoDiskPressure',
    'PIDPressure=False KubeletHasSufficientPID',
    'Ready=True KubeletReady',
  ]);
  expect(nodes.core.heartbeats.isKeptAlive('kube-node-lease/node-1')).toBe(true);
});

test('[KUBELET-17] without a network plugin the node is not ready and pods wait', () => {
  const nodes = createNodes({ hasCni: false });
  nodes.createPod('web', web);
  nodes.settle();
  const ready = (): unknown => nodes.client.get(node, '', 'node-1').status?.conditions?.find(({ type }) => type === 'Ready');
  expect(ready()).toMatchObject({
    status: 'False',
    reason: 'KubeletNotReady',
    message:
      'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
  });
  expect(nodes.getPod('web').status?.phase).toBe('Pending');
  first(nodes).machine.writeFile(`${cniFolder}10-net.conflist`, '{}');
  nodes.settle();
  expect(ready()).toMatchObject({ status: 'True' });
  expect(nodes.getPod('web').status?.phase).toBe('Running');
});

test('[KUBELET-11] a manifest on the node becomes a pod with a mirror in the API', () => {
  const nodes = createNodes();
  first(nodes).machine.writeFile(`${manifestFolder}web.yaml`, manifest('nginx:1.25'));
  nodes.settle();
  const mirror = nodes.getPod('static-web-node-1');
  expect(mirror.metadata?.annotations).toMatchObject({ 'kubernetes.io/config.source': 'file' });
  expect(mirror.metadata?.annotations?.['kubernetes.io/config.mirror']).toBe(mirror.metadata?.annotations?.['kubernetes.io/config.hash']);
  expect(mirror.metadata?.ownerReferences).toMatchObject([{ kind: 'Node', name: 'node-1', controller: true }]);
  expect(mirror.status?.phase).toBe('Running');
});

test('[KUBELET-11] deleting the mirror does not end the static pod; removing the file does', () => {
  const nodes = createNodes();
  const { machine, runtime } = first(nodes);
  machine.writeFile(`${manifestFolder}web.yaml`, manifest('nginx:1.25'));
  nodes.settle();
  const id = nodes.containerId('static-web-node-1');
  nodes.client.remove(pod, 'default', 'static-web-node-1');
  nodes.settle();
  expect(nodes.containerId('static-web-node-1')).toBe(id);
  expect(runtime.container(id)?.state).toBe('running');
  machine.removeFile(`${manifestFolder}web.yaml`);
  nodes.settle();
  expect(nodes.findPod('static-web-node-1')).toBeUndefined();
  expect(runtime.container(id)).toBeUndefined();
});

test('[KUBELET-11] a changed manifest replaces the pod; a broken one starts nothing', () => {
  const nodes = createNodes();
  const { machine } = first(nodes);
  machine.writeFile(`${manifestFolder}web.yaml`, manifest('nginx:1.25'));
  nodes.settle();
  machine.writeFile(`${manifestFolder}web.yaml`, manifest('nginx:1.26'));
  nodes.settle();
  expect(nodes.getPod('static-web-node-1')).toMatchObject({
    spec: { containers: [{ image: 'nginx:1.26' }] },
    status: { phase: 'Running' },
  });
  machine.writeFile(`${manifestFolder}web.yaml`, 'kind: Pod\n  name: [');
  nodes.settle();
  expect(nodes.findPod('static-web-node-1')).toBeUndefined();
});

test('[KUBELET-12] without the API containers run on, static pods start, and status follows later', () => {
  const nodes = createNodes();
  const { machine, runtime } = first(nodes);
  nodes.createPod('web', web);
  nodes.createPod('crash', { containers: [{ name: 'main', image: 'busybox:1.36', command: ['sleep', '60'] }] });
  nodes.settle();
  const id = nodes.containerId('web');
  nodes.core.setServing(false);
  machine.writeFile(`${manifestFolder}web.yaml`, manifest('nginx:1.25'));
  nodes.advance(70_000);
  expect(runtime.container(id)?.state).toBe('running');
  expect([...runtime.sandboxes()].map(({ podName }) => podName).toSorted()).toEqual(['crash', 'static-web-node-1', 'web']);
  nodes.core.setServing(true);
  nodes.advance(10_000);
  expect(nodes.getPod('static-web-node-1').status?.phase).toBe('Running');
  expect(nodes.getPod('crash').status?.containerStatuses?.[0]?.restartCount).toBe(1);
});

test('[KUBELET-13] a restarted kubelet finds what runs and goes on', () => {
  const nodes = createNodes();
  const { machine, runtime } = first(nodes);
  nodes.createPod('web', web);
  nodes.createPod('gone', web);
  nodes.settle();
  const id = nodes.containerId('web');
  machine.stopKubelet();
  nodes.client.remove(pod, 'default', 'gone', { gracePeriodSeconds: 0 });
  nodes.advance(10_000);
  expect(runtime.container(id)?.state).toBe('running');
  machine.startKubelet();
  nodes.settle();
  expect(nodes.containerId('web')).toBe(id);
  expect(nodes.getPod('web').status?.containerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 0 });
  expect([...runtime.sandboxes()].map(({ podName }) => podName)).toEqual(['web']);
});

test('[KUBELET-14] losing power leaves no trace in the API; booting brings the pods back', () => {
  const nodes = createNodes();
  const { machine } = first(nodes);
  nodes.createPod('web', web);
  nodes.settle();
  const before = nodes.getPod('web');
  machine.powerOff();
  nodes.advance(30_000);
  expect(nodes.getPod('web')).toEqual(before);
  expect(nodes.core.heartbeats.isKeptAlive('kube-node-lease/node-1')).toBe(false);
  machine.powerOn();
  nodes.settle();
  expect(nodes.getPod('web').status).toMatchObject({ phase: 'Running', containerStatuses: [{ ready: true, restartCount: 1 }] });
  expect(nodes.events('web').some((text) => text === 'SandboxChanged: Pod sandbox changed, it will be killed and re-created.')).toBe(true);
});

test('[KUBELET-14] a killed container is started again by its kubelet', () => {
  const nodes = createNodes();
  const { machine } = first(nodes);
  nodes.createPod('web', web);
  nodes.settle();
  machine.killContainer(nodes.containerId('web'));
  nodes.settle();
  expect(nodes.getPod('web').status?.containerStatuses?.[0]).toMatchObject({
    restartCount: 1,
    ready: true,
    lastState: { terminated: { exitCode: 137, reason: 'Error' } },
  });
});

test('[KUBELET-14] while containerd is down containers run on and the node is not ready', () => {
  const nodes = createNodes();
  const { machine, runtime } = first(nodes);
  nodes.createPod('web', web);
  nodes.settle();
  machine.stopContainerd();
  nodes.createPod('late', web);
  nodes.settle();
  expect(runtime.container(nodes.containerId('web'))?.state).toBe('running');
  expect(nodes.client.get(node, '', 'node-1').status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('False');
  expect(nodes.getPod('late').status?.phase).toBe('Pending');
  machine.startContainerd();
  nodes.settle();
  expect(nodes.getPod('late').status?.phase).toBe('Running');
});

test('[KUBELET-22] a new pod of the same name waits until the old one has left the node', () => {
  const nodes = createNodes();
  nodes.createPod('web', {
    ...web,
    terminationGracePeriodSeconds: 5,
    containers: [{ name: 'web', image: 'busybox:1.36', command: ['sleep', '999'] }],
  });
  nodes.settle();
  nodes.client.remove(pod, 'default', 'web', { gracePeriodSeconds: 0 });
  nodes.createPod('web', web);
  nodes.advance(1000);
  expect([...first(nodes).runtime.sandboxes()]).toHaveLength(1);
  nodes.settle();
  expect(nodes.getPod('web').status?.phase).toBe('Running');
});
