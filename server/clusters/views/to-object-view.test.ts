import { expect, test } from 'vitest';
import type { KubernetesObject } from './kubernetes-object.ts';
import { toObjectView } from './to-object-view.ts';

const metadata = { name: 'web', namespace: 'default', uid: 'u', resourceVersion: '7', creationTimestamp: '2026-01-05T09:00:00Z' };

function viewOf(object: object, status = '', context = {}) {
  const columns = status ? [{ name: 'Status', value: status }] : [];
  return toObjectView({ apiVersion: 'v1', metadata, ...object } as KubernetesObject, {
    columns,
    endpointSlices: [],
    isPoweredOn: true,
    ...context,
  });
}

const container = (state: object, ready = false, restartCount = 0) => ({ name: 'c', image: 'nginx:1.27', ready, restartCount, state });
const pod = (phase: string, status?: object) => ({
  kind: 'Pod',
  spec: { nodeName: 'node-1', containers: [{ name: 'c', image: 'nginx' }] },
  status: { phase, containerStatuses: status ? [status] : [] },
});

test.each([
  { of: pod('Running', container({ running: {} }, true)), text: 'Running', state: 'running' },
  { of: pod('Running', container({ running: {} })), text: 'Running', state: 'pending' },
  { of: pod('Pending'), text: 'Pending', state: 'pending' },
  { of: pod('Pending', container({ waiting: { reason: 'ContainerCreating' } })), text: 'ContainerCreating', state: 'pending' },
  { of: pod('Pending', container({ waiting: { reason: 'ImagePullBackOff' } })), text: 'ImagePullBackOff', state: 'failed' },
  { of: pod('Running', container({ waiting: { reason: 'CrashLoopBackOff' } }, false, 3)), text: 'CrashLoopBackOff', state: 'failed' },
  { of: pod('Failed', container({ terminated: { reason: 'Error', exitCode: 1 } })), text: 'Error', state: 'failed' },
  { of: pod('Succeeded', container({ terminated: { reason: 'Completed', exitCode: 0 } })), text: 'Completed', state: 'running' },
])('a pod that kubectl calls $text is shown as $state', ({ of, text, state }) => {
  expect(viewOf(of, text)).toMatchObject({ state, status: text, pod: { node: 'node-1' } });
});

test('what a pod does on a node that nobody hears of is unknown, whatever it said last', () => {
  const running = pod('Running', container({ running: {} }, true));
  const silent = { ...running, status: { ...running.status, conditions: [{ type: 'Ready', status: 'False', reason: 'NodeNotReady' }] } };
  expect(viewOf(silent, 'Running')).toMatchObject({ state: 'unknown', status: 'Running' });
});

test('whatever is being deleted is terminating', () => {
  const dying = {
    ...pod('Running', container({ running: {} }, true)),
    metadata: { ...metadata, deletionTimestamp: '2026-01-05T09:00:00Z' },
  };
  expect(viewOf(dying, 'Terminating')).toMatchObject({ state: 'terminating', status: 'Terminating' });
});

test.each([
  ['True', 'running'],
  ['False', 'failed'],
  ['Unknown', 'unknown'],
] as const)('a node whose Ready is %s is shown as %s', (ready, state) => {
  const node = {
    kind: 'Node',
    spec: { unschedulable: true, taints: [{ key: 'a', effect: 'NoSchedule' }] },
    status: { conditions: [{ type: 'Ready', status: ready }] },
  };
  expect(viewOf(node)).toMatchObject({ state, node: { schedulable: false, taints: ['a:NoSchedule'], ready: ready === 'True' } });
});

test('a Service that selects nothing is a failure, one without a selector is not', () => {
  const service = (selector: object) => ({
    kind: 'Service',
    spec: { selector, clusterIP: '10.96.0.5', ports: [{ port: 80, nodePort: 30080 }] },
  });
  const slice = { endpoints: [{ addresses: ['10.244.1.2'], conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'web-1' } }] };
  expect(viewOf(service({ app: 'wep' }))).toMatchObject({ state: 'failed', service: { ports: ['80:30080/TCP'] } });
  expect(viewOf(service({}))).toMatchObject({ state: 'running' });
  expect(viewOf(service({ app: 'web' }), '', { endpointSlices: [slice] })).toMatchObject({
    state: 'running',
    service: { endpoints: [{ pod: 'web-1', address: '10.244.1.2', ready: true }] },
  });
});

test('a workload is ready when all it wants are', () => {
  expect(viewOf({ kind: 'Deployment', spec: { replicas: 3 }, status: { readyReplicas: 2, updatedReplicas: 3 } })).toMatchObject({
    state: 'pending',
    workload: { desired: 3, ready: 2, updated: 3 },
  });
  expect(viewOf({ kind: 'ReplicaSet', spec: { replicas: 0 }, status: {} })).toMatchObject({ state: 'running' });
});
