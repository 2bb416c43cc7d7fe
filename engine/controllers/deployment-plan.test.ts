import { expect, test } from 'vitest';
import type { Deployment } from '../kinds/apps/deployment.ts';
import type { ReplicaSet } from '../kinds/apps/replica-set.ts';
import type { V1DeploymentSpec } from '../schema/generated/models.ts';
import { formatTime } from '../sim/simulation.ts';
import { annotationsFor, planCleanup, templateHash } from './deployment-revisions.ts';
import { fenceposts, isScalingEvent, planRollout, planScale } from './deployment-scaling.ts';

const start = 1_767_603_600_000;

function makeDeployment(replicas: number, spec: Partial<V1DeploymentSpec> = {}): Deployment {
  return {
    metadata: {
      name: 'web',
      uid: 'd',
      namespace: 'default',
      creationTimestamp: formatTime(start),
      annotations: { 'kubernetes.io/change-cause': 'second try' },
    },
    spec: { replicas, selector: {}, template: {}, ...spec },
  };
}

interface SetShape {
  readonly available?: number;
  readonly ageSeconds?: number;
  readonly desired?: number;
  readonly max?: number;
  readonly revision?: number;
}

function makeSet(
  name: string,
  replicas: number,
  { available = replicas, ageSeconds = 0, desired, max, revision }: SetShape = {},
): ReplicaSet {
  const annotations = {
    ...(desired !== undefined && { 'deployment.kubernetes.io/desired-replicas': String(desired) }),
    ...(max !== undefined && { 'deployment.kubernetes.io/max-replicas': String(max) }),
    ...(revision !== undefined && { 'deployment.kubernetes.io/revision': String(revision) }),
  };
  return {
    metadata: { name, uid: name, creationTimestamp: formatTime(start - ageSeconds * 1000), annotations },
    spec: { replicas, selector: {} },
    status: { replicas, availableReplicas: available },
  };
}

function shown(steps: readonly { readonly target: ReplicaSet; readonly replicas: number }[]): Record<string, number> {
  return Object.fromEntries(steps.map(({ target, replicas }) => [target.metadata?.name, replicas]));
}

function rolling(maxSurge: number | string, maxUnavailable: number | string): Partial<V1DeploymentSpec> {
  return { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } } };
}

test.each([
  { replicas: 3, maxSurge: '25%', maxUnavailable: '25%', want: { maxSurge: 1, maxUnavailable: 0 } },
  { replicas: 10, maxSurge: '25%', maxUnavailable: '25%', want: { maxSurge: 3, maxUnavailable: 2 } },
  { replicas: 10, maxSurge: 0, maxUnavailable: '5%', want: { maxSurge: 0, maxUnavailable: 1 } },
  { replicas: 0, maxSurge: '25%', maxUnavailable: '25%', want: { maxSurge: 0, maxUnavailable: 1 } },
])(
  '[DEP-1] of $replicas replicas, $maxSurge surge and $maxUnavailable unavailable are $want',
  ({ replicas, maxSurge, maxUnavailable, want }) => {
    expect(fenceposts(makeDeployment(replicas, rolling(maxSurge, maxUnavailable)))).toEqual(want);
  },
);

test.each([
  { why: 'the new set grows into the surge', current: makeSet('new', 0), old: [makeSet('old', 3)], want: { new: 1 } },
  { why: 'an old pod goes for each new one that is available', current: makeSet('new', 1), old: [makeSet('old', 3)], want: { old: 2 } },
  {
    why: 'nothing moves while the new pod is not available',
    current: makeSet('new', 1, { available: 0 }),
    old: [makeSet('old', 3)],
    want: {},
  },
  {
    why: 'an old pod that serves nobody may go although no new one can be spared',
    current: makeSet('new', 1),
    old: [makeSet('old', 3, { available: 2 })],
    want: { old: 2 },
  },
  { why: 'a new set that is too large shrinks', current: makeSet('new', 5), old: [], want: { new: 3 } },
])('[DEP-2] one step of a rollout of three: $why', ({ current, old, want }) => {
  expect(shown(planRollout(makeDeployment(3, rolling(1, 0)), current, old))).toEqual(want);
});

test('[DEP-2] broken old pods are cleaned up before healthy ones, the oldest set first', () => {
  const old = [makeSet('older', 4, { available: 1, ageSeconds: 60 }), makeSet('younger', 4)];
  expect(shown(planRollout(makeDeployment(8, rolling(2, 2)), makeSet('new', 2), old))).toEqual({ older: 0 });
});

test('[DEP-3] a change of size during a rollout is shared out by size, the largest set takes the rest', () => {
  const sets = { current: makeSet('new', 5, { desired: 10, max: 10 }), old: [makeSet('old', 5, { desired: 10, max: 10, ageSeconds: 60 })] };
  const deployment = makeDeployment(15, rolling(0, 5));
  expect(isScalingEvent(deployment, sets)).toBe(true);
  const steps = shown(planScale(deployment, sets));
  expect(Object.values(steps).reduce((sum, size) => sum + size, 0)).toBe(15);
  expect(steps).toEqual({ new: 8, old: 7 });
});

test('[DEP-3] with one active set that set is scaled', () => {
  const sets = { current: makeSet('new', 3, { desired: 3 }), old: [makeSet('old', 0)] };
  expect(shown(planScale(makeDeployment(5), sets))).toEqual({ new: 5 });
});

test('[DEP-4] only empty, observed sets beyond the history limit are removed, the lowest revision first', () => {
  const old = [
    makeSet('r3', 0, { revision: 3 }),
    makeSet('r1', 0, { revision: 1 }),
    makeSet('r2', 1, { revision: 2 }),
    makeSet('r4', 0, { revision: 4 }),
  ];
  expect(planCleanup(makeDeployment(1, { revisionHistoryLimit: 1 }), old).map(({ metadata }) => metadata?.name)).toEqual(['r1', 'r3']);
});

test('[DEP-5] a set that comes back gets the next number, remembers its old one and takes the change cause', () => {
  const before = { 'deployment.kubernetes.io/revision': '1', 'deployment.kubernetes.io/revision-history': '0' };
  expect(annotationsFor(makeDeployment(1), before, 4, false)).toEqual({
    'kubernetes.io/change-cause': 'second try',
    'deployment.kubernetes.io/revision': '4',
    'deployment.kubernetes.io/revision-history': '0,1',
  });
});

test('[DEP-6] the hash depends on the template and its collisions, not on the order of fields', () => {
  const template = { metadata: { labels: { a: '1', b: '2' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
  const turned = { spec: { containers: [{ image: 'nginx', name: 'c' }] }, metadata: { labels: { b: '2', a: '1' } } };
  expect(templateHash(template, undefined)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{10}$/);
  expect(templateHash(turned, undefined)).toBe(templateHash(template, undefined));
  expect(templateHash(template, 1)).not.toBe(templateHash(template, undefined));
});
