import { expect, test } from 'vitest';
import type { Node } from '../../kinds/core/node.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { V1NodeSelectorRequirement, V1NodeSpec, V1PodSpec } from '../../schema/generated/models.ts';
import { fitErrorMessage } from '../fit-error.ts';
import { enoughNodes, type Profile, runCycle } from '../framework.ts';
import { type NodeCache, newNodeCache, orderedNodes, placePod, setNode, takePod } from '../node-info.ts';
import type { ActionContext, SchedulerPlugin } from '../plugin.ts';
import { requestOf } from '../resources.ts';
import { imageLocality } from './image-locality.ts';
import { nodeAffinity } from './node-affinity.ts';
import { nodeName } from './node-name.ts';
import { nodePorts } from './node-ports.ts';
import { nodeResourcesBalancedAllocation } from './node-resources-balanced-allocation.ts';
import { nodeResourcesFit, type ScoringStrategy } from './node-resources-fit.ts';
import { nodeUnschedulable } from './node-unschedulable.ts';
import { podTopologySpread } from './pod-topology-spread.ts';
import { taintToleration } from './taint-toleration.ts';

interface NodeShape {
  readonly labels?: Record<string, string>;
  readonly spec?: V1NodeSpec;
  readonly allocatable?: Record<string, string>;
  readonly images?: readonly { readonly names: readonly string[]; readonly sizeBytes: number }[];
}

function makeNode(name: string, { labels, spec = {}, allocatable, images }: NodeShape = {}): Node {
  return {
    metadata: { name, uid: name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec,
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '10', ...allocatable }, ...(images && { images }) },
  };
}

function makePod(name: string, spec: Partial<V1PodSpec> = {}, labels: Record<string, string> = {}): Pod {
  return { metadata: { name, uid: name, namespace: 'default', labels }, spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec } };
}

function asking(requests: Record<string, string>): Partial<V1PodSpec> {
  return { containers: [{ name: 'c', resources: { requests } }] };
}

function cacheOf(nodes: readonly Node[], placed: Readonly<Record<string, readonly Pod[]>> = {}): NodeCache {
  const cache = newNodeCache();
  for (const node of nodes) setNode(cache, node);
  for (const [node, pods] of Object.entries(placed)) for (const pod of pods) placePod(cache, `default/${pod.metadata?.name}`, pod, node);
  return cache;
}

/** Runs one plugin on its own. */
function attempt(plugin: SchedulerPlugin, pod: Pod, cache: NodeCache): Record<string, number | string> {
  const order = orderedNodes(cache);
  const view = {
    nodes: () => cache.nodes.values(),
    node: (name: string) => cache.nodes.get(name),
    nodeCount: order.length,
    image: (name: string) => cache.images.get(name),
    lister: () => ({ inNamespace: () => [], get: () => undefined }),
    now: 0,
  };
  const profile: Profile = { schedulerName: 'test', plugins: [{ plugin }] };
  const { result } = runCycle({ profile, pod, context: { view } as unknown as ActionContext, order, randomInt: () => 0 });
  return Object.fromEntries(result.attempt.nodes.map(({ node, reasons, total }) => [node, reasons?.join(', ') ?? total ?? 'fits']));
}

test('[SCHED-15] a pod that names its node goes to no other', () => {
  expect(attempt(nodeName, makePod('p', { nodeName: 'b' }), cacheOf([makeNode('a'), makeNode('b')]))).toEqual({
    a: "node(s) didn't match the requested node name",
    b: 'fits',
  });
});

test('[SCHED-16] cordoned nodes take only pods that tolerate it', () => {
  const cache = cacheOf([makeNode('a', { spec: { unschedulable: true } }), makeNode('b')]);
  expect(attempt(nodeUnschedulable, makePod('p'), cache)).toEqual({ a: 'node(s) were unschedulable', b: 'fits' });
  const tolerant = makePod('p', { tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }] });
  expect(attempt(nodeUnschedulable, tolerant, cache)).toEqual({ a: 'fits', b: 'fits' });
});

