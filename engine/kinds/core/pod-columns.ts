import type { V1ContainerStatus, V1Pod } from '../../schema/generated/models.ts';
import { type Millis, parseTime } from '../../sim/simulation.ts';
import { ageColumn, humanDuration } from '../columns.ts';
import { type Column, column, nameColumn, wideColumn } from '../define-kind.ts';

/** What `kubectl get pods` prints about a pod. Kubernetes: pkg/printers/internalversion/printers.go printPod (1.36). */
export interface PodSummary {
  readonly status: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  readonly lastRestart: string | undefined;
}

function isSidecar(pod: V1Pod, name: string): boolean {
  return pod.spec?.initContainers?.some((container) => container.name === name && container.restartPolicy === 'Always') ?? false;
}

interface InitProgress {
  readonly status: string;
  readonly restarts: number;
  readonly readySidecars: number;
  readonly lastRestart: string | undefined;
}

/** The state of the first init container that is not done, if any. */
function initProgress(
  pod: V1Pod,
):
  | InitProgress
  | { readonly status: undefined; readonly restarts: number; readonly readySidecars: number; readonly lastRestart: string | undefined } {
  let restarts = 0;
  let readySidecars = 0;
  let lastRestart: string | undefined;
  const statuses = pod.status?.initContainerStatuses ?? [];
  const total = pod.spec?.initContainers?.length ?? 0;
  for (let index = 0; index < statuses.length; index++) {
    const container = statuses[index] as V1ContainerStatus;
    restarts += container.restartCount;
    lastRestart = later(lastRestart, container);
    if (container.state?.terminated?.exitCode === 0) continue;
    if (isSidecar(pod, container.name) && container.started) {
      if (container.ready) readySidecars++;
      continue;
    }
    return { status: initStatus(container, index, total), restarts, readySidecars, lastRestart };
  }
  return { status: undefined, restarts, readySidecars, lastRestart };
}

function initStatus({ state }: V1ContainerStatus, index: number, total: number): string {
  if (state?.terminated) {
    const { reason, signal, exitCode } = state.terminated;
    if (reason) return `Init:${reason}`;
    return signal ? `Init:Signal:${signal}` : `Init:ExitCode:${exitCode}`;
  }
  const waiting = state?.waiting?.reason;
  return waiting && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${total}`;
}

function later(known: string | undefined, { lastState }: V1ContainerStatus): string | undefined {
  const finished = lastState?.terminated?.finishedAt;
  return finished !== undefined && (known === undefined || finished > known) ? finished : known;
}

export function summarizePod(pod: V1Pod): PodSummary {
  const total =
    (pod.spec?.containers.length ?? 0) +
    (pod.spec?.initContainers ?? []).filter((container) => container.restartPolicy === 'Always').length;
  let status = pod.status?.reason || pod.status?.phase || 'Unknown';
  for (const condition of pod.status?.conditions ?? []) {
    if (condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated') status = 'SchedulingGated';
  }
  const init = initProgress(pod);
  let ready = init.readySidecars;
  let restarts = init.restarts;
  let lastRestart = init.lastRestart;
  if (init.status !== undefined) status = init.status;
  else {
    restarts = 0;
    lastRestart = undefined;
    for (const container of pod.status?.initContainerStatuses ?? []) {
      if (!isSidecar(pod, container.name)) continue;
      restarts += container.restartCount;
      lastRestart = later(lastRestart, container);
    }
    let hasRunning = false;
    for (const container of [...(pod.status?.containerStatuses ?? [])].reverse()) {
      restarts += container.restartCount;
      lastRestart = later(lastRestart, container);
      const shown = containerStatus(container);
      if (shown !== undefined) status = shown;
      else if (container.ready && container.state?.running) {
        hasRunning = true;
        ready++;
      }
    }
    if (status === 'Completed' && hasRunning) status = isReady(pod) ? 'Running' : 'NotReady';
  }
  if (pod.metadata?.deletionTimestamp !== undefined)
    status = pod.status?.reason === 'NodeLost' ? 'Unknown' : isTerminal(pod) ? status : 'Terminating';
  return { status, ready, total, restarts, lastRestart };
}

function isTerminal(pod: V1Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

function isReady(pod: V1Pod): boolean {
  return pod.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
}

function containerStatus({ state }: V1ContainerStatus): string | undefined {
  if (state?.waiting?.reason) return state.waiting.reason;
  if (!state?.terminated) return undefined;
  const { reason, signal, exitCode } = state.terminated;
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}

function restartsText({ restarts, lastRestart }: PodSummary, now: Millis): string {
  const at = lastRestart === undefined ? undefined : parseTime(lastRestart);
  return restarts > 0 && at !== undefined ? `${restarts} (${humanDuration(now - at)} ago)` : String(restarts);
}

function readinessGates(pod: V1Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const met = gates.filter((gate) =>
    pod.status?.conditions?.some((condition) => condition.type === gate.conditionType && condition.status === 'True'),
  );
  return `${met.length}/${gates.length}`;
}

export const podColumns: readonly Column<V1Pod>[] = [
  nameColumn(),
  column('Ready', (pod) => {
    const { ready, total } = summarizePod(pod);
    return `${ready}/${total}`;
  }),
  column('Status', (pod) => summarizePod(pod).status),
  column('Restarts', (pod, { now }) => restartsText(summarizePod(pod), now)),
  ageColumn(),
  wideColumn('IP', (pod) => pod.status?.podIP || '<none>'),
  wideColumn('Node', (pod) => pod.spec?.nodeName || '<none>'),
  wideColumn('Nominated Node', (pod) => pod.status?.nominatedNodeName || '<none>'),
  wideColumn('Readiness Gates', readinessGates),
];
