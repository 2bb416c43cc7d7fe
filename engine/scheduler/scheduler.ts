import { keyOf } from '../client/controller.ts';
import type { ProcessContext, ProcessDefinition, WatchChange } from '../client/process.ts';
import { replicaSet } from '../kinds/apps/replica-set.ts';
import { type Node, node } from '../kinds/core/node.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import { service } from '../kinds/core/service.ts';
import type { AnyKind } from '../kinds/define-kind.ts';
import type { Attempts } from './attempts.ts';
import { assignedPodEvents, nodeEvents, waitingPodEvents } from './cluster-events.ts';
import { type Profile, queueSortOf } from './framework.ts';
import { type NodeCache, newNodeCache, placePod, removeNode, setNode, takePod } from './node-info.ts';
import type { ClusterEvent, SchedulerPlugin } from './plugin.ts';
import {
  concerned,
  dequeue,
  enqueue,
  gate,
  hasNext,
  mayReconsider,
  newQueue,
  nextDue,
  overdue,
  type QueueSort,
  type QueueState,
  wake,
} from './queue.ts';
import { defaultProfile } from './registry.ts';
import { findGate, scheduleNext } from './schedule-one.ts';

export interface SchedulerState {
  readonly cache: NodeCache;
  readonly queue: QueueState;
  readonly attempts: Attempts;
  /** Where the next search for nodes begins. */
  nextStart: number;
}

export interface SchedulerOptions {
  /** The node that it runs on. */
  readonly node: string;
  readonly profiles?: readonly Profile[];
  /** Instance name; a second scheduler needs its own. */
  readonly name?: string;
}

/** Finds nodes for pods. Kubernetes: cmd/kube-scheduler, pkg/scheduler (1.36). */
export function scheduler({
  node: home,
  profiles = [defaultProfile],
  name = 'kube-scheduler',
}: SchedulerOptions): ProcessDefinition<SchedulerState> {
  return {
    name,
    user: 'system:kube-scheduler',
    groups: ['system:authenticated'],
    node: home,
    eventSource: profiles[0]?.schedulerName ?? name,
    watches: [{ kind: node }, { kind: pod }, { kind: service }, { kind: replicaSet }],
    initialState: () => ({ cache: newNodeCache(), queue: newQueue(), attempts: new Map(), nextStart: 0 }),
    create(context) {
      const loop = new SchedulingLoop(context, profiles);
      return {
        onSynced: () => loop.plan(),
        onChange: (kind, change) => loop.take(kind, change),
        onTimer: (key) => loop.run(key),
      };
    },
  };
}

const cycleTimer = 'cycle';
const wakeTimer = 'wake';

/** Feeds cache and queue with what happens, and decides when the next pod is tried. All memory is `context.state`. */
class SchedulingLoop {
  readonly #context: ProcessContext<SchedulerState>;
  readonly #profiles: ReadonlyMap<string, Profile>;
  readonly #plugins: ReadonlyMap<string, SchedulerPlugin>;
  readonly #sort: QueueSort;

  constructor(context: ProcessContext<SchedulerState>, profiles: readonly Profile[]) {
    this.#context = context;
    this.#profiles = new Map(profiles.map((profile) => [profile.schedulerName, profile]));
    this.#plugins = new Map(profiles.flatMap(({ plugins }) => plugins.map(({ plugin }) => [plugin.name, plugin] as const)));
    this.#sort = queueSortOf(profiles[0] ?? defaultProfile);
  }

  take(kind: AnyKind, change: WatchChange): void {
    if (kind === (node as AnyKind)) this.#takeNode(change);
    else if (kind === (pod as AnyKind)) this.#takePod(change);
    else return;
    this.plan();
  }

