import type { WatchChange } from '../client/process.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { CauseId, Millis } from '../sim/simulation.ts';
import type { ClusterEvent, QueueOrder, SchedulerPlugin } from './plugin.ts';

/**
 * Pods that wait for a node. Kubernetes: pkg/scheduler/backend/queue (1.36).
 *
 * `active` pods are tried next. A pod that was rejected becomes `unschedulable` until a cluster event may have changed the mind of a plugin
 * that rejected it; if its back-off is not over by then it goes through `backoff`. When nothing is active, backed-off pods are tried early,
 * unless an error sent them there. `gated` pods are held back by PreEnqueue.
 */
export type Place = 'active' | 'backoff' | 'unschedulable' | 'gated';

export interface QueuedPod extends QueueOrder {
  readonly uid: string;
  readonly place: Place;
  /** Tries that ended without a node. */
  readonly failures: number;
  /** When the last try was. */
  readonly triedAt: Millis;
  /** Plugins that rejected it last; empty after an error. */
  readonly rejectedBy: readonly string[];
  readonly hadError: boolean;
  /** What brought it here: the next try is because of that. */
  readonly cause: CauseId;
}

interface HeapItem extends QueueOrder {
  readonly key: string;
  readonly readyAt: Millis;
}

export interface QueueState {
  readonly pods: Map<string, QueuedPod>;
  readonly active: HeapItem[];
  readonly backoff: HeapItem[];
  nextSeq: number;
}

export function newQueue(): QueueState {
  return { pods: new Map(), active: [], backoff: [], nextSeq: 0 };
}

export type QueueSort = (a: QueueOrder, b: QueueOrder) => number;

const firstBackoffMs = 1_000;
const lastBackoffMs = 10_000;
/** A pod is tried again after this time even if nothing has happened. */
export const unschedulableLimitMs: Millis = 5 * 60_000;

export function backoffMs(failures: number): Millis {
  return failures === 0 ? 0 : Math.min(firstBackoffMs * 2 ** (failures - 1), lastBackoffMs);
}

function readyAtOf({ failures, triedAt }: QueuedPod): Millis {
  return triedAt + backoffMs(failures);
}

export interface Arrival {
  readonly uid: string;
  readonly priority: number;
  readonly isGated: boolean;
  readonly now: Millis;
  readonly cause: CauseId;
}

/** Takes a pod that was not in the queue. */
export function enqueue(queue: QueueState, sort: QueueSort, key: string, { uid, priority, isGated, now, cause }: Arrival): void {
  const seq = queue.nextSeq++;
  put(queue, sort, key, {
    uid,
    priority,
    queuedAt: now,
    seq,
    place: isGated ? 'gated' : 'active',
    failures: 0,
    triedAt: now,
    rejectedBy: [],
    hadError: false,
    cause,
  });
}

function put(queue: QueueState, sort: QueueSort, key: string, entry: QueuedPod): void {
  queue.pods.set(key, entry);
  const item: HeapItem = { key, priority: entry.priority, queuedAt: entry.queuedAt, seq: entry.seq, readyAt: readyAtOf(entry) };
  if (entry.place === 'active') push(queue.active, item, sort);
  if (entry.place === 'backoff') push(queue.backoff, item, byReadyTime);
}

export function dequeue(queue: QueueState, key: string): void {
  queue.pods.delete(key);
}

/** Whether `next` would return a pod at this moment. */
export function hasNext(queue: QueueState, sort: QueueSort, now: Millis): boolean {
  dropStale(queue.active, queue, 'active', sort);
  dropStale(queue.backoff, queue, 'backoff', byReadyTime);
  const waiting = queue.backoff[0];
  return queue.active.length > 0 || (waiting !== undefined && isPoppable(queue, waiting, now));
}

/** After an error the back-off is kept to; after a rejection an idle scheduler does not wait for it. */
function isPoppable({ pods }: QueueState, { key, readyAt }: HeapItem, now: Millis): boolean {
  return readyAt <= now || pods.get(key)?.hadError === false;
}

/** Takes the next pod to try out of the queue; it comes back through `failed` or not at all. */
export function next(queue: QueueState, sort: QueueSort, now: Millis): { readonly key: string; readonly entry: QueuedPod } | undefined {
  flushBackoff(queue, sort, now);
  dropStale(queue.active, queue, 'active', sort);
  const item = pop(queue.active, sort) ?? popEarly(queue, now);
  const entry = item && queue.pods.get(item.key);
  if (!item || !entry) return undefined;
  queue.pods.delete(item.key);
  return { key: item.key, entry };
}

function popEarly(queue: QueueState, now: Millis): HeapItem | undefined {
  dropStale(queue.backoff, queue, 'backoff', byReadyTime);
  const first = queue.backoff[0];
  return first && isPoppable(queue, first, now) ? pop(queue.backoff, byReadyTime) : undefined;
}

