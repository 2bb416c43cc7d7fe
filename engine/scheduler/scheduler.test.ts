import { expect, test } from 'vitest';
import { event } from '../kinds/core/event.ts';
import { node } from '../kinds/core/node.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import { serviceAccount } from '../kinds/core/service-account.ts';
import type { V1NodeSpec, V1PodSpec } from '../schema/generated/models.ts';
import { createCore as createBareCore, type TestCore } from '../testing/index.ts';
import { attemptsOf } from './attempts.ts';
import { type SchedulerState, scheduler } from './scheduler.ts';

function createCore(): TestCore {
  const core = createBareCore();
  core.client.create(serviceAccount, { metadata: { name: 'default', namespace: 'default' } });
  return core;
}

function addNode(
  core: TestCore,
  name: string,
  options: { readonly cpu?: string; readonly spec?: V1NodeSpec; readonly labels?: Record<string, string> } = {},
): void {
  const resources = { cpu: options.cpu ?? '4', memory: '8Gi', pods: '110' };
  core.client.create(node, {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...options.labels } },
    ...(options.spec && { spec: options.spec }),
  });
  core.client.modify(
    node,
    '',
    name,
    (draft) => {
      draft.status = { capacity: resources, allocatable: resources, conditions: [{ type: 'Ready', status: 'True' }] };
    },
    'status',
  );
  core.client.modify(node, '', name, (draft) => {
    draft.spec = { ...draft.spec, taints: draft.spec?.taints?.filter(({ key }) => key !== 'node.kubernetes.io/not-ready') ?? [] };
  });
}

function addPod(core: TestCore, name: string, spec: Partial<V1PodSpec> & { readonly cpu?: string } = {}): void {
  const { cpu, ...rest } = spec;
  core.client.create(pod, {
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'nginx', ...(cpu && { resources: { requests: { cpu } } }) }], ...rest },
  });
}

function get(core: TestCore, name: string): Pod {
  return core.client.get(pod, 'default', name);
}

function messages(core: TestCore, reason: string): readonly (string | undefined)[] {
  return core.client
    .list(event, 'default')
    .filter((item) => item.reason === reason)
    .map(({ message }) => message);
}

test('[SCHED-1] a pod is bound to a node that fits, with an event', () => {
  const core = createCore();
  addNode(core, 'node-1');
  addNode(core, 'node-2', { cpu: '100m' });
  core.run(scheduler({ node: 'node-1' }));
  addPod(core, 'web', { cpu: '500m' });
  core.settle();
  expect(get(core, 'web').spec?.nodeName).toBe('node-1');
  expect(messages(core, 'Scheduled')).toEqual(['Successfully assigned default/web to node-1']);
});

