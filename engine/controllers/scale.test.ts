import { expect, test } from 'vitest';
import type { ProcessDefinition } from '../client/process.ts';
import { deployment } from '../kinds/apps/deployment.ts';
import { replicaSet } from '../kinds/apps/replica-set.ts';
import { node } from '../kinds/core/node.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import { service } from '../kinds/core/service.ts';
import { endpointSlice } from '../kinds/discovery/endpoint-slice.ts';
import { builtInKinds } from '../kinds/registry.ts';
import { scheduler } from '../scheduler/scheduler.ts';
import { formatTime } from '../sim/simulation.ts';
import { createCore } from '../testing/index.ts';
import { builtInControllers } from './registry.ts';

/** Answers each bound pod with "ready", as the shortest kubelet there can be. */
function readyMaker(): ProcessDefinition<object> {
  return {
    name: 'ready-maker',
    user: 'system:node:all',
    groups: [],
    node: 'node-0',
    watches: [{ kind: pod }],
    initialState: () => ({}),
    create: (context) => ({
      onTimer() {},
      onChange(_kind, change) {
        const bound = change.object as Pod;
        if (change.type === 'deleted' || !bound.spec?.nodeName || bound.status?.phase !== 'Pending') return;
        context.client.modify(
          pod,
          'default',
          bound.metadata?.name ?? '',
          (draft) => {
            draft.status = {
              ...draft.status,
              phase: 'Running',
              podIP: '10.0.0.1',
              podIPs: [{ ip: '10.0.0.1' }],
              conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: formatTime(context.now) }],
            };
          },
          'status',
        );
      },
    }),
  };
}

/** How many timers it takes until all replicas are ready: the engine's own measure of work. */
function effort(replicas: number): number {
  const t = createCore();
  t.runControllers(
    ...(builtInControllers({
      kinds: builtInKinds,
      heartbeats: t.core.heartbeats,
      podNetwork: { clusterCidr: '10.244.0.0/16' },
      rootCertificate: 'PEM',
    }) as never[]),
  );
  t.run(scheduler({ node: 'node-0' }));
  t.run(readyMaker());
  t.settle();
  for (let i = 0; i < 10; i++) {
    t.client.create(node, { metadata: { name: `node-${i}`, labels: { 'kubernetes.io/hostname': `node-${i}` } } });
    t.core.heartbeats.keepAlive(`kube-node-lease/node-${i}`);
    t.client.modify(
      node,
      '',
      `node-${i}`,
      (draft) => {
        draft.status = { allocatable: { cpu: '64', memory: '256Gi', pods: '250' }, conditions: [{ type: 'Ready', status: 'True' }] };
      },
      'status',
    );
  }
  t.settle();
  const labels = { app: 'web' };
  t.client.create(service, { metadata: { name: 'web', namespace: 'default' }, spec: { selector: labels, ports: [{ port: 80 }] } });
  const before = t.core.sim.state.seq;
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '100m' } } }] },
  };
  t.client.create(deployment, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas, selector: { matchLabels: labels }, template },
  });
  t.settle();
  expect(t.client.list(replicaSet, 'default')[0]?.status?.readyReplicas).toBe(replicas);
  expect(t.client.list(endpointSlice, 'default').reduce((sum, { endpoints = [] }) => sum + endpoints.length, 0)).toBe(replicas + 1);
  const perNode = new Map<string, number>();
  for (const { spec } of t.client.list(pod, 'default')) perNode.set(spec?.nodeName ?? '', (perNode.get(spec?.nodeName ?? '') ?? 0) + 1);
  expect(Math.max(...perNode.values())).toBeLessThanOrEqual(Math.ceil(replicas / 10) + 1);
  expect(t.core.sim.peek()).toBeUndefined();
  return t.core.sim.state.seq - before;
}

test('[SPEED-1] the work for a Deployment grows with its replicas, not with their square', () => {
  expect(effort(400) / effort(100)).toBeLessThan(4.4);
});
