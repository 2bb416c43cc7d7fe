import { expect, test } from 'vitest';
import type { DaemonSet } from '../kinds/apps/daemon-set.ts';
import type { Node } from '../kinds/core/node.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import type { V1OwnerReference, V1Taint } from '../schema/generated/models.ts';
import { daemonTolerations, planDaemons, planRollingUpdate, revisionLabel, templateForNode } from './daemon-set-plan.ts';
import { type OwnerState, planCollect } from './garbage-collector.ts';
import { planConditions } from './namespace.ts';
import { disruptionOf, evictionPause, planNoExecuteTaints, planNoScheduleTaints, silentConditions } from './node-health.ts';
import { findFreeRange } from './node-ipam.ts';
import { toleranceOf } from './taint-eviction.ts';

const stamp = '2026-01-05T09:00:00Z';

function makeNode(name: string, { ready = 'True', taints = [] as readonly V1Taint[], unschedulable = false } = {}): Node {
  return {
    metadata: { name, uid: name, creationTimestamp: stamp },
    spec: { taints, ...(unschedulable && { unschedulable }) },
    status: { conditions: [{ type: 'Ready', status: ready }] },
  };
}

function ids(taints: readonly V1Taint[]): readonly string[] {
  return taints.map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`);
}

test('[NODE-1] a silent node has unknown conditions, those that it never reported among them', () => {
  const conditions = silentConditions(makeNode('n'), stamp);
  expect(conditions.map(({ type, status, reason }) => [type, status, reason])).toEqual([
    ['Ready', 'Unknown', 'NodeStatusUnknown'],
    ['MemoryPressure', 'Unknown', 'NodeStatusNeverUpdated'],
    ['DiskPressure', 'Unknown', 'NodeStatusNeverUpdated'],
    ['PIDPressure', 'Unknown', 'NodeStatusNeverUpdated'],
  ]);
});

test.each([
  { node: makeNode('n'), schedule: [], execute: [] },
  { node: makeNode('n', { ready: 'False' }), schedule: ['not-ready:NoSchedule'], execute: ['not-ready:NoExecute'] },
  { node: makeNode('n', { ready: 'Unknown' }), schedule: ['unreachable:NoSchedule'], execute: ['unreachable:NoExecute'] },
  { node: makeNode('n', { unschedulable: true }), schedule: ['unschedulable:NoSchedule'], execute: [] },
])('[NODE-2] conditions become taints: $schedule and $execute', ({ node, schedule, execute }) => {
  expect([ids(planNoScheduleTaints(node, stamp)), ids(planNoExecuteTaints(node, true, stamp))]).toEqual([schedule, execute]);
});

test('[NODE-2] taints of others stay, own ones that no longer hold go', () => {
  const taints = [
    { key: 'gpu', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
  ];
  expect(ids(planNoScheduleTaints(makeNode('n', { taints }), stamp))).toEqual(['gpu:NoSchedule']);
});

test.each([
  { ready: 0, notReady: 3, disruption: 'full', pauseMs: 10_000 },
  { ready: 2, notReady: 3, disruption: 'partial', pauseMs: undefined },
  { ready: 1, notReady: 2, disruption: 'normal', pauseMs: 10_000 },
  { ready: 40, notReady: 60, disruption: 'partial', pauseMs: 100_000 },
])('[NODE-3] a zone with $ready ready and $notReady lost nodes is hit: $disruption', ({ ready, notReady, disruption, pauseMs }) => {
  expect(disruptionOf(ready, notReady)).toBe(disruption);
  expect(evictionPause(disruptionOf(ready, notReady), ready + notReady)).toBe(pauseMs);
});

const unreachable = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };
test.each([
  { why: 'no toleration', tolerations: [], want: { kind: 'for', ms: 0 } },
  {
    why: 'a toleration with seconds',
    tolerations: [{ key: unreachable.key, operator: 'Exists', tolerationSeconds: 300 }],
    want: { kind: 'for', ms: 300_000 },
  },
  { why: 'one without', tolerations: [{ operator: 'Exists' }], want: { kind: 'for ever' } },
  {
    why: 'two with seconds',
    tolerations: [
      { operator: 'Exists', tolerationSeconds: 300 },
      { operator: 'Exists', tolerationSeconds: 20 },
    ],
    want: { kind: 'for', ms: 20_000 },
  },
])('[TAINT-1] with $why a pod stays $want', ({ tolerations, want }) => {
  expect(toleranceOf([unreachable], tolerations)).toEqual(want);
});

function owner(uid: string): V1OwnerReference {
  return { apiVersion: 'v1', kind: 'Pod', name: uid, uid };
}
const states: Readonly<Record<string, OwnerState>> = { alive: 'solid', gone: 'dangling', ending: 'waiting' };
test.each([
  { owners: ['gone'], hasDependents: false, want: { drop: [], remove: true, foreground: false } },
  { owners: ['gone', 'alive'], hasDependents: false, want: { drop: ['gone'], remove: false, foreground: false } },
  { owners: ['ending'], hasDependents: true, want: { drop: [], remove: true, foreground: true } },
  { owners: ['alive'], hasDependents: true, want: { drop: [], remove: false, foreground: false } },
])('[GC-1] owners $owners, dependents: $hasDependents', ({ owners, hasDependents, want }) => {
  const plan = planCollect(owners.map(owner), ({ uid }) => states[uid] ?? 'solid', hasDependents);
  expect({ ...plan, drop: plan.drop.map(({ uid }) => uid) }).toEqual(want);
});

test('[NS-1] what is left in a namespace is told in its conditions', () => {
  const left: Pod = { metadata: { name: 'a', uid: 'a', finalizers: ['example.com/hold'] } };
  const conditions = planConditions(undefined, [{ kind: pod, objects: [left] }], stamp);
  expect(conditions.find(({ type }) => type === 'NamespaceContentRemaining')).toMatchObject({
    status: 'True',
    reason: 'SomeResourcesRemain',
    message: 'Some resources are remaining: pods. has 1 resource instances',
  });
  expect(conditions.find(({ type }) => type === 'NamespaceFinalizersRemaining')).toMatchObject({
    message: 'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  });
  expect(planConditions(conditions, [], stamp).filter(({ status }) => status === 'True')).toEqual([]);
});

test('[IPAM-1] nodes get the first free range of the cluster', () => {
  expect(findFreeRange('10.244.0.0/16', 24, new Set())).toBe('10.244.0.0/24');
  expect(findFreeRange('10.244.0.0/16', 24, new Set(['10.244.0.0/24', '10.244.2.0/24']))).toBe('10.244.1.0/24');
  expect(findFreeRange('10.244.0.0/23', 24, new Set(['10.244.0.0/24', '10.244.1.0/24']))).toBeUndefined();
});

function makeDaemons(maxUnavailable: number | string = 1): DaemonSet {
  const template = { metadata: { labels: { app: 'd' } }, spec: { containers: [{ name: 'c', image: 'd' }] } };
  return {
    metadata: { name: 'd', uid: 'd', creationTimestamp: stamp },
    spec: { selector: {}, template, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } } },
  };
}

function daemonPod(name: string, { hash = 'old', phase = 'Running', isReady = true } = {}): Pod {
  return {
    metadata: { name, uid: name, creationTimestamp: stamp, labels: { [revisionLabel]: hash } },
    spec: { containers: [], nodeName: name },
    status: { phase, conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime: stamp }] },
  };
}

test('[DS-1] one pod for each node whose taints are tolerated; failed ones are replaced', () => {
  const nodes = [
    makeNode('a'),
    makeNode('b', { taints: [{ key: 'gpu', effect: 'NoSchedule' }] }),
    makeNode('c', { unschedulable: true }),
    makeNode('d'),
  ];
  const byNode = new Map([
    ['b', [daemonPod('b')]],
    ['d', [daemonPod('d', { phase: 'Failed' })]],
    ['gone', [daemonPod('gone')]],
  ]);
  const plan = planDaemons({ set: makeDaemons(), nodes, byNode });
  expect([plan.create, plan.remove.map(({ metadata }) => metadata?.name), plan.failed.map(({ metadata }) => metadata?.name)]).toEqual([
    ['a', 'c'],
    ['gone'],
    ['d'],
  ]);
});

test('[DS-2] a daemon pod is bound to its node by name and tolerates what befalls nodes', () => {
  const template = templateForNode(makeDaemons().spec?.template ?? {}, 'a');
  expect(template.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms).toEqual([
    { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] },
  ]);
  expect(
    daemonTolerations({ spec: { containers: [], hostNetwork: true } }).map(({ key, effect }) => `${key?.split('/')[1]}:${effect}`),
  ).toEqual([
    'not-ready:NoExecute',
    'unreachable:NoExecute',
    'disk-pressure:NoSchedule',
    'memory-pressure:NoSchedule',
    'pid-pressure:NoSchedule',
    'unschedulable:NoSchedule',
    'network-unavailable:NoSchedule',
  ]);
});

test('[DS-3] a rolling update takes broken pods at once and others up to maxUnavailable', () => {
  const nodes = ['a', 'b', 'c', 'd'].map((name) => makeNode(name));
  const byNode = new Map([
    ['a', [daemonPod('a')]],
    ['b', [daemonPod('b', { isReady: false })]],
    ['c', [daemonPod('c')]],
    ['d', [daemonPod('d', { hash: 'new' })]],
  ]);
  const gone = (most: number | string): readonly (string | undefined)[] =>
    planRollingUpdate({ set: makeDaemons(most), nodes, byNode, hash: 'new', now: 1_767_603_700_000 }).map(({ metadata }) => metadata?.name);
  expect(gone(1)).toEqual(['b']);
  expect(gone('50%')).toEqual(['b', 'a']);
});