test('[SCHED-2] a pod that fits nowhere says why, counted over the nodes', () => {
  const core = createCore();
  addNode(core, 'control-plane', { spec: { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] } });
  addNode(core, 'node-1');
  addNode(core, 'node-2');
  core.run(scheduler({ node: 'control-plane' }));
  addPod(core, 'a', { cpu: '3' });
  addPod(core, 'b', { cpu: '3' });
  addPod(core, 'web', { cpu: '2' });
  core.settle();
  const text =
    '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.';
  expect(messages(core, 'FailedScheduling')).toEqual([text]);
  expect(get(core, 'web').status?.conditions?.find(({ type }) => type === 'PodScheduled')).toMatchObject({
    status: 'False',
    reason: 'Unschedulable',
    message: text,
  });
  expect(core.core.trace.findingsAbout({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web' })[0]?.text).toBe(
    'fits on 0 of 3 nodes (control-plane: node(s) had untolerated taint(s); node-1: Insufficient cpu; node-2: Insufficient cpu)',
  );
});

test('[SCHED-3] a pod that is too large for every empty node cannot be helped by preemption', () => {
  const core = createCore();
  addNode(core, 'node-1');
  core.run(scheduler({ node: 'node-1' }));
  addPod(core, 'web', { cpu: '64' });
  core.settle();
  expect(messages(core, 'FailedScheduling')).toEqual([
    '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  ]);
});

test('[SCHED-4] without nodes the message says so', () => {
  const core = createCore();
  core.run(scheduler({ node: 'x' }));
  addPod(core, 'web');
  core.settle();
  expect(messages(core, 'FailedScheduling')).toEqual(['no nodes available to schedule pods']);
});

test('[SCHED-5] an event that may help wakes a rejected pod, others do not', () => {
  const core = createCore();
  addNode(core, 'node-1', { labels: { disk: 'hdd' } });
  core.run(scheduler({ node: 'node-1' }));
  addPod(core, 'web', { nodeSelector: { disk: 'ssd' } });
  core.settle();
  expect(get(core, 'web').spec?.nodeName).toBeUndefined();
  addPod(core, 'other');
  core.settle();
  const state = core.core.processes.stateOf('kube-scheduler') as SchedulerState;
  expect(attemptsOf(state, 'default/web')).toHaveLength(1);
  core.client.modify(node, '', 'node-1', (draft) => {
    draft.metadata = { ...draft.metadata, labels: { ...draft.metadata?.labels, disk: 'ssd' } };
  });
  core.settle();
  expect(get(core, 'web').spec?.nodeName).toBe('node-1');
});

test('[SCHED-6] pods of other schedulers and pods with a node are left alone', () => {
  const core = createCore();
  addNode(core, 'node-1');
  core.run(scheduler({ node: 'node-1' }));
  addPod(core, 'foreign', { schedulerName: 'my-scheduler' });
  addPod(core, 'manual', { nodeName: 'node-1' });
  core.settle();
  expect(get(core, 'foreign').spec?.nodeName).toBeUndefined();
  expect(messages(core, 'Scheduled')).toEqual([]);
});

test('[SCHED-7] a gated pod is not tried until its gates are gone', () => {
  const core = createCore();
  addNode(core, 'node-1');
  core.run(scheduler({ node: 'node-1' }));
  addPod(core, 'web', { schedulingGates: [{ name: 'example.com/wait' }] });
  core.settle();
  expect(attemptsOf(core.core.processes.stateOf('kube-scheduler') as SchedulerState, 'default/web')).toEqual([]);
  expect(messages(core, 'FailedScheduling')).toEqual([]);
});

test('[SCHED-8] every node has a verdict or scores in the record of a try', () => {
  const core = createCore();
  addNode(core, 'node-1');
  addNode(core, 'node-2');
  addNode(core, 'node-3', { spec: { unschedulable: true } });
  core.run(scheduler({ node: 'node-1' }));
  addPod(core, 'web', { cpu: '1' });
  core.settle();
  const [attempt] = attemptsOf(core.core.processes.stateOf('kube-scheduler') as SchedulerState, 'default/web');
  expect(attempt?.outcome).toBe('scheduled');
  expect(attempt?.nodes.map(({ node: name, rejectedBy }) => [name, rejectedBy])).toEqual([
    ['node-1', undefined],
    ['node-2', undefined],
    ['node-3', 'NodeUnschedulable'],
  ]);
  expect(attempt?.scorers.map(({ plugin }) => plugin)).toContain('NodeResourcesFit');
  expect(attempt?.nodes[0]?.scores).toHaveLength(attempt?.scorers.length ?? -1);
});

test('[SCHED-9] a settled cluster has nothing due', () => {
  const core = createCore();
  addNode(core, 'node-1');
  core.run(scheduler({ node: 'node-1' }));
  addPod(core, 'web');
  core.settle();
  expect(core.core.sim.peek()).toBeUndefined();
});

test('[SCHED-10] a rejected pod is tried again after five minutes', () => {
  const core = createCore();
  addNode(core, 'node-1');
  core.run(scheduler({ node: 'node-1' }));
  addPod(core, 'web', { cpu: '64' });
  core.settle();
  core.advance(300_000);
  expect(attemptsOf(core.core.processes.stateOf('kube-scheduler') as SchedulerState, 'default/web')).toHaveLength(2);
});

test('[SCHED-11] a pod of higher priority ends lower ones', () => {
  const core = createCore();
  addNode(core, 'node-1');
  core.run(scheduler({ node: 'node-1' }));
  addPod(core, 'low', { cpu: '3', priority: 0, terminationGracePeriodSeconds: 0 });
  core.settle();
  addPod(core, 'high', { cpu: '3', priority: 1000 });
  core.settle();
  expect(messages(core, 'Preempted')).toHaveLength(1);
  expect(get(core, 'high').status?.nominatedNodeName).toBe('node-1');
});
