import type { Container, Sandbox } from '../runtime/container-runtime.ts';
import { RuntimeUnavailable } from '../runtime/container-runtime.ts';
import type { V1PodSpec } from '../schema/generated/models.ts';
import type { Millis } from '../sim/simulation.ts';
import { type ContainerStarter, specOf, systemVolume } from './container-starter.ts';
import type { ImageAnswer } from './image-puller.ts';
import type { ContainerWorker, PodWorker } from './kubelet-state.ts';
import type { NodeAgent } from './node-agent.ts';
import { hostnameOf, networkFiles, resolverOf } from './pod-network.ts';
import type { PodObjects } from './pod-objects.ts';
import type { PodTerminator } from './pod-terminator.ts';
import type { Prober } from './prober.ts';
import { shouldRestart } from './restart-policy.ts';
import type { StatusReporter } from './status-reporter.ts';
import { volumeOf } from './volumes.ts';

const firstMountRetryMs: Millis = 500;
const maxMountRetryMs: Millis = 122_000;

export interface SyncerParts {
  readonly agent: NodeAgent;
  readonly starter: ContainerStarter;
  readonly prober: Prober;
  readonly terminator: PodTerminator;
  readonly reporter: StatusReporter;
  readonly objects: PodObjects;
}

/** Brings one pod a step closer to what its spec says. Level-triggered: looks at what is, not at what happened. Kubernetes: syncPod, computePodActions (1.36). */
export class PodSyncer {
  readonly #parts: SyncerParts;

  constructor(parts: SyncerParts) {
    this.#parts = parts;
  }

