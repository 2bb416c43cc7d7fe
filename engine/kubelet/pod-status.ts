import type { Pod } from '../kinds/core/pod.ts';
import type { Container } from '../runtime/container-runtime.ts';
import type { V1ContainerState, V1ContainerStatus, V1PodCondition, V1PodSpec, V1PodStatus } from '../schema/generated/models.ts';
import type { ContainerWorker, PodWorker } from './kubelet-state.ts';

/** What the status is made from, besides the worker. */
export interface StatusSources {
  readonly timestamp: string;
  readonly hostAddress: string;
  formatTime(atMs: number): string;
  container(id: string): Container | undefined;
  imageName(image: string): string;
  podAddress(worker: PodWorker): string | undefined;
  hasSandbox(worker: PodWorker): boolean;
  terminationMessage(container: Container): string;
}

type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/** The status of a pod as this node sees it. Kubernetes: pkg/kubelet/kubelet_pods.go, pkg/kubelet/status/generate.go (1.36). */
export function statusOf(worker: PodWorker, current: V1PodStatus | undefined, sources: StatusSources): V1PodStatus {
  const spec = worker.pod.spec as V1PodSpec;
  if (worker.failure && worker.containers.size === 0) return rejectedStatus(worker, current, sources);
  const initStatuses = (spec.initContainers ?? []).map(({ name }) => containerStatus(worker, name, sources));
  const statuses = spec.containers.map(({ name }) => containerStatus(worker, name, sources));
  const phase =
    worker.failure && worker.stage === 'finished' ? 'Failed' : keepTerminal(current?.phase, phaseOf(worker, spec, initStatuses, statuses));
  const address = sources.podAddress(worker);
  const conditions = conditionsOf({ worker, spec, phase, initStatuses, statuses, current, sources });
  return {
    observedGeneration: worker.pod.metadata?.generation ?? 1,
    phase,
    conditions,
    ...(worker.failure && { reason: worker.failure.reason, message: worker.failure.message }),
    hostIP: sources.hostAddress,
    hostIPs: [{ ip: sources.hostAddress }],
    ...(address !== undefined && { podIP: address, podIPs: [{ ip: address }] }),
    startTime: sources.formatTime(worker.startedAtMs),
    ...(initStatuses.length > 0 && { initContainerStatuses: initStatuses }),
    containerStatuses: statuses,
    qosClass: current?.qosClass ?? 'BestEffort',
    ...(current?.nominatedNodeName && { nominatedNodeName: current.nominatedNodeName }),
  };
}

/** A pod that has ended stays ended, whatever is left of its containers. */
function keepTerminal(current: string | undefined, next: Phase): Phase {
  return current === 'Succeeded' || current === 'Failed' ? current : next;
}

function rejectedStatus(worker: PodWorker, current: V1PodStatus | undefined, sources: StatusSources): V1PodStatus {
  return {
    ...(current?.conditions && { conditions: current.conditions }),
    observedGeneration: worker.pod.metadata?.generation ?? 1,
    phase: 'Failed',
    ...worker.failure,
    startTime: sources.formatTime(worker.startedAtMs),
    qosClass: current?.qosClass ?? 'BestEffort',
  };
}

function containerStatus(worker: PodWorker, name: string, sources: StatusSources): V1ContainerStatus {
  const spec = [...(worker.pod.spec?.initContainers ?? []), ...(worker.pod.spec?.containers ?? [])].find(
    (container) => container.name === name,
  );
  const tracked = worker.containers.get(name);
  const container = tracked?.containerId === undefined ? undefined : sources.container(tracked.containerId);
  const previous = tracked?.previousId === undefined ? undefined : sources.container(tracked.previousId);
  const isRunning = container?.state === 'running';
  const isWaiting = tracked?.waiting !== undefined || !container;
  const state: V1ContainerState = isWaiting ? waitingState(worker, tracked) : stateOf(container, sources);
  const last = isWaiting && container ? container : previous;
  const isDoneInit = tracked?.role === 'init' && container?.state === 'exited' && container.exitCode === 0;
  return {
    name,
    image: container ? sources.imageName(container.config.image) : (spec?.image ?? ''),
    imageID: container?.imageId ?? '',
    ...(container && { containerID: `containerd://${container.id}` }),
    state,
    lastState: last ? stateOf(last, sources) : {},
    ready: tracked?.role === 'init' ? isDoneInit : isRunning && tracked?.isReady === true,
    restartCount: tracked?.restarts ?? 0,
    started: isRunning && tracked?.isStarted === true,
  };
}

function waitingState(worker: PodWorker, tracked: ContainerWorker | undefined): V1ContainerState {
  if (tracked?.waiting) {
    const { reason, message } = tracked.waiting;
    return { waiting: message === '' ? { reason } : { reason, message } };
  }
  const waitsForInit = (worker.pod.spec?.initContainers ?? []).length > 0;
  return { waiting: { reason: waitsForInit ? 'PodInitializing' : 'ContainerCreating' } };
}

function stateOf(container: Container, sources: StatusSources): V1ContainerState {
  if (container.state === 'running') return { running: { startedAt: sources.formatTime(container.startedAtMs) } };
  const message = sources.terminationMessage(container);
  return {
    terminated: {
      exitCode: container.exitCode,
      reason: container.reason,
      ...(message !== '' && { message }),
      // A container that never started has Go's zero of Unix time here.
      startedAt: sources.formatTime(container.startedAtMs),
      finishedAt: sources.formatTime(container.finishedAtMs),
      containerID: `containerd://${container.id}`,
    },
  };
}