  run(key: string): void {
    const { state, now } = this.#context;
    if (key === wakeTimer)
      for (const podKey of overdue(state.queue, now)) wake(state.queue, this.#sort, podKey, { now, cause: this.#context.cause });
    if (key === cycleTimer) scheduleNext(this.#context, this.#profiles, this.#sort);
    this.plan();
  }

  /** Sets the timers that are needed: one for the next try, one for pods that wait for a time. None when nobody waits. */
  plan(): void {
    const context = this.#context;
    if (!context.isSynced) return;
    if (hasNext(context.state.queue, this.#sort, context.now)) {
      if (!context.hasTimer(cycleTimer)) context.setTimer(cycleTimer, context.latency('schedule'));
      return;
    }
    const due = nextDue(context.state.queue);
    if (due === undefined) context.cancelTimer(wakeTimer);
    else context.setTimer(wakeTimer, Math.max(0, due - context.now), { periodic: true });
  }

  #takeNode(change: WatchChange): void {
    const { cache } = this.#context.state;
    const changed = change.object as Node;
    if (change.type === 'deleted') removeNode(cache, changed.metadata?.name ?? '');
    else setNode(cache, changed);
    this.#wakeFor(nodeEvents(change), change);
  }

  #takePod(change: WatchChange): void {
    const { state } = this.#context;
    const changed = change.object as Pod;
    const key = keyOf(changed);
    const host = changed.spec?.nodeName;
    if (!host) {
      this.#takeWaiting(key, changed, change);
      return;
    }
    dequeue(state.queue, key);
    const isGone = change.type === 'deleted' || changed.status?.phase === 'Succeeded' || changed.status?.phase === 'Failed';
    if (isGone) {
      if (!state.cache.placed.has(key)) return;
      takePod(state.cache, key);
      this.#wakeFor(['Pod/deleted'], change);
      return;
    }
    placePod(state.cache, key, changed, host);
    state.cache.assumed.delete(key);
    this.#wakeFor(assignedPodEvents(change), change);
  }

  #takeWaiting(key: string, changed: Pod, change: WatchChange): void {
    const { state, now } = this.#context;
    if (change.type === 'deleted') {
      dequeue(state.queue, key);
      state.attempts.delete(key);
      return;
    }
    const profile = this.#profiles.get(changed.spec?.schedulerName ?? 'default-scheduler');
    if (!profile || state.cache.assumed.has(key)) return;
    const uid = changed.metadata?.uid ?? '';
    const queued = state.queue.pods.get(key);
    const closed = findGate(profile, changed);
    if (queued?.uid !== uid) {
      enqueue(state.queue, this.#sort, key, {
        uid,
        priority: changed.spec?.priority ?? 0,
        isGated: closed !== undefined,
        now,
        cause: this.#context.cause,
      });
    } else if (closed) {
      if (queued.place !== 'gated') gate(state.queue, this.#sort, key);
    } else if (queued.place === 'gated' || this.#mayFitNow(queued.rejectedBy, changed, change))
      wake(state.queue, this.#sort, key, { now, cause: this.#context.cause });
    if (closed)
      this.#context.finding(
        { apiVersion: 'v1', kind: 'Pod', namespace: changed.metadata?.namespace ?? '', name: changed.metadata?.name ?? '' },
        'scheduling',
        closed,
      );
  }

  /** Whether the pod's own change may please a plugin that rejected it. */
  #mayFitNow(rejectedBy: readonly string[], changed: Pod, change: WatchChange): boolean {
    const events = waitingPodEvents(change);
    return events.some((event) => rejectedBy.some((name) => mayReconsider(this.#plugins.get(name), event, changed, change)));
  }

  #wakeFor(events: readonly ClusterEvent[], change: WatchChange): void {
    const { state, now } = this.#context;
    const pods = this.#context.lister(pod);
    for (const event of events) {
      for (const key of concerned(state.queue, { plugins: this.#plugins, event, change, podOf: (podKey) => pods.byKey(podKey) }))
        wake(state.queue, this.#sort, key, { now, cause: this.#context.cause });
    }
  }
}