/** Moves pods whose back-off is over to the active ones. */
function flushBackoff(queue: QueueState, sort: QueueSort, now: Millis): void {
  for (;;) {
    dropStale(queue.backoff, queue, 'backoff', byReadyTime);
    const first = queue.backoff[0];
    if (!first || first.readyAt > now) return;
    pop(queue.backoff, byReadyTime);
    const entry = queue.pods.get(first.key);
    if (entry) put(queue, sort, first.key, { ...entry, place: 'active' });
  }
}

export interface Failure {
  readonly rejectedBy: readonly string[];
  readonly hadError: boolean;
  readonly now: Millis;
}

/** Puts a pod back that was tried in vain. */
export function failed(queue: QueueState, sort: QueueSort, key: string, before: QueuedPod, { rejectedBy, hadError, now }: Failure): void {
  const seq = queue.nextSeq++;
  put(queue, sort, key, {
    ...before,
    seq,
    place: hadError ? 'backoff' : 'unschedulable',
    failures: before.failures + 1,
    triedAt: now,
    queuedAt: now,
    rejectedBy,
    hadError,
  });
}

/** Wakes a pod: to `active`, or through `backoff` when its back-off is not over. */
export function wake(
  queue: QueueState,
  sort: QueueSort,
  key: string,
  { now, cause }: { readonly now: Millis; readonly cause: CauseId },
): void {
  const entry = queue.pods.get(key);
  if (!entry || entry.place === 'active' || entry.place === 'backoff') return;
  put(queue, sort, key, {
    ...entry,
    queuedAt: now,
    cause,
    place: entry.place === 'unschedulable' && readyAtOf(entry) > now ? 'backoff' : 'active',
  });
}

export function gate(queue: QueueState, sort: QueueSort, key: string): void {
  const entry = queue.pods.get(key);
  if (entry) put(queue, sort, key, { ...entry, place: 'gated' });
}

export interface Occurrence {
  readonly plugins: ReadonlyMap<string, SchedulerPlugin>;
  readonly event: ClusterEvent;
  readonly change: WatchChange;
  podOf(key: string): Pod | undefined;
}

/** The unschedulable pods for which an event may have changed something. */
export function concerned(queue: QueueState, { plugins, event, change, podOf }: Occurrence): readonly string[] {
  const keys: string[] = [];
  for (const [key, { place, rejectedBy }] of queue.pods) {
    if (place !== 'unschedulable') continue;
    const pod = podOf(key);
    if (!pod) continue;
    const isConcerned = rejectedBy.length === 0 || rejectedBy.some((name) => mayReconsider(plugins.get(name), event, pod, change));
    if (isConcerned) keys.push(key);
  }
  return keys;
}

/** A plugin without rules may change its mind at any event. */
export function mayReconsider(plugin: SchedulerPlugin | undefined, event: ClusterEvent, pod: Pod, change: WatchChange): boolean {
  if (!plugin?.requeueOn) return true;
  return plugin.requeueOn.some(({ on, hint }) => on === event && (hint === undefined || hint(pod, change)));
}

/** When the first unschedulable pod has waited for long enough, and when the first back-off after an error ends. */
export function nextDue(queue: QueueState): Millis | undefined {
  let due: Millis | undefined;
  for (const entry of queue.pods.values()) {
    if (entry.place !== 'unschedulable' && entry.place !== 'backoff') continue;
    const at = entry.place === 'unschedulable' ? entry.triedAt + unschedulableLimitMs : readyAtOf(entry);
    due = due === undefined ? at : Math.min(due, at);
  }
  return due;
}

export function overdue(queue: QueueState, now: Millis): readonly string[] {
  const keys: string[] = [];
  for (const [key, { place, triedAt }] of queue.pods)
    if (place === 'unschedulable' && triedAt + unschedulableLimitMs <= now) keys.push(key);
  return keys;
}

function byReadyTime(a: QueueOrder, b: QueueOrder): number {
  return (a as HeapItem).readyAt - (b as HeapItem).readyAt || a.seq - b.seq;
}

/** Items whose pod has left that part of the queue stay in the heap until they come to the top. */
function dropStale(heap: HeapItem[], { pods }: QueueState, place: Place, order: QueueSort): void {
  for (;;) {
    const top = heap[0];
    if (!top) return;
    const entry = pods.get(top.key);
    if (entry?.place === place && entry.seq === top.seq && entry.queuedAt === top.queuedAt) return;
    pop(heap, order);
  }
}

function push(heap: HeapItem[], item: HeapItem, order: QueueSort): void {
  let at = heap.length;
  heap.push(item);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as HeapItem;
    if (order(above, item) <= 0) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = item;
}

function pop(heap: HeapItem[], order: QueueSort): HeapItem | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && order(heap[child + 1] as HeapItem, heap[child] as HeapItem) < 0) child++;
    if (order(last, heap[child] as HeapItem) <= 0) break;
    heap[at] = heap[child] as HeapItem;
    at = child;
  }
  heap[at] = last;
  return top;
}
