import type { ProcessContext } from '../client/process.ts';
import { type Pod, pod as podKind } from '../kinds/core/pod.ts';
import { ApiError, ConnectionRefused } from '../schema/api-error.ts';
import type { V1PodCondition } from '../schema/generated/models.ts';
import type { ObjectRef } from '../sim/object-ref.ts';
import type { Mutable } from '../sim/plain.ts';
import { type Attempt, recordAttempt } from './attempts.ts';
import { type CycleResult, type Profile, runCycle } from './framework.ts';
import { orderedNodes, placePod, takePod } from './node-info.ts';
import type { ActionContext, SchedulerPlugin, SchedulerView, Verdict } from './plugin.ts';
import { failed, next, type QueuedPod, type QueueSort } from './queue.ts';
import type { SchedulerState } from './scheduler.ts';

type Context = ProcessContext<SchedulerState>;
type Chosen = Extract<CycleResult, { kind: 'chosen' }>;
type Unschedulable = Extract<CycleResult, { kind: 'unschedulable' }>;

interface Trial {
  readonly context: Context;
  readonly sort: QueueSort;
  readonly key: string;
  readonly entry: QueuedPod;
  readonly pod: Pod;
  readonly profile: Profile;
  readonly action: ActionContext;
}

/** Why PreEnqueue holds a pod back; nothing when it does not. */
export function findGate({ plugins }: Profile, pod: Pod): string | undefined {
  for (const { plugin } of plugins) {
    const verdict = plugin.preEnqueue?.(pod);
    if (verdict?.kind === 'rejected') return verdict.reasons.join(', ');
  }
  return undefined;
}

/** Takes one pod from the queue and tries to place it. */
export function scheduleNext(context: Context, profiles: ReadonlyMap<string, Profile>, sort: QueueSort): void {
  const { state, now } = context;
  const taken = next(state.queue, sort, now);
  if (!taken) return;
  const { key, entry } = taken;
  context.cause = entry.cause;
  const pod = context.lister(podKind).byKey(key);
  const profile = profiles.get(pod?.spec?.schedulerName ?? 'default-scheduler');
  if (!pod || !profile || pod.metadata?.uid !== entry.uid || pod.spec?.nodeName) return;
  if (pod.metadata.deletionTimestamp !== undefined) {
    context.event(pod, 'Warning', 'FailedScheduling', `skip schedule deleting pod: ${key}`);
    return;
  }
  const trial: Trial = { context, sort, key, entry, pod, profile, action: { view: viewOf(context), process: context } };
  const all = orderedNodes(state.cache);
  const start = all.length === 0 ? 0 : state.nextStart % all.length;
  const order = start === 0 ? all : [...all.slice(start), ...all.slice(0, start)];
  const found = tryCycle(trial, order);
  if (!found) return;
  const { result, processed } = found;
  if (all.length > 0) state.nextStart = (start + processed) % all.length;
  if (result.kind === 'chosen') place(trial, result);
  else giveUp(trial, result);
}

/** PostFilter acts on the cluster, so the API may refuse; the pod is then tried again later. */
function tryCycle(trial: Trial, order: readonly string[]): ReturnType<typeof runCycle> | undefined {
  const { profile, pod, action, context } = trial;
  try {
    return runCycle({ profile, pod, context: action, order, randomInt: (below) => context.randomInt(below) });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { message } = error;
    fail(trial, {
      message,
      reason: 'SchedulerError',
      rejectedBy: [],
      attempt: { outcome: 'error', message, filters: [], scorers: [], nodes: [] },
    });
    return undefined;
  }
}

function viewOf({ state, lister, now }: Context): SchedulerView {
  const { cache } = state;
  return {
    nodes: () => cache.nodes.values(),
    node: (name) => cache.nodes.get(name),
    nodeCount: orderedNodes(cache).length,
    image: (name) => cache.images.get(name),
    lister,
    now,
  };
}