/** Kubernetes: pkg/kubelet/kubelet_pods.go getPhase. */
function phaseOf(
  worker: PodWorker,
  spec: V1PodSpec,
  initStatuses: readonly V1ContainerStatus[],
  statuses: readonly V1ContainerStatus[],
): Phase {
  const restarts = spec.restartPolicy ?? 'Always';
  const hasStartedMain = statuses.some(({ state, lastState }) => state?.running ?? state?.terminated ?? lastState?.terminated);
  for (const { name, state, lastState } of hasStartedMain ? [] : initStatuses) {
    const tracked = worker.containers.get(name);
    if (tracked?.role === 'sidecar') {
      if (!tracked.isStarted) return 'Pending';
      continue;
    }
    const ended = state?.terminated ?? lastState?.terminated;
    if (ended && ended.exitCode !== 0 && restarts === 'Never') return 'Failed';
    if (state?.terminated?.exitCode !== 0) return 'Pending';
  }
  let running = 0;
  let waiting = 0;
  let stopped = 0;
  let succeeded = 0;
  for (const { state, lastState } of statuses) {
    if (state?.running) running++;
    else if (state?.terminated) {
      stopped++;
      if (state.terminated.exitCode === 0) succeeded++;
    } else if (lastState?.terminated) stopped++;
    else waiting++;
  }
  if (waiting > 0) return 'Pending';
  if (running > 0) return 'Running';
  if (stopped === 0) return 'Pending';
  if (restarts === 'Always') return worker.stage === 'active' ? 'Running' : succeeded === stopped ? 'Succeeded' : 'Failed';
  if (stopped === succeeded) return 'Succeeded';
  return restarts === 'Never' || worker.stage !== 'active' ? 'Failed' : 'Running';
}

interface ConditionInput {
  readonly worker: PodWorker;
  readonly spec: V1PodSpec;
  readonly phase: Phase;
  readonly initStatuses: readonly V1ContainerStatus[];
  readonly statuses: readonly V1ContainerStatus[];
  readonly current: V1PodStatus | undefined;
  readonly sources: StatusSources;
}

const ownTypes = new Set(['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']);

function conditionsOf(input: ConditionInput): V1PodCondition[] {
  const { worker, current, sources } = input;
  const containersReady = containersReadyOf(input);
  const wanted: Verdict[] = [
    { type: 'PodReadyToStartContainers', ok: sources.hasSandbox(worker) },
    { type: 'Initialized', ...initializedOf(input) },
    { type: 'Ready', ...(containersReady.ok ? gatesOf(input) : containersReady) },
    { type: 'ContainersReady', ...containersReady },
    { type: 'PodScheduled', ok: true },
  ];
  const known = current?.conditions ?? [];
  const own = wanted.map(({ type, ok, reason, message }): V1PodCondition => {
    const status = ok ? 'True' : 'False';
    const before = known.find((condition) => condition.type === type);
    return {
      type,
      status,
      observedGeneration: worker.pod.metadata?.generation ?? 1,
      lastTransitionTime: before?.status === status && before.lastTransitionTime ? before.lastTransitionTime : sources.timestamp,
      ...(reason && { reason }),
      ...(message && { message }),
    };
  });
  return [...own, ...known.filter(({ type }) => !ownTypes.has(type))];
}

interface Judgement {
  readonly ok: boolean;
  readonly reason?: string;
  readonly message?: string;
}
interface Verdict extends Judgement {
  readonly type: string;
}

function initializedOf({ worker, phase, initStatuses, statuses }: ConditionInput): Judgement {
  if (phase === 'Succeeded') return { ok: true, reason: 'PodCompleted' };
  if (statuses.some(({ state, lastState }) => state?.running ?? state?.terminated ?? lastState?.terminated)) return { ok: true };
  const incomplete = initStatuses
    .filter(({ name, ready, started }) => (worker.containers.get(name)?.role === 'sidecar' ? !started : !ready))
    .map(({ name }) => name);
  if (incomplete.length === 0) return { ok: true };
  return { ok: false, reason: 'ContainersNotInitialized', message: `containers with incomplete status: [${incomplete.join(' ')}]` };
}

function containersReadyOf({ worker, phase, initStatuses, statuses }: ConditionInput): Judgement {
  if (phase === 'Succeeded') return { ok: false, reason: 'PodCompleted' };
  if (phase === 'Failed') return { ok: false, reason: 'PodFailed' };
  const sidecars = initStatuses.filter(({ name }) => worker.containers.get(name)?.role === 'sidecar');
  const unready = [...sidecars, ...statuses].filter(({ ready }) => !ready).map(({ name }) => name);
  if (unready.length === 0) return { ok: true };
  return { ok: false, reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
}

function gatesOf({ spec, current }: ConditionInput): Judgement {
  const problems = (spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = current?.conditions?.find(({ type }) => type === conditionType);
    if (!condition) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    return condition.status === 'True'
      ? []
      : [`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`];
  });
  return problems.length === 0 ? { ok: true } : { ok: false, reason: 'ReadinessGatesNotReady', message: problems.join(', ') };
}

/** The object that carries the status in the API: the mirror of a static pod, otherwise the pod itself. */
export function reportedPod(worker: PodWorker): Pod | undefined {
  return worker.manifest === undefined ? worker.pod : worker.mirror;
}
