import type { V1Container } from '../schema/generated/models.ts';
import type { Millis } from '../sim/simulation.ts';
import { specOf } from './container-starter.ts';
import { runHandler } from './handler-runner.ts';
import type { ImagePuller } from './image-puller.ts';
import type { ContainerWorker, PodWorker } from './kubelet-state.ts';
import type { NodeAgent } from './node-agent.ts';
import type { Prober } from './prober.ts';

/** Who is told that nothing of a pod runs any more. */
export interface TerminationEnd {
  ended(worker: PodWorker): void;
}

/** Ends pods and single containers: preStop, the stop signal, the grace period, SIGKILL. Kubernetes: kuberuntime killContainer, killPod (1.36). */
export class PodTerminator {
  readonly #agent: NodeAgent;
  readonly #puller: ImagePuller;
  readonly #end: TerminationEnd;
  readonly #prober: () => Prober;

  constructor(agent: NodeAgent, puller: ImagePuller, prober: () => Prober, end: TerminationEnd) {
    this.#agent = agent;
    this.#puller = puller;
    this.#prober = prober;
    this.#end = end;
  }

  begin(worker: PodWorker, how: { readonly graceSeconds: number; readonly removes: boolean }): void {
    const agent = this.#agent;
    const before = worker.termination;
    if (worker.stage === 'finished') {
      worker.termination = { graceSeconds: 0, startedAtMs: agent.now, removes: how.removes || before?.removes === true };
      return;
    }
    // A second, shorter request shortens the first one.
    const shortens = before !== undefined && how.graceSeconds < before.graceSeconds;
    worker.termination = {
      graceSeconds: before ? Math.min(before.graceSeconds, how.graceSeconds) : how.graceSeconds,
      startedAtMs: before?.startedAtMs ?? agent.now,
      removes: how.removes || before?.removes === true,
    };
    worker.stage = 'terminating';
    if (!before) {
      worker.busy = undefined;
      agent.context.cancelTimer(`busy/${worker.uid}`);
      for (const end of ['', '/']) agent.context.cancelTimer(`again/${worker.uid}${end}`);
      for (const name of worker.containers.keys()) agent.context.cancelTimer(`again/${worker.uid}/${name}`);
      this.#puller.forget(worker.uid);
    }
    if (shortens)
      for (const tracked of worker.containers.values()) if (tracked.stopping) this.#setKillTimer(worker, tracked, this.#graceMs(worker));
  }

  /** Takes the pod down as far as is possible now: main containers first, sidecars after them in reverse. */
  sync(worker: PodWorker): void {
    const { runtime } = this.#agent.options;
    // Nothing can be ended without the runtime; it tells when it is back.
    if (!runtime.isRunning) return;
    const running = [...worker.containers.values()].filter(
      ({ containerId }) => containerId !== undefined && runtime.container(containerId)?.state === 'running',
    );
    if (running.length === 0) {
      this.#finish(worker);
      return;
    }
    const main = running.filter(({ role }) => role !== 'sidecar');
    const due = main.length > 0 ? main : running.slice(-1);
    for (const tracked of due) this.stopContainer(worker, tracked, `Stopping container ${tracked.name}`, this.#graceMs(worker));
  }

  /** Ends one container; the pod may start it again. */
  stopContainer(worker: PodWorker, tracked: ContainerWorker, message: string, graceMs: Millis): void {
    if (tracked.stopping || tracked.containerId === undefined || !this.#agent.options.runtime.isRunning) return;
    const agent = this.#agent;
    agent.event(worker, 'Normal', 'Killing', message, tracked.name);
    const spec = specOf(worker, tracked.name);
    const hookMs = this.#preStop(worker, tracked, spec);
    tracked.stopping = { phase: 'pre-stop', graceMs };
    if (hookMs > 0) agent.context.setTimer(`stop/${worker.uid}/${tracked.name}`, Math.min(hookMs, graceMs));
    else this.hookFinished(worker, tracked, 0);
  }

  /** The preStop hook is over, or the grace period: the stop signal is next. */
  hookFinished(worker: PodWorker, tracked: ContainerWorker, tookMs: Millis): void {
    if (tracked.stopping?.phase !== 'pre-stop' || tracked.containerId === undefined) return;
    const { graceMs } = tracked.stopping;
    tracked.stopping = { phase: 'term', graceMs };
    // The signal always gets a moment, however long the hook took.
    this.#setKillTimer(worker, tracked, graceMs === 0 ? 0 : Math.max(graceMs - tookMs, 2000));
    this.#agent.options.runtime.stop(tracked.containerId);
    this.#cancelKillIfGone(worker, tracked);
  }

  onStopTimer(worker: PodWorker, tracked: ContainerWorker): void {
    if (tracked.stopping?.phase === 'pre-stop') {
      this.hookFinished(worker, tracked, tracked.stopping.graceMs);
      return;
    }
    if (tracked.containerId !== undefined) this.#agent.options.runtime.signal(tracked.containerId, 'SIGKILL');
  }

  #setKillTimer(worker: PodWorker, tracked: ContainerWorker, delayMs: Millis): void {
    this.#agent.context.setTimer(`stop/${worker.uid}/${tracked.name}`, delayMs);
  }

  #cancelKillIfGone(worker: PodWorker, tracked: ContainerWorker): void {
    if (tracked.containerId !== undefined && this.#agent.options.runtime.container(tracked.containerId)?.state === 'running') return;
    this.#agent.context.cancelTimer(`stop/${worker.uid}/${tracked.name}`);
  }

  containerExited(worker: PodWorker, tracked: ContainerWorker): void {
    if (!tracked.stopping) return;
    tracked.stopping = undefined;
    this.#agent.context.cancelTimer(`stop/${worker.uid}/${tracked.name}`);
  }

  #preStop(worker: PodWorker, tracked: ContainerWorker, spec: V1Container): Millis {
    const hook = spec.lifecycle?.preStop;
    if (!hook || tracked.containerId === undefined) return 0;
    const { problem, tookMs } = runHandler(this.#agent.options, worker, spec, tracked.containerId, hook);
    if (problem !== undefined) this.#agent.event(worker, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', tracked.name);
    return tookMs;
  }

  #graceMs(worker: PodWorker): Millis {
    const { termination } = worker;
    return termination ? Math.max(termination.startedAtMs + termination.graceSeconds * 1000 - this.#agent.now, 0) : 0;
  }

  #finish(worker: PodWorker): void {
    const agent = this.#agent;
    for (const tracked of worker.containers.values()) {
      this.containerExited(worker, tracked);
      if (worker.probes.size > 0) this.#prober().containerGone(worker, tracked.name);
      tracked.isReady = false;
    }
    if (worker.sandboxId !== undefined && agent.options.runtime.isRunning) agent.options.runtime.stopSandbox(worker.sandboxId);
    worker.stage = 'finished';
    this.#end.ended(worker);
  }
}
