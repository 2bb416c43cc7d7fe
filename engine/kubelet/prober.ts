import type { V1Container, V1Probe } from '../schema/generated/models.ts';
import type { Millis } from '../sim/simulation.ts';
import { runHandler } from './handler-runner.ts';
import type { ContainerWorker, PodWorker, ProbeWorker } from './kubelet-state.ts';
import type { NodeAgent } from './node-agent.ts';

const words = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' } as const;

/** What a prober tells the pod's worker. */
export interface ProbeVerdicts {
  /** Kill the container; its restart policy decides on the rest. */
  failed(worker: PodWorker, container: string, message: string, graceSeconds: number | undefined): void;
}

/**
 * Probes whose outcome cannot have changed are not run: an answer says until when it holds, and the runtime tells when something happened to
 * the container. The prober then looks at the next tick of the probe's own period, as a real one would have.
 * Kubernetes: pkg/kubelet/prober (1.36).
 */
export class Prober {
  readonly #agent: NodeAgent;
  readonly #verdicts: ProbeVerdicts;

  constructor(agent: NodeAgent, verdicts: ProbeVerdicts) {
    this.#agent = agent;
    this.#verdicts = verdicts;
  }

  containerStarted(worker: PodWorker, spec: V1Container): void {
    for (const kind of ['startup', 'liveness', 'readiness'] as const) {
      const id = `${spec.name}/${kind}`;
      worker.probes.delete(id);
      if (!probeSpec(spec, kind)) continue;
      worker.probes.set(id, { container: spec.name, kind, anchorMs: this.#agent.now, last: undefined, run: 0, result: undefined });
      if (kind === 'startup' || !spec.startupProbe) this.#begin(worker, spec, id);
    }
  }

  /** A container that ran before the kubelet did: one that had started need not prove it again. */
  containerAdopted(worker: PodWorker, spec: V1Container, { isStarted }: ContainerWorker): void {
    const { startupProbe: _, ...rest } = spec;
    this.containerStarted(worker, isStarted ? rest : spec);
  }

  /** Something happened to the container: answers may be other ones from here on. */
  containerTouched(worker: PodWorker, container: string): void {
    if (worker.probes.size === 0) return;
    for (const [id, probe] of worker.probes)
      if (probe.container === container && probe.result === 'success') this.#tickAfter(worker, id, probe, this.#agent.now, true);
  }

  containerGone(worker: PodWorker, container: string): void {
    for (const [id, probe] of worker.probes) {
      if (probe.container !== container) continue;
      worker.probes.delete(id);
      this.#agent.context.cancelTimer(timerKey(worker, id));
    }
  }

  tick(worker: PodWorker, id: string, spec: V1Container, tracked: ContainerWorker): void {
    const probe = worker.probes.get(id);
    const settings = probe && probeSpec(spec, probe.kind);
    if (!probe || !settings || tracked.containerId === undefined || tracked.stopping) return;
    const agent = this.#agent;
    const outcome = runHandler(agent.options, worker, spec, tracked.containerId, settings);
    const timeoutMs = (settings.timeoutSeconds ?? 1) * 1000;
    const problem = outcome.tookMs > timeoutMs ? timeoutProblem(settings) : outcome.problem;
    if (agent.options.runtime.container(tracked.containerId)?.state !== 'running') return;
    this.#count(probe, problem === undefined ? 'success' : 'failure');
    if (problem !== undefined) {
      const text = `${words[probe.kind]} probe failed: ${problem}`;
      agent.event(worker, 'Warning', 'Unhealthy', text, tracked.name);
      agent.finding(worker, `${probe.kind}/${tracked.name}`, `Container "${tracked.name}": ${text}`);
    } else agent.finding(worker, `${probe.kind}/${tracked.name}`, undefined);
    const threshold = problem === undefined ? (settings.successThreshold ?? 1) : (settings.failureThreshold ?? 3);
    if (probe.run < threshold) {
      this.#tickAfter(worker, id, probe, agent.now, probe.result === 'failure');
      return;
    }
    this.#settle(worker, id, spec, tracked, probe, { problem, stableUntilMs: outcome.stableUntilMs });
  }

  #count(probe: ProbeWorker, outcome: 'success' | 'failure'): void {
    probe.run = probe.last === outcome ? probe.run + 1 : 1;
    probe.last = outcome;
  }

  /** The thresholds are met: the result stands until something changes. */
  #settle(
    worker: PodWorker,
    id: string,
    spec: V1Container,
    tracked: ContainerWorker,
    probe: ProbeWorker,
    found: { readonly problem: string | undefined; readonly stableUntilMs: Millis },
  ): void {
    const agent = this.#agent;
    const changed = probe.result !== probe.last;
    probe.result = probe.last;
    if (found.problem !== undefined && probe.kind !== 'readiness') {
      const settings = probeSpec(spec, probe.kind);
      this.#verdicts.failed(
        worker,
        tracked.name,
        `Container ${tracked.name} failed ${probe.kind} probe, will be restarted`,
        settings?.terminationGracePeriodSeconds,
      );
      return;
    }
    if (probe.kind === 'startup') {
      tracked.isStarted = true;
      tracked.isReady = spec.readinessProbe === undefined;
      this.containerGoneProbe(worker, id);
      for (const kind of ['liveness', 'readiness'] as const)
        if (worker.probes.has(`${spec.name}/${kind}`)) this.#begin(worker, spec, `${spec.name}/${kind}`);
      agent.wake(worker.uid);
      return;
    }
    if (probe.kind === 'readiness') tracked.isReady = probe.result === 'success';
    if (changed) agent.wake(worker.uid);
    // A failing readiness probe goes on to be tried and to say so; an idle cluster need not wait for it.
    if (found.problem !== undefined) this.#tickAfter(worker, id, probe, agent.now, true);
    else if (Number.isFinite(found.stableUntilMs)) this.#tickAfter(worker, id, probe, Math.max(found.stableUntilMs - 1, agent.now), true);
  }

  containerGoneProbe(worker: PodWorker, id: string): void {
    worker.probes.delete(id);
    this.#agent.context.cancelTimer(timerKey(worker, id));
  }

  #begin(worker: PodWorker, spec: V1Container, id: string): void {
    const probe = worker.probes.get(id) as ProbeWorker;
    const delayMs = (probeSpec(spec, probe.kind)?.initialDelaySeconds ?? 0) * 1000;
    const readyMs = probe.anchorMs + delayMs;
    this.#tickAfter(worker, id, probe, Math.max(readyMs, this.#agent.now) - 1, false);
  }

  /** Sets the timer of the first tick later than a moment. */
  #tickAfter(worker: PodWorker, id: string, probe: ProbeWorker, afterMs: Millis, periodic: boolean): void {
    const agent = this.#agent;
    const spec =
      worker.pod.spec?.containers.find(({ name }) => name === probe.container) ??
      worker.pod.spec?.initContainers?.find(({ name }) => name === probe.container);
    const periodMs =
      (spec && probeSpec(spec, probe.kind)?.periodSeconds ? (probeSpec(spec, probe.kind)?.periodSeconds as number) : 10) * 1000;
    const ticks = Math.floor((afterMs - probe.anchorMs) / periodMs) + 1;
    const dueMs = probe.anchorMs + Math.max(ticks, 0) * periodMs;
    agent.context.setTimer(timerKey(worker, id), Math.max(dueMs - agent.now, 0), { periodic });
  }
}

function timerKey(worker: PodWorker, id: string): string {
  return `probe/${worker.uid}/${id}`;
}

function timeoutProblem(settings: V1Probe): string {
  return settings.exec
    ? `command timed out: "${(settings.exec.command ?? []).join(' ')}" timed out after ${settings.timeoutSeconds ?? 1}s`
    : 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
}

export function probeSpec(spec: V1Container, kind: ProbeWorker['kind']): V1Probe | undefined {
  switch (kind) {
    case 'startup':
      return spec.startupProbe;
    case 'liveness':
      return spec.livenessProbe;
    case 'readiness':
      return spec.readinessProbe;
  }
}
