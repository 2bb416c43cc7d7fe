import { expect, test } from 'vitest';
import type { ReplicaSet } from '../kinds/apps/replica-set.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { formatTime } from '../sim/simulation.ts';
import { planClaims } from './claim.ts';
import { areMet, createSeen, deleteSeen, type Expectations, expectationOf } from './expectations.ts';
import { countReplicas, planReplicas, replicaSetStatus } from './replica-set-plan.ts';

const now = 1_767_603_600_000;

interface PodShape {
  readonly node?: string;
  readonly phase?: string;
  readonly readyForMs?: number;
  readonly ageMs?: number;
  readonly cost?: string;
  readonly restarts?: number;
  readonly isDeleting?: boolean;
  readonly labels?: Record<string, string>;
}

function makePod(
  name: string,
  { node, phase = 'Running', readyForMs, ageMs = 60_000, cost, restarts, isDeleting, labels }: PodShape = {},
): Pod {
  return {
    metadata: {
      name,
      uid: name,
      namespace: 'default',
      creationTimestamp: formatTime(now - ageMs),
      ...(labels && { labels }),
      ...(cost !== undefined && { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }),
      ...(isDeleting && { deletionTimestamp: formatTime(now) }),
    },
    spec: { containers: [], ...(node !== undefined && { nodeName: node }) },
    status: {
      phase,
      ...(readyForMs !== undefined && {
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: formatTime(now - readyForMs) }],
      }),
      ...(restarts !== undefined && { containerStatuses: [{ name: 'c', image: '', imageID: '', ready: true, restartCount: restarts }] }),
    },
  };
}

function makeSet(replicas: number, minReadySeconds = 0): ReplicaSet {
  return {
    metadata: { name: 'web', uid: 'rs', namespace: 'default', creationTimestamp: formatTime(now), generation: 2 },
    spec: { replicas, minReadySeconds, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } } } },
  };
}

test.each([
  { want: 3, have: 1, create: 2, remove: 0 },
  { want: 2, have: 2, create: 0, remove: 0 },
  { want: 0, have: 2, create: 0, remove: 2 },
  { want: 1000, have: 0, create: 500, remove: 0 },
])('[RS-1] wants $want, has $have → creates $create, removes $remove', ({ want, have, create, remove }) => {
  const active = Array.from({ length: have }, (_, index) => makePod(`p${index}`));
  const plan = planReplicas({ want, active, related: () => active, now });
  expect({ create: plan.create, remove: plan.remove.length }).toEqual({ create, remove });
});

test.each([
  { rule: 'unbound before bound', first: {}, second: { node: 'n' } },
  { rule: 'Pending before Running', first: { node: 'n', phase: 'Pending' }, second: { node: 'n' } },
  { rule: 'not ready before ready', first: { node: 'n' }, second: { node: 'n', readyForMs: 1000 } },
  { rule: 'cheap before dear', first: { node: 'n', cost: '-5' }, second: { node: 'n' } },
  { rule: 'ready shortly before ready long', first: { node: 'n', readyForMs: 1000 }, second: { node: 'n', readyForMs: 60_000 } },
  { rule: 'often restarted before never restarted', first: { node: 'n', restarts: 3 }, second: { node: 'n' } },
  { rule: 'young before old', first: { node: 'n', ageMs: 1000 }, second: { node: 'n', ageMs: 600_000 } },
])('[RS-2] of two surplus pods goes: $rule', ({ first, second }) => {
  const active = [makePod('b', second), makePod('a', first)];
  expect(planReplicas({ want: 1, active, related: () => active, now }).remove.map(({ metadata }) => metadata?.name)).toEqual(['a']);
});

test('[RS-2] the pod on the fuller node goes, siblings of other sets counted', () => {
  const active = [makePod('a', { node: 'n1' }), makePod('b', { node: 'n2' })];
  const related = [...active, makePod('c', { node: 'n2' }), makePod('d', { node: 'n2', phase: 'Succeeded' })];
  expect(planReplicas({ want: 1, active, related: () => related, now }).remove.map(({ metadata }) => metadata?.name)).toEqual(['b']);
});

test('[RS-3] counts active, labelled, ready, available and terminating pods', () => {
  const labels = { app: 'web' };
  const pods = [
    makePod('available', { labels, readyForMs: 60_000 }),
    makePod('fresh', { labels, readyForMs: 4_000 }),
    makePod('starting', {}),
    makePod('ended', { labels, phase: 'Failed' }),
    makePod('leaving', { labels, isDeleting: true, readyForMs: 60_000 }),
  ];
  const counts = countReplicas(makeSet(3, 10), pods, now);
  expect(replicaSetStatus(makeSet(3, 10), counts, undefined, formatTime(now))).toEqual({
    replicas: 3,
    fullyLabeledReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 1,
    terminatingReplicas: 1,
    observedGeneration: 2,
  });
  expect(counts.nextAvailableInMs).toBe(6_000);
});

test('[RS-4] a failure stands as a condition until a reconcile succeeds', () => {
  const counts = countReplicas(makeSet(1), [], now);
  const failed = replicaSetStatus(makeSet(1), counts, { reason: 'FailedCreate', message: 'no' }, formatTime(now));
  expect(failed.conditions).toEqual([
    { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'no', lastTransitionTime: formatTime(now) },
  ]);
  expect(replicaSetStatus({ ...makeSet(1), status: failed }, counts, undefined, formatTime(now)).conditions).toBeUndefined();
});

test('[RS-5] a set adopts matching orphans and releases pods that no longer match; one that is being deleted does neither', () => {
  const owned = [makePod('kept', { labels: { app: 'web' } }), makePod('changed', { labels: { app: 'debug' } })];
  const orphans = [
    makePod('orphan', { labels: { app: 'web' } }),
    makePod('stranger'),
    makePod('ending', { labels: { app: 'web' }, isDeleting: true }),
  ];
  const names = (pods: readonly Pod[]): readonly (string | undefined)[] => pods.map(({ metadata }) => metadata?.name);
  const plan = planClaims(makeSet(1), { matchLabels: { app: 'web' } }, owned, orphans);
  expect([names(plan.keep), names(plan.adopt), names(plan.release)]).toEqual([['kept'], ['orphan'], ['changed']]);
  const ending = { ...makeSet(1), metadata: { ...makeSet(1).metadata, deletionTimestamp: formatTime(now) } };
  const last = planClaims(ending, { matchLabels: { app: 'web' } }, owned, orphans);
  expect([names(last.keep), names(last.adopt), names(last.release)]).toEqual([['kept'], [], []]);
});

test('[RS-6] nothing is counted again until the cache shows what was created and deleted, or five minutes have passed', () => {
  const expectations: Expectations = new Map();
  expectationOf(expectations, 'default/web', now).creates.add('a');
  expectationOf(expectations, 'default/web', now).deletes.add('b');
  createSeen(expectations, 'default/web', 'a');
  expect(areMet(expectations, 'default/web', now)).toBe(false);
  deleteSeen(expectations, 'default/web', 'b');
  expect(areMet(expectations, 'default/web', now)).toBe(true);
  expectationOf(expectations, 'default/web', now).creates.add('lost');
  expect(areMet(expectations, 'default/web', now + 300_000)).toBe(true);
});