const untolerated = 'node(s) had untolerated taint(s)';
test.each([
  { effect: 'NoSchedule', tolerations: [], want: untolerated },
  { effect: 'NoExecute', tolerations: [], want: untolerated },
  { effect: 'NoSchedule', tolerations: [{ key: 'gpu', value: 'yes' }], want: 100 },
  { effect: 'NoSchedule', tolerations: [{ key: 'gpu', value: 'no' }], want: untolerated },
  { effect: 'NoSchedule', tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoExecute' }], want: untolerated },
  { effect: 'NoSchedule', tolerations: [{ operator: 'Exists' }], want: 100 },
  { effect: 'PreferNoSchedule', tolerations: [], want: 0 },
])('[SCHED-17] taint gpu=yes:$effect with tolerations $tolerations: $want', ({ effect, tolerations, want }) => {
  const nodes = ['a', 'b', 'c'].map((name) =>
    makeNode(name, name === 'a' ? { spec: { taints: [{ key: 'gpu', value: 'yes', effect }] } } : {}),
  );
  expect(attempt(taintToleration, makePod('p', { tolerations }), cacheOf(nodes))).toEqual({ a: want, b: 100, c: 100 });
});

function requiring(...matchExpressions: readonly V1NodeSelectorRequirement[]): Partial<V1PodSpec> {
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } } } };
}
test.each([
  { spec: { nodeSelector: { disk: 'ssd' } }, fit: ['ssd'] },
  { spec: requiring({ key: 'disk', operator: 'In', values: ['ssd', 'nvme'] }), fit: ['ssd'] },
  { spec: requiring({ key: 'disk', operator: 'NotIn', values: ['ssd'] }), fit: ['hdd', 'none'] },
  { spec: requiring({ key: 'disk', operator: 'Exists' }), fit: ['ssd', 'hdd'] },
  { spec: requiring({ key: 'disk', operator: 'DoesNotExist' }), fit: ['none'] },
  { spec: requiring({ key: 'cores', operator: 'Gt', values: ['8'] }), fit: ['ssd'] },
  { spec: requiring({ key: 'cores', operator: 'Lt', values: ['9'] }), fit: ['hdd'] },
  { spec: requiring(), fit: [] },
])('[SCHED-18] $spec fits on $fit', ({ spec, fit }) => {
  const cache = cacheOf([
    makeNode('ssd', { labels: { disk: 'ssd', cores: '16' } }),
    makeNode('hdd', { labels: { disk: 'hdd', cores: '8' } }),
    makeNode('none'),
  ]);
  const outcome = attempt(nodeAffinity, makePod('p', spec), cache);
  expect(Object.keys(outcome).filter((name) => outcome[name] !== "node(s) didn't match Pod's node affinity/selector")).toEqual(fit);
});

test('[SCHED-18] preferences add up by weight and are scaled', () => {
  const preferring = (value: string, weight: number) => ({
    weight,
    preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: [value] }] },
  });
  const pod = makePod('p', {
    affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [preferring('ssd', 10), preferring('hdd', 5)] } },
  });
  const cache = cacheOf([makeNode('a', { labels: { disk: 'ssd' } }), makeNode('b', { labels: { disk: 'hdd' } }), makeNode('c')]);
  expect(attempt(nodeAffinity, pod, cache)).toEqual({ a: 100, b: 50, c: 0 });
});

test('[SCHED-19] a pod that asks for nodes by name is not tried elsewhere, and the message does not count the others', () => {
  const named = { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }] };
  const pod = makePod('p', { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: named } } });
  expect(attempt(nodeAffinity, pod, cacheOf([makeNode('a'), makeNode('b')]))).toEqual({
    a: "node(s) didn't satisfy plugin(s) [NodeAffinity]",
    b: 'fits',
  });
});

function exposing(hostPort: number, hostIP?: string, protocol?: string): Partial<V1PodSpec> {
  return {
    containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort, ...(hostIP && { hostIP }), ...(protocol && { protocol }) }] }],
  };
}
test.each([
  { wanted: exposing(80), isFree: false },
  { wanted: exposing(81), isFree: true },
  { wanted: exposing(80, '127.0.0.1'), isFree: false },
  { wanted: exposing(80, '0.0.0.0', 'UDP'), isFree: true },
])('[SCHED-20] port 80 is taken: $wanted.containers.0.ports.0 is free: $isFree', ({ wanted, isFree }) => {
  const cache = cacheOf([makeNode('a')], { a: [makePod('web', exposing(80))] });
  expect(attempt(nodePorts, makePod('p', wanted), cache)).toEqual({
    a: isFree ? 'fits' : "node(s) didn't have free ports for the requested pod ports",
  });
});

test('[SCHED-21] every resource that is short is named', () => {
  const cache = cacheOf([makeNode('a', { allocatable: { pods: '1', 'example.com/gpu': '1' } })], {
    a: [makePod('web', asking({ cpu: '3' }))],
  });
  const pod = makePod('p', asking({ cpu: '2', memory: '1Gi', 'example.com/gpu': '2' }));
  expect(attempt(nodeResourcesFit(), pod, cache)).toEqual({ a: 'Too many pods, Insufficient cpu, Insufficient example.com/gpu' });
});

test('[SCHED-21] a pod needs its containers together, or its hungriest init container; sidecars come on top', () => {
  const of = (cpu: string, restartPolicy?: string) => ({
    name: 'c',
    resources: { requests: { cpu } },
    ...(restartPolicy && { restartPolicy }),
  });
  expect(requestOf(makePod('p', { initContainers: [of('3')], containers: [of('1'), of('1')] })).amounts.get('cpu')).toBe(3000);
  expect(requestOf(makePod('p', { initContainers: [of('500m', 'Always'), of('3')], containers: [of('1')] })).amounts.get('cpu')).toBe(3500);
});

