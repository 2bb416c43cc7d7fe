import { expect, test } from 'vitest';
import { Cluster, type models } from '#engine';
import { kind } from './operations.ts';
import { simulate } from './simulate.ts';

const aPod = (name: string): models.V1Pod => ({
  metadata: { name, namespace: 'default' },
  spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'nginx:1.27' }] },
});

test('[FAULT-3] a pod that is deleted at any moment of its start goes away', () => {
  const base = Cluster.create({ seed: 1, latency: 'instant' });
  const pods = kind(base, 'pods');
  base.client().create(pods, aPod('web'));
  for (let moment = 0; base.nextDueMs !== undefined && moment < 200; moment++) {
    const cluster = base.fork();
    cluster.client().remove(pods, 'default', 'web');
    cluster.advance(60_000);
    expect(cluster.client().find(pods, 'default', 'web'), `deleted after ${moment} events`).toBeUndefined();
    base.step();
  }
});

test('[FAULT-3] a kubelet that was away while its containers started finds them ready', () => {
  const cluster = Cluster.create({ seed: 1 });
  const pods = kind(cluster, 'pods');
  cluster.client().create(pods, aPod('web'));
  cluster.advance(1000);
  const node = (cluster.client().get(pods, 'default', 'web') as models.V1Pod).spec?.nodeName ?? '';
  cluster.stopComponent('etcd');
  cluster.advance(60_000);
  cluster.stopComponent('kubelet', node);
  cluster.advance(1000);
  cluster.startComponent('kubelet', node);
  cluster.startComponent('etcd');
  cluster.advance(120_000);
  const { status } = cluster.client().get(pods, 'default', 'web') as models.V1Pod;
  expect(status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
  expect(status?.containerStatuses?.[0]?.restartCount).toBe(0);
});

test('[FAULT-3] a ReplicaSet says what it counts, also when its cache does not show its last words yet', () => {
  expect(simulate(10, { steps: 40, isMoved: false }).problems).toEqual([]);
});