  sync(worker: PodWorker): void {
    const { terminator, reporter } = this.#parts;
    if (worker.stage === 'active') {
      this.#noticeExits(worker);
      reporter.report(worker);
      if (this.#isPastDeadline(worker)) terminator.begin(worker, { graceSeconds: graceOf(worker), removes: false });
      else if (!worker.busy) this.#guarded(worker, () => this.#act(worker));
    }
    if (worker.stage === 'terminating') terminator.sync(worker);
    if (!worker.busy) reporter.report(worker);
  }

  /** What the worker was busy with is over. */
  busyFinished(worker: PodWorker): void {
    const { busy } = worker;
    worker.busy = undefined;
    if (!busy || worker.stage !== 'active') {
      this.sync(worker);
      return;
    }
    this.#guarded(worker, () => {
      if (busy.kind === 'sandbox') this.#createSandbox(worker);
      else if (busy.kind === 'start') this.#startContainer(worker, busy.container);
      if (!worker.busy) this.#act(worker);
    });
    if (!worker.busy) this.sync(worker);
  }

  pullFinished(worker: PodWorker, container: string, answer: ImageAnswer): void {
    worker.busy = undefined;
    const tracked = worker.containers.get(container);
    if (tracked && worker.stage === 'active') this.#parts.starter.imageSettled(worker, tracked, answer);
    if (worker.busy) return;
    if (worker.stage === 'active') this.#guarded(worker, () => this.#startMain(worker, container));
    if (!worker.busy) this.#report(worker);
  }

  #report(worker: PodWorker): void {
    if (worker.stage === 'active') this.#parts.reporter.report(worker);
    else this.sync(worker);
  }

  #guarded(worker: PodWorker, act: () => void): void {
    try {
      act();
      this.#parts.agent.finding(worker, 'runtime', undefined);
    } catch (error) {
      if (!(error instanceof RuntimeUnavailable)) throw error;
      // The runtime tells when it is back.
      worker.busy = undefined;
      this.#parts.agent.finding(worker, 'runtime', 'The container runtime of the node does not answer.');
    }
  }

  #act(worker: PodWorker): void {
    const { agent } = this.#parts;
    if (!agent.options.runtime.isRunning) throw new RuntimeUnavailable('containerd is down');
    if (agent.now < worker.notBeforeMs) return;
    const sandbox = worker.sandboxId === undefined ? undefined : agent.options.runtime.sandbox(worker.sandboxId);
    if (sandbox?.state !== 'ready') {
      if (this.#isDone(worker)) this.#finish(worker);
      else this.#beginSandbox(worker, sandbox);
      return;
    }
    if (!worker.volumesReady && !this.#fillVolumes(worker, sandbox)) return;
    if (!this.#startInit(worker)) return;
    this.#startMain(worker, undefined);
    if (!worker.busy && this.#isDone(worker)) this.#finish(worker);
  }

  #beginSandbox(worker: PodWorker, old: Sandbox | undefined): void {
    const { agent } = this.#parts;
    const { machine, runtime } = agent.options;
    if (!worker.pod.spec?.hostNetwork && !machine.hasNetworkPlugin) {
      agent.event(worker, 'Warning', 'NetworkNotReady', `network is not ready: ${networkNotReady}`);
      agent.finding(worker, 'network', `Node ${agent.options.node} has no network plugin: ${networkNotReady}`);
      return;
    }
    agent.finding(worker, 'network', undefined);
    if (old) {
      agent.event(worker, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
      runtime.stopSandbox(old.id);
    }
    worker.busy = { kind: 'sandbox' };
    agent.context.setTimer(`busy/${worker.uid}`, agent.context.latency('sandboxStart'));
  }

  #createSandbox(worker: PodWorker): void {
    const { agent } = this.#parts;
    const { runtime, node } = agent.options;
    const { name = '', namespace = '' } = worker.pod.metadata ?? {};
    const spec = worker.pod.spec as V1PodSpec;
    const hostNetwork = spec.hostNetwork === true;
    const hostPorts = hostNetwork
      ? []
      : spec.containers.flatMap(({ ports }) =>
          (ports ?? []).flatMap(({ hostPort, containerPort, protocol }) =>
            hostPort ? [{ hostPort, containerPort, protocol: protocol === 'UDP' ? ('UDP' as const) : ('TCP' as const) }] : [],
          ),
        );
    const answer = runtime.runSandbox({
      uid: worker.uid,
      name,
      namespace,
      hostname: hostnameOf(worker.pod, node),
      hostNetwork,
      attempt: worker.sandboxAttempts,
      hostPorts,
    });
    worker.sandboxAttempts++;
    if (answer.kind === 'failed') {
      agent.event(worker, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${answer.message}`);
      agent.finding(worker, 'sandbox', `The pod gets no sandbox: ${answer.message}`);
      worker.sandboxRetryMs = Math.min(Math.max(2 * worker.sandboxRetryMs, 10_000), 300_000);
      this.#lookAgain(worker, worker.sandboxRetryMs);
      return;
    }
    agent.finding(worker, 'sandbox', undefined);
    worker.sandboxId = answer.sandbox.id;
    worker.volumesReady = false;
    // Containers of the sandbox before are history; their count of restarts goes on.
    agent.step(worker, `created sandbox${hostNetwork ? '' : ` with address ${answer.sandbox.address}`}`);
  }

  #fillVolumes(worker: PodWorker, sandbox: Sandbox): boolean {
    const { agent } = this.#parts;
    const { runtime, network, clusterDns, clusterDomain } = agent.options;
    const resolver = resolverOf(worker.pod, sandbox, { address: clusterDns, domain: clusterDomain });
    if (!sandbox.hostNetwork) network.setResolver(sandbox.address, resolver);
    runtime.setVolume(sandbox.id, systemVolume, { kind: 'content', files: networkFiles(worker.pod, sandbox, resolver) });
    for (const volume of worker.pod.spec?.volumes ?? []) {
      const answer = volumeOf(this.#volumeInput(worker, sandbox), volume);
      if (answer.kind === 'ready') {
        runtime.setVolume(sandbox.id, volume.name, answer.volume);
        continue;
      }
      const text = `MountVolume.SetUp failed for volume "${volume.name}" : ${answer.message}`;
      agent.event(worker, 'Warning', 'FailedMount', text);
      agent.finding(worker, 'volumes', text);
      worker.mountRetryMs = Math.min(Math.max(2 * worker.mountRetryMs, firstMountRetryMs), maxMountRetryMs);
      this.#lookAgain(worker, worker.mountRetryMs);
      return false;
    }
    worker.volumesReady = true;
    worker.mountRetryMs = 0;
    agent.finding(worker, 'volumes', undefined);
    return true;
  }

  /** Fills the volumes anew that show objects, after one of these has changed. */
  refreshVolumes(worker: PodWorker): void {
    const { runtime } = this.#parts.agent.options;
    const sandbox = worker.sandboxId === undefined ? undefined : runtime.sandbox(worker.sandboxId);
    if (!sandbox || !worker.volumesReady) {
      worker.notBeforeMs = 0;
      this.#parts.agent.wake(worker.uid);
      return;
    }
    for (const volume of worker.pod.spec?.volumes ?? []) {
      if (volume.emptyDir ?? volume.hostPath) continue;
      const answer = volumeOf(this.#volumeInput(worker, sandbox), volume);
      if (answer.kind === 'ready') runtime.setVolume(sandbox.id, volume.name, answer.volume);
    }
  }

  #volumeInput(worker: PodWorker, sandbox: Sandbox): Parameters<typeof volumeOf>[0] {
    const { network, node, capacity, machine } = this.#parts.agent.options;
    return {
      pod: worker.pod,
      objects: this.#parts.objects,
      podAddress: sandbox.address,
      hostAddress: network.node(node)?.address ?? '',
      allocatable: { cpuMillis: capacity.cpu * 1000, memoryBytes: capacity.memoryMiB * 1_048_576 },
      hostFiles: machine.state.files,
    };
  }

  /** Init containers run one after the other; sidecars stay. Returns whether the main containers may start. */
  #startInit(worker: PodWorker): boolean {
    const mainStarted = [...worker.containers.values()].some(
      ({ role, containerId }) => role === 'main' && containerId !== undefined && this.#inSandbox(worker, containerId),
    );
    for (const tracked of worker.containers.values()) {
      if (tracked.role === 'main') continue;
      const container = this.#containerOf(worker, tracked);
      if (tracked.role === 'sidecar') {
        if (container?.state !== 'running' && this.#parts.starter.begin(worker, tracked)) return false;
        if (!tracked.isStarted && !mainStarted) return false;
        continue;
      }
      if (mainStarted) continue;
      if (container?.state === 'exited' && container.exitCode === 0) continue;
      if (container?.state === 'running') return false;
      if (container?.state === 'exited' && worker.pod.spec?.restartPolicy === 'Never') {
        this.#finish(worker);
        return false;
      }
      this.#parts.starter.begin(worker, tracked);
      return false;
    }
    return true;
  }

  /** Starts every main container that should run and does not; `after` goes on behind the one that has just failed to start. */
  #startMain(worker: PodWorker, after: string | undefined): void {
    let skip = after !== undefined && worker.containers.get(after)?.role === 'main';
    if (after !== undefined && !skip) return;
    for (const tracked of worker.containers.values()) {
      if (tracked.role !== 'main') continue;
      if (skip) {
        skip = tracked.name !== after;
        continue;
      }
      const container = this.#containerOf(worker, tracked);
      if (container?.state === 'running') {
        this.#replaceChanged(worker, tracked, container);
        continue;
      }
      if (container && !shouldRestart(worker.pod.spec, container)) continue;
      if (this.#parts.starter.begin(worker, tracked)) return;
    }
  }

  /** The image is the one thing of a running container that may be edited. */
  #replaceChanged(worker: PodWorker, tracked: ContainerWorker, container: Container): void {
    if (specOf(worker, tracked.name).image === container.config.image) return;
    this.#parts.terminator.stopContainer(
      worker,
      tracked,
      `Container ${tracked.name} definition changed, will be restarted`,
      graceOf(worker) * 1000,
    );
  }

  #startContainer(worker: PodWorker, name: string): void {
    const { starter, agent } = this.#parts;
    const tracked = worker.containers.get(name);
    const sandbox = worker.sandboxId === undefined ? undefined : agent.options.runtime.sandbox(worker.sandboxId);
    if (!tracked || sandbox?.state !== 'ready') return;
    if (starter.start(worker, tracked, sandbox) || tracked.role !== 'main') return;
    this.#startMain(worker, name);
  }

  /** A container counts only if it belongs to the present sandbox. */
  #containerOf(worker: PodWorker, tracked: ContainerWorker): Container | undefined {
    if (tracked.containerId === undefined || !this.#inSandbox(worker, tracked.containerId)) return undefined;
    return this.#parts.agent.options.runtime.container(tracked.containerId);
  }

  #inSandbox(worker: PodWorker, containerId: string): boolean {
    return this.#parts.agent.options.runtime.container(containerId)?.sandboxId === worker.sandboxId;
  }

  #noticeExits(worker: PodWorker): void {
    const { agent, prober } = this.#parts;
    for (const tracked of worker.containers.values()) {
      if (tracked.containerId === undefined) continue;
      const container = agent.options.runtime.container(tracked.containerId);
      if (container?.state !== 'exited') {
        if (container && tracked.restarts === 0) agent.finding(worker, `exit/${tracked.name}`, undefined);
        continue;
      }
      tracked.isReady = false;
      tracked.stopping = undefined;
      if (worker.probes.size > 0) prober.containerGone(worker, tracked.name);
      const last = agent.options.runtime.logs(container.id).at(-1)?.text;
      const isFine = container.exitCode === 0 && (tracked.role === 'init' || worker.pod.spec?.restartPolicy !== 'Always');
      agent.finding(
        worker,
        `exit/${tracked.name}`,
        isFine
          ? undefined
          : `Container "${tracked.name}" exited with code ${container.exitCode} (${container.reason})${last === undefined ? '' : `; its last line: ${last}`}`,
      );
    }
  }

  #lookAgain(worker: PodWorker, delayMs: Millis): void {
    const { agent } = this.#parts;
    worker.notBeforeMs = agent.now + delayMs;
    agent.context.setTimer(`again/${worker.uid}/`, delayMs, { periodic: true });
  }

  #isPastDeadline(worker: PodWorker): boolean {
    const seconds = worker.pod.spec?.activeDeadlineSeconds;
    if (seconds === undefined || this.#parts.agent.now - worker.startedAtMs < seconds * 1000) return false;
    worker.failure = { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' };
    this.#parts.agent.event(worker, 'Normal', 'DeadlineExceeded', 'Pod was active on the node longer than the specified deadline');
    return true;
  }

  /** All main containers have ended for good. */
  #isDone(worker: PodWorker): boolean {
    if (worker.pod.spec?.restartPolicy === 'Always') return false;
    for (const tracked of worker.containers.values()) {
      if (tracked.role !== 'main') continue;
      const container = tracked.containerId === undefined ? undefined : this.#parts.agent.options.runtime.container(tracked.containerId);
      if (container?.state !== 'exited' || shouldRestart(worker.pod.spec, container)) return false;
    }
    return true;
  }

  #finish(worker: PodWorker): void {
    this.#parts.terminator.begin(worker, { graceSeconds: graceOf(worker), removes: false });
  }
}

const networkNotReady =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

function graceOf(worker: PodWorker): number {
  return worker.pod.spec?.terminationGracePeriodSeconds ?? 30;
}
