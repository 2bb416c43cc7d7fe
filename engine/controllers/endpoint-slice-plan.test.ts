import { expect, test } from 'vitest';
import type { Pod } from '../kinds/core/pod.ts';
import type { Service } from '../kinds/core/service.ts';
import type { EndpointSlice } from '../kinds/discovery/endpoint-slice.ts';
import type { V1PodSpec, V1ServiceSpec } from '../schema/generated/models.ts';
import { endpointPorts, groupEndpoints, planSlices } from './endpoint-slice-plan.ts';
import { findNearMiss } from './service-members.ts';

function makeService(spec: Partial<V1ServiceSpec> = {}): Service {
  return { metadata: { name: 'web', uid: 's', namespace: 'default' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec } };
}

interface PodShape {
  readonly isReady?: boolean;
  readonly isDeleting?: boolean;
  readonly ip?: string;
  readonly phase?: string;
  readonly spec?: Partial<V1PodSpec>;
  readonly labels?: Record<string, string>;
}

function makePod(
  name: string,
  { isReady = true, isDeleting = false, ip = '10.0.0.1', phase = 'Running', spec, labels }: PodShape = {},
): Pod {
  return {
    metadata: {
      name,
      uid: name,
      namespace: 'default',
      ...(labels && { labels }),
      ...(isDeleting && { deletionTimestamp: '2026-01-05T09:00:00Z' }),
    },
    spec: { nodeName: 'node-1', containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }], ...spec },
    status: { phase, podIP: ip, conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
  };
}

function endpoints(service: Service, ...pods: readonly Pod[]): readonly unknown[] {
  return groupEndpoints(service, pods, () => 'zone-a').flatMap((group) => [...group.endpoints.values()]);
}

test.each([
  { state: 'ready', pod: makePod('a'), want: { ready: true, serving: true, terminating: false } },
  { state: 'not ready', pod: makePod('a', { isReady: false }), want: { ready: false, serving: false, terminating: false } },
  { state: 'ending but still serving', pod: makePod('a', { isDeleting: true }), want: { ready: false, serving: true, terminating: true } },
])('[EPS-1] a pod that is $state gives $want', ({ pod, want }) => {
  expect(endpoints(makeService(), pod)).toMatchObject([
    { addresses: ['10.0.0.1'], conditions: want, nodeName: 'node-1', zone: 'zone-a', targetRef: { kind: 'Pod', name: 'a', uid: 'a' } },
  ]);
});

test('[EPS-1] publishNotReadyAddresses makes every pod ready', () => {
  expect(endpoints(makeService({ publishNotReadyAddresses: true }), makePod('a', { isReady: false }))).toMatchObject([
    { conditions: { ready: true } },
  ]);
});

test('[EPS-2] ended pods and pods without an address are no endpoints', () => {
  expect(endpoints(makeService(), makePod('a', { phase: 'Succeeded' }), makePod('b', { ip: '' }))).toEqual([]);
});

test.each([
  { targetPort: 9090, want: [9090] },
  { targetPort: 'http', want: [8080] },
  { targetPort: 'grpc', want: [] },
  { targetPort: undefined, want: [80] },
])('[EPS-3] target port $targetPort is $want', ({ targetPort, want }) => {
  const service = makeService({ ports: [{ port: 80, ...(targetPort !== undefined && { targetPort }) }] });
  expect(endpointPorts(service, makePod('a')).map(({ port }) => port)).toEqual(want);
});

test('[EPS-3] pods with other numbers for one port name go into slices of their own', () => {
  const service = makeService({ ports: [{ port: 80, targetPort: 'http' }] });
  const other = makePod('b', { spec: { containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 9999 }] }] } });
  const { create } = planSlices(
    groupEndpoints(service, [makePod('a'), other], () => undefined),
    [],
    ['IPv4'],
  );
  expect(create.map(({ ports }) => ports[0]?.port)).toEqual([8080, 9999]);
});

test('[EPS-4] a slice holds at most a hundred endpoints', () => {
  const pods = Array.from({ length: 250 }, (_, index) => makePod(`p${index}`));
  const { create } = planSlices(
    groupEndpoints(makeService(), pods, () => undefined),
    [],
    ['IPv4'],
  );
  expect(create.map((slice) => slice.endpoints.length)).toEqual([100, 100, 50]);
});

test('[EPS-5] a change touches only the slice that it is in, and new endpoints fill it', () => {
  const service = makeService();
  const pods = Array.from({ length: 150 }, (_, index) => makePod(`p${index}`));
  const stored = planSlices(
    groupEndpoints(service, pods, () => undefined),
    [],
    ['IPv4'],
  ).create.map((content, index): EndpointSlice => ({ metadata: { name: `s${index}`, uid: `s${index}` }, ...content }));
  const changed = [...pods.slice(0, 149), makePod('p149', { isReady: false }), makePod('new')];
  const plan = planSlices(
    groupEndpoints(service, changed, () => undefined),
    stored,
    ['IPv4'],
  );
  expect(plan.update.map(({ slice, endpoints: kept }) => [slice.metadata?.name, kept.length])).toEqual([['s1', 51]]);
  expect([plan.create, plan.remove]).toEqual([[], []]);
});

test('[EPS-6] a Service without endpoints keeps one empty slice', () => {
  const { create } = planSlices([], [], ['IPv4']);
  expect(create).toEqual([{ addressType: 'IPv4', ports: [], endpoints: [] }]);
  const empty: EndpointSlice = { metadata: { name: 's', uid: 's' }, addressType: 'IPv4', ports: [], endpoints: [] };
  expect(planSlices([], [empty], ['IPv4'])).toEqual({ create: [], update: [], remove: [] });
});

test('[EPS-7] the labels nearest to a selector that matches nothing are found', () => {
  const pods = [
    makePod('a', { labels: { app: 'web', tier: 'x' } }),
    makePod('b', { labels: { app: 'web' } }),
    makePod('c', { labels: { other: 'y' } }),
  ];
  const { pods: count, nearest } = findNearMiss({ app: 'wep' }, pods);
  expect({ count, nearest }).toEqual({ count: 3, nearest: 'app=web on 2 pods' });
});