function refOf({ metadata }: Pod): ObjectRef {
  return { apiVersion: 'v1', kind: 'Pod', namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' };
}

/** Reserve, Permit, PreBind, Bind, PostBind; the node counts as taken from Reserve on. */
function place(trial: Trial, result: Chosen): void {
  const { context, key, pod, profile } = trial;
  const { node, state: cycle } = result;
  const { cache } = context.state;
  placePod(cache, key, pod, node);
  cache.assumed.add(key);
  const problem = reserve(trial, result);
  if (problem) {
    takePod(cache, key);
    fail(trial, {
      message: problem.message,
      reason: problem.isError ? 'SchedulerError' : 'Unschedulable',
      rejectedBy: problem.rejectedBy,
      attempt: { ...result.attempt, outcome: problem.isError ? 'error' : 'unschedulable', message: problem.message },
    });
    return;
  }
  recordAttempt(context.state.attempts, key, { atMs: context.now, ...result.attempt });
  context.finding(refOf(pod), 'scheduling', undefined);
  context.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${key} to ${node}`);
  for (const { plugin } of profile.plugins) plugin.postBind?.(trial.action, cycle, pod, node);
}

interface Problem {
  readonly message: string;
  readonly rejectedBy: readonly string[];
  readonly isError: boolean;
}

function reserve({ profile, pod, action, context }: Trial, { node, state, attempt }: Chosen): Problem | undefined {
  const plugins = profile.plugins.map(({ plugin }) => plugin);
  const undo = (problem: Problem): Problem => {
    for (const plugin of [...plugins].reverse()) plugin.unreserve?.(state, pod, node);
    return problem;
  };
  const firstNo = (ask: (plugin: SchedulerPlugin) => Verdict | undefined): Problem | undefined => {
    for (const plugin of plugins) {
      const verdict = ask(plugin);
      if (verdict?.kind === 'rejected') return undo({ message: verdict.reasons.join(', '), rejectedBy: [plugin.name], isError: false });
    }
    return undefined;
  };
  const refused = firstNo((plugin) => plugin.reserve?.(state, pod, node)) ?? firstNo((plugin) => plugin.permit?.(state, pod, node));
  if (refused) return refused;
  context.step(attempt.message, refOf(pod));
  try {
    const unready = firstNo((plugin) => plugin.preBind?.(action, state, pod, node));
    if (unready) return unready;
    for (const plugin of plugins) if (plugin.bind?.(action, state, pod, node) === 'bound') break;
    return undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return undo({ message: `running Bind plugin "DefaultBinder": ${error.message}`, rejectedBy: [], isError: true });
  }
}

/** What the API may answer at any time; anything else is a bug. */
function isRefusal(error: unknown): error is ApiError | ConnectionRefused {
  return error instanceof ApiError || error instanceof ConnectionRefused;
}

function giveUp(trial: Trial, { message, rejectedBy, nominated, attempt }: Unschedulable): void {
  fail(trial, { message, reason: 'Unschedulable', rejectedBy, attempt, ...(nominated && { nominatedNode: nominated.node }) });
}

interface Failing {
  readonly message: string;
  readonly reason: 'Unschedulable' | 'SchedulerError';
  readonly rejectedBy: readonly string[];
  readonly nominatedNode?: string;
  readonly attempt: Omit<Attempt, 'atMs'>;
}

function fail({ context, sort, key, entry, pod }: Trial, { message, reason, rejectedBy, nominatedNode, attempt }: Failing): void {
  const { state, now } = context;
  failed(state.queue, sort, key, entry, { rejectedBy, hadError: reason === 'SchedulerError', now });
  recordAttempt(state.attempts, key, { atMs: now, ...attempt });
  context.finding(
    refOf(pod),
    'scheduling',
    explain(attempt),
    attempt.nodes.slice(0, 10).map(({ node }) => ({ apiVersion: 'v1', kind: 'Node', name: node })),
  );
  context.event(pod, 'Warning', 'FailedScheduling', message);
  const condition: V1PodCondition = {
    type: 'PodScheduled',
    status: 'False',
    reason,
    message,
    lastTransitionTime: context.timestamp,
    ...(pod.metadata?.generation !== undefined && { observedGeneration: pod.metadata.generation }),
  };
  writeCondition(context, pod, condition, nominatedNode);
}

/** Each node with its reason; a message that counts nodes does not say which. */
function explain({ message, nodes }: Omit<Attempt, 'atMs'>): string {
  const told = nodes
    .filter(({ reasons }) => reasons !== undefined)
    .slice(0, 10)
    .map(({ node, reasons = [] }) => `${node}: ${reasons.join(', ')}`);
  return told.length === 0 ? message : `fits on 0 of ${nodes.length} nodes (${told.join('; ')})`;
}

/** A condition that could not be written is written with the next try. */
function writeCondition({ client }: Context, { metadata }: Pod, condition: V1PodCondition, nominatedNode: string | undefined): void {
  const edit = (draft: Mutable<Pod>): void => {
    if (draft.metadata?.uid !== metadata?.uid) return;
    const conditions = draft.status?.conditions ?? [];
    const index = conditions.findIndex(({ type }) => type === 'PodScheduled');
    const before = conditions[index];
    const next =
      before?.status === condition.status && before.lastTransitionTime !== undefined
        ? { ...condition, lastTransitionTime: before.lastTransitionTime }
        : condition;
    draft.status = {
      ...draft.status,
      conditions: before ? conditions.with(index, next) : [...conditions, next],
      ...(nominatedNode !== undefined && { nominatedNodeName: nominatedNode }),
    };
  };
  try {
    client.modify(podKind, metadata?.namespace ?? '', metadata?.name ?? '', edit, 'status');
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}
