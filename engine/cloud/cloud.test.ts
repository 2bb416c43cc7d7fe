import { expect, test } from 'vitest';
import type { ControllerDefinition } from '../client/controller.ts';
import { event } from '../kinds/core/event.ts';
import { node } from '../kinds/core/node.ts';
import { service } from '../kinds/core/service.ts';
import { endpointSlice } from '../kinds/discovery/endpoint-slice.ts';
import { createNodes, type TestNodes } from '../kubelet/node.case.ts';
import type { DeviceContext } from '../sim/device.ts';
import { cloudControllers } from './controllers/registry.ts';
import { type CloudState, cloudState, SimCloud } from './simulated-cloud.ts';

function withCloud(nodes: TestNodes): SimCloud {
  const context = { name: 'cloud', state: cloudState(), step: () => 0 } as unknown as DeviceContext<CloudState>;
  const cloud = new SimCloud(context, nodes.network);
  for (const [index, { name }] of nodes.nodes.entries()) cloud.createInstance(name, `sim-1${'ab'[index % 2]}`);
  return cloud;
}

function start(nodes: TestNodes, cloud: SimCloud): void {
  nodes.runControllers(...(cloudControllers(cloud) as unknown as readonly ControllerDefinition<never>[]));
  nodes.settle();
}

function setNode(nodes: TestNodes, name: string, change: { readonly isReady: boolean }): void {
  nodes.client.modify(
    node,
    '',
    name,
    (draft) => {
      for (const condition of draft.status?.conditions ?? [])
        if (condition.type === 'Ready') condition.status = change.isReady ? 'True' : 'Unknown';
    },
    'status',
  );
  nodes.settle();
}

function taint(nodes: TestNodes, name: string): void {
  nodes.client.modify(node, '', name, (draft) => {
    draft.spec = {
      ...draft.spec,
      taints: [{ key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' }],
    };
  });
}

test('[CLOUD-1] a new node gets its zone, region and provider id and loses the taint', () => {
  const nodes = createNodes({ count: 2 });
  for (const { name } of nodes.nodes) taint(nodes, name);
  start(nodes, withCloud(nodes));
  const object = nodes.client.get(node, '', 'node-2');
  expect(object.metadata?.labels).toMatchObject({ 'topology.kubernetes.io/zone': 'sim-1b', 'topology.kubernetes.io/region': 'sim-1' });
  expect(object.spec?.providerID).toBe('sim:///sim-1b/i-00000002');
  expect(object.spec?.taints ?? []).toEqual([]);
});

test('[CLOUD-2] a silent node whose machine is gone is removed; one that is stopped is tainted until it is back', () => {
  const nodes = createNodes({ count: 2 });
  for (const { name } of nodes.nodes) taint(nodes, name);
  const cloud = withCloud(nodes);
  start(nodes, cloud);
  for (const { machine } of nodes.nodes) machine.stopKubelet();
  cloud.setInstanceState('node-1', 'stopped');
  cloud.terminateInstance('node-2');
  setNode(nodes, 'node-1', { isReady: false });
  setNode(nodes, 'node-2', { isReady: false });
  expect(nodes.client.find(node, '', 'node-2')).toBeUndefined();
  expect(nodes.client.get(node, '', 'node-1').spec?.taints?.map(({ key }) => key)).toContain('node.cloudprovider.kubernetes.io/shutdown');
  setNode(nodes, 'node-1', { isReady: true });
  expect(nodes.client.get(node, '', 'node-1').spec?.taints?.map(({ key }) => key) ?? []).not.toContain(
    'node.cloudprovider.kubernetes.io/shutdown',
  );
});

test('[CLOUD-3] a Service of type LoadBalancer gets an address that answers from outside, and gives it back', () => {
  const nodes = createNodes({ count: 2 });
  const cloud = withCloud(nodes);
  start(nodes, cloud);
  nodes.createPod('web', { containers: [{ name: 'web', image: 'nginx:1.25' }] });
  nodes.settle();
  nodes.client.create(service, { metadata: { name: 'web', namespace: 'default' }, spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } });
  nodes.client.create(endpointSlice, {
    metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 80, protocol: 'TCP' }],
    endpoints: [{ addresses: [nodes.getPod('web').status?.podIP ?? ''], conditions: { ready: true }, nodeName: 'node-1' }],
  });
  nodes.settle();
  const { status, metadata } = nodes.client.get(service, 'default', 'web');
  const address = status?.loadBalancer?.ingress?.[0]?.ip ?? '';
  expect(metadata?.finalizers).toEqual(['service.kubernetes.io/load-balancer-cleanup']);
  const get = (): unknown =>
    nodes.network.request({
      from: { kind: 'outside' },
      host: address,
      port: 80,
      exchange: { kind: 'http', method: 'GET', path: '/', headers: {}, body: '' },
    }).outcome;
  expect(get()).toMatchObject({ kind: 'http', response: { status: 200 } });
  expect(
    nodes.client
      .list(event, 'default')
      .filter(({ involvedObject }) => involvedObject.kind === 'Service')
      .map(({ reason, message }) => `${reason}: ${message}`)
      .toSorted(),
  ).toEqual(['EnsuredLoadBalancer: Ensured load balancer', 'EnsuringLoadBalancer: Ensuring load balancer']);
  nodes.client.remove(service, 'default', 'web');
  nodes.settle();
  expect(nodes.client.find(service, 'default', 'web')).toBeUndefined();
  expect(get()).toEqual({ kind: 'failed', failure: 'timeout' });
});

test('[CLOUD-4] a cloud that refuses leaves the Service pending and says why', () => {
  const nodes = createNodes();
  const cloud = withCloud(nodes);
  start(nodes, cloud);
  cloud.setFailure('quota exceeded');
  nodes.client.create(service, { metadata: { name: 'web', namespace: 'default' }, spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } });
  nodes.settle(20_000);
  expect(
    nodes.core.trace.findingsAbout({ apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web' }).map(({ text }) => text),
  ).toEqual(['The cloud gave no load balancer: quota exceeded']);
  cloud.setFailure(undefined);
  nodes.advance(120_000);
  expect(nodes.client.get(service, 'default', 'web').status?.loadBalancer?.ingress).toHaveLength(1);
});