test.each([
  { strategy: 'LeastAllocated', want: { empty: 75, half: 25 } },
  { strategy: 'MostAllocated', want: { empty: 25, half: 75 } },
])('[SCHED-22] $strategy scores $want', ({ strategy, want }) => {
  const cache = cacheOf([makeNode('empty'), makeNode('half')], { half: [makePod('web', asking({ cpu: '2', memory: '4Gi' }))] });
  const resources = [
    { name: 'cpu', weight: 1 },
    { name: 'memory', weight: 1 },
  ];
  expect(
    attempt(nodeResourcesFit({ type: strategy, resources } as ScoringStrategy), makePod('p', asking({ cpu: '1', memory: '2Gi' })), cache),
  ).toEqual(want);
});

test("[SCHED-22] a shape of one's own maps utilization to scores", () => {
  const shape = [
    { utilization: 0, score: 0 },
    { utilization: 50, score: 10 },
    { utilization: 100, score: 0 },
  ];
  const plugin = nodeResourcesFit({ type: 'RequestedToCapacityRatio', resources: [{ name: 'cpu', weight: 1 }], shape });
  const cache = cacheOf([makeNode('empty'), makeNode('half')], { half: [makePod('web', asking({ cpu: '2' }))] });
  expect(attempt(plugin, makePod('p', asking({ cpu: '1' })), cache)).toEqual({ empty: 50, half: 50 });
});

test('[SCHED-23] nodes that fill up evenly are liked better', () => {
  const cache = cacheOf([makeNode('even'), makeNode('skewed')], { skewed: [makePod('web', asking({ cpu: '2' }))] });
  expect(attempt(nodeResourcesBalancedAllocation, makePod('p', asking({ cpu: '1', memory: '2Gi' })), cache)).toEqual({
    even: 100,
    skewed: 75,
  });
});

test('[SCHED-24] nodes that hold the image are liked better', () => {
  const images = [{ names: ['nginx:latest'], sizeBytes: 600 * 1024 * 1024 }];
  const scores = attempt(imageLocality, makePod('p'), cacheOf([makeNode('a', { images }), makeNode('b')]));
  expect([scores['a'], scores['b']]).toEqual([28, 0]);
});

test('[SCHED-25] DoNotSchedule keeps the skew between zones small', () => {
  const spread: Partial<V1PodSpec> = {
    topologySpreadConstraints: [
      { topologyKey: 'zone', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } } },
    ],
  };
  const nodes = [makeNode('a', { labels: { zone: 'x' } }), makeNode('b', { labels: { zone: 'y' } }), makeNode('c')];
  const cache = cacheOf(nodes, { a: [makePod('1', {}, { app: 'web' })] });
  expect(attempt(podTopologySpread, makePod('p', spread, { app: 'web' }), cache)).toEqual({
    a: "node(s) didn't match pod topology spread constraints",
    b: 'fits',
    c: "node(s) didn't match pod topology spread constraints (missing required label)",
  });
});

test('[SCHED-25] ScheduleAnyway likes the emptier domain', () => {
  const spread: Partial<V1PodSpec> = {
    topologySpreadConstraints: [
      {
        topologyKey: 'kubernetes.io/hostname',
        maxSkew: 1,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { app: 'web' } },
      },
    ],
  };
  const cache = cacheOf([makeNode('a'), makeNode('b')], { a: [makePod('1', {}, { app: 'web' })] });
  const scores = attempt(podTopologySpread, makePod('p', spread, { app: 'web' }), cache);
  expect(Number(scores['b'])).toBeGreaterThan(Number(scores['a']));
});

test.each([
  [50, 50],
  [1000, 420],
  [5000, 500],
])('[SCHED-26] of %i nodes, %i that fit are enough', (nodes, want) => {
  expect(enoughNodes(nodes)).toBe(want);
});

test('[SCHED-27] what a node has left is right after pods came and went', () => {
  const cache = cacheOf([makeNode('a')], { a: [makePod('1', asking({ cpu: '1' })), makePod('2', { ...asking({ cpu: '500m' }) })] });
  placePod(cache, 'default/1', makePod('1', asking({ cpu: '2' })), 'a');
  takePod(cache, 'default/2');
  const info = cache.nodes.get('a');
  expect([info?.requested.get('cpu'), info?.pods.size]).toEqual([2000, 1]);
});

test('[SCHED-27] nodes are tried zone by zone in turn', () => {
  const inZone = (zone: string): NodeShape => ({ labels: { 'topology.kubernetes.io/zone': zone } });
  expect(orderedNodes(cacheOf([makeNode('a1', inZone('a')), makeNode('a2', inZone('a')), makeNode('b1', inZone('b'))]))).toEqual([
    'a1',
    'b1',
    'a2',
  ]);
});

test('[SCHED-2] reasons are counted over nodes and sorted by text', () => {
  expect(
    fitErrorMessage({
      nodeCount: 12,
      preFilterReasons: [],
      nodeReasons: [
        ['Insufficient cpu'],
        ['Insufficient cpu', 'Insufficient memory'],
        ...Array.from({ length: 10 }, () => ['Too many pods']),
      ],
      postFilterReasons: [],
    }),
  ).toBe('0/12 nodes are available: 1 Insufficient memory, 10 Too many pods, 2 Insufficient cpu.');
});
