import { expect, test } from 'vitest';
import type { ObjectView } from '../../server/gateway/protocol.ts';
import { drawCluster, podFamily, shortPodName } from './cluster-picture.ts';

function object(kind: string, name: string, more: Partial<ObjectView> = {}): [string, ObjectView] {
  const view: ObjectView = {
    ref: { apiVersion: 'v1', kind, name, ...(kind === 'Node' ? {} : { namespace: 'default' }) },
    uid: name,
    resourceVersion: '1',
    state: 'running',
    status: '',
    createdAtMs: 0,
    labels: {},
    columns: [],
    ...more,
  };
  return [`${kind}/${name}`, view];
}

const node = (name: string) => object('Node', name, { node: { ip: '', ready: true, schedulable: true, taints: [], poweredOn: true } });
const pod = (name: string, on?: string, more: Partial<ObjectView> = {}) =>
  object('Pod', name, { pod: { ready: 1, containers: [], ...(on && { node: on }) }, ...more });

test('pods stand on their node; those without one wait', () => {
  const picture = drawCluster(new Map([node('n2'), node('n1'), pod('a', 'n1'), pod('b')]), [], false);
  expect(picture.nodes.map(({ name, pods }) => [name, pods.map((one) => one.ref.name)])).toEqual([
    ['n1', ['a']],
    ['n2', []],
  ]);
  expect(picture.waiting.map((one) => one.ref.name)).toEqual(['b']);
});

test('system pods are counted, and drawn when asked for', () => {
  const system = pod('dns', 'n1', { ref: { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', name: 'dns' } });
  const objects = new Map([node('n1'), system]);
  expect(drawCluster(objects, [], false)).toMatchObject({ hiddenPods: 1, nodes: [{ pods: [] }] });
  expect(drawCluster(objects, [], true)).toMatchObject({ hiddenPods: 0, nodes: [{ pods: [{ uid: 'dns' }] }] });
});

test('a workload that another one owns is not drawn beside it', () => {
  const workload = { desired: 1, ready: 1, updated: 1 };
  const owned = object('ReplicaSet', 'web-1', {
    workload,
    owner: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' },
  });
  const picture = drawCluster(new Map([object('Deployment', 'web', { workload }), owned]), [], false);
  expect(picture.workloads.map((one) => one.ref.name)).toEqual(['web']);
});

test('a pod of a Deployment is called by its last part, a bare pod by its name', () => {
  const [, owned] = pod('web-5d9c-x7k2p', 'n1', {
    owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: 'default', name: 'web-5d9c' },
  });
  const [, bare] = pod('my-pod', 'n1');
  expect([shortPodName(owned), podFamily(owned), shortPodName(bare)]).toEqual(['x7k2p', 'web', 'my-pod']);
});
