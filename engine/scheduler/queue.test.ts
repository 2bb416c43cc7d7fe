import { expect, test } from 'vitest';
import type { WatchChange } from '../client/process.ts';
import type { SchedulerPlugin } from './plugin.ts';
import { prioritySort } from './plugins/priority-sort.ts';
import {
  backoffMs,
  concerned,
  enqueue,
  failed,
  hasNext,
  newQueue,
  next,
  nextDue,
  overdue,
  type QueueSort,
  type QueueState,
  wake,
} from './queue.ts';

const sort = prioritySort.queueSort as QueueSort;
const change: WatchChange = { type: 'added', object: {} };

function add(queue: QueueState, key: string, now: number, priority = 0): void {
  enqueue(queue, sort, key, { uid: key, priority, isGated: false, cause: 0, now });
}

function fail(
  queue: QueueState,
  now: number,
  options: { readonly hadError?: boolean; readonly rejectedBy?: readonly string[] } = {},
): string {
  const taken = next(queue, sort, now);
  if (!taken) throw new Error('queue is empty');
  failed(queue, sort, taken.key, taken.entry, {
    rejectedBy: options.rejectedBy ?? ['NodeAffinity'],
    hadError: options.hadError ?? false,
    now,
  });
  return taken.key;
}

test('[SCHED-12] higher priority goes first, then who came first', () => {
  const queue = newQueue();
  add(queue, 'a', 0);
  add(queue, 'b', 0, 10);
  add(queue, 'c', 0);
  expect([next(queue, sort, 1)?.key, next(queue, sort, 1)?.key, next(queue, sort, 1)?.key, next(queue, sort, 1)]).toEqual([
    'b',
    'a',
    'c',
    undefined,
  ]);
});

test.each([
  [0, 0],
  [1, 1_000],
  [2, 2_000],
  [4, 8_000],
  [5, 10_000],
  [50, 10_000],
])('[SCHED-13] after %i failures the back-off is %i ms', (failures, want) => {
  expect(backoffMs(failures)).toBe(want);
});

test('[SCHED-13] a pod that is woken early waits for its back-off behind others, but an idle scheduler takes it at once', () => {
  const queue = newQueue();
  add(queue, 'a', 0);
  fail(queue, 0);
  expect(hasNext(queue, sort, 0)).toBe(false);
  wake(queue, sort, 'a', { now: 100, cause: 0 });
  expect(queue.pods.get('a')?.place).toBe('backoff');
  add(queue, 'b', 200);
  expect([next(queue, sort, 200)?.key, next(queue, sort, 200)?.key]).toEqual(['b', 'a']);
});

test('[SCHED-13] after an error the back-off is kept to', () => {
  const queue = newQueue();
  add(queue, 'a', 0);
  fail(queue, 0, { hadError: true });
  expect([hasNext(queue, sort, 999), nextDue(queue), hasNext(queue, sort, 1_000)]).toEqual([false, 1_000, true]);
});

test('[SCHED-14] only events that a rejecting plugin waits for concern a pod', () => {
  const queue = newQueue();
  for (const key of ['a', 'b']) add(queue, key, 0);
  fail(queue, 0, { rejectedBy: ['Fit'] });
  fail(queue, 0, { rejectedBy: ['Affinity'] });
  const plugins = new Map<string, SchedulerPlugin>([
    ['Fit', { name: 'Fit', requeueOn: [{ on: 'Pod/deleted' }] }],
    ['Affinity', { name: 'Affinity', requeueOn: [{ on: 'Node/labels', hint: () => false }] }],
  ]);
  const ask = (event: 'Pod/deleted' | 'Node/labels'): readonly string[] => concerned(queue, { plugins, event, change, podOf: () => ({}) });
  expect([ask('Pod/deleted'), ask('Node/labels')]).toEqual([['a'], []]);
});

test('[SCHED-10] an unschedulable pod is overdue after five minutes', () => {
  const queue = newQueue();
  add(queue, 'a', 0);
  fail(queue, 0);
  expect([overdue(queue, 299_999), overdue(queue, 300_000), nextDue(queue)]).toEqual([[], ['a'], 300_000]);
});
