import type { ContainerConfig, Mount, Sandbox } from '../runtime/container-runtime.ts';
import type { V1Container, V1LifecycleHandler, V1PodSpec } from '../schema/generated/models.ts';
import { wholeUnits } from '../schema/quantity.ts';
import { deepFreeze } from '../sim/plain.ts';
import type { Millis } from '../sim/simulation.ts';
import { formatDuration } from './duration.ts';
import { environmentOf, expandVariables } from './environment.ts';
import { runHandler } from './handler-runner.ts';
import type { ImageAnswer, ImagePuller } from './image-puller.ts';
import type { ContainerWorker, PodWorker } from './kubelet-state.ts';
import type { NodeAgent } from './node-agent.ts';
import type { PodObjects } from './pod-objects.ts';
import type { Prober } from './prober.ts';
import { shouldRestart } from './restart-policy.ts';

const firstBackoffMs: Millis = 10_000;
const maxBackoffMs: Millis = 300_000;
/** A look at a pod that something is wrong with, soon after it went wrong. */
const soonMs: Millis = 2000;

/** The name of the volume that holds /etc/hosts, /etc/resolv.conf and /etc/hostname. No pod volume can be called so. */
export const systemVolume = 'kubelet/etc';

export interface StarterParts {
  readonly agent: NodeAgent;
  readonly puller: ImagePuller;
  readonly prober: Prober;
  readonly objects: PodObjects;
}

/** Brings one container after the other to life: back-off, image, configuration, start, postStart. Kubernetes: pkg/kubelet/kuberuntime (1.36). */
export class ContainerStarter {
  readonly #parts: StarterParts;

  constructor(parts: StarterParts) {
    this.#parts = parts;
  }

  /** Begins to start a container that should run. Returns whether the worker is now busy with it. */
  begin(worker: PodWorker, tracked: ContainerWorker): boolean {
    const spec = specOf(worker, tracked.name);
    if (this.#parts.agent.now < tracked.notBeforeMs || this.#isBackingOff(worker, tracked)) return false;
    const answer = this.#parts.puller.ensure(worker, spec);
    if (answer.kind === 'pulling') {
      worker.busy = { kind: 'pull', container: tracked.name };
      return true;
    }
    return this.imageSettled(worker, tracked, answer);
  }

  /** Goes on after the image question is answered. Returns whether the worker is busy. */
  imageSettled(worker: PodWorker, tracked: ContainerWorker, answer: ImageAnswer): boolean {
    const { agent } = this.#parts;
    if (answer.kind === 'failed') {
      if (answer.reason !== 'ErrImagePull') agent.event(worker, 'Warning', 'Failed', `Error: ${answer.reason}`, tracked.name);
      tracked.waiting = { reason: answer.reason, message: answer.message };
      agent.finding(worker, `image/${tracked.name}`, `Container "${tracked.name}" has no image: ${answer.message}`);
      // Without a date the pod itself has to change first.
      if (answer.retryMs === undefined) tracked.notBeforeMs = Number.MAX_SAFE_INTEGER;
      else this.#lookAgain(worker, tracked, answer.retryMs === 0 ? soonMs : answer.retryMs, answer.retryMs > 0);
      return false;
    }
    agent.finding(worker, `image/${tracked.name}`, undefined);
    worker.busy = { kind: 'start', container: tracked.name };
    agent.context.setTimer(`busy/${worker.uid}`, agent.context.latency('containerStart'));
    return true;
  }

  /** Creates and starts the container. Returns whether the worker is busy with its postStart hook. */
  start(worker: PodWorker, tracked: ContainerWorker, sandbox: Sandbox): boolean {
    const { agent, prober } = this.#parts;
    const { runtime } = agent.options;
    const spec = specOf(worker, tracked.name);
    const config = this.#configOf(worker, tracked, spec, sandbox);
    if (typeof config === 'string') return this.#refuse(worker, tracked, 'CreateContainerConfigError', config);
    const created = runtime.createContainer(sandbox.id, config);
    if ('error' in created) return this.#refuse(worker, tracked, 'CreateContainerError', created.error);
    if (tracked.previousId !== undefined) runtime.removeContainer(tracked.previousId);
    tracked.previousId = tracked.containerId;
    if (tracked.containerId !== undefined) tracked.restarts++;
    tracked.containerId = created.id;
    tracked.waiting = undefined;
    tracked.isStarted = spec.startupProbe === undefined;
    tracked.isReady = tracked.isStarted && spec.readinessProbe === undefined;
    agent.finding(worker, `config/${tracked.name}`, undefined);
    agent.event(worker, 'Normal', 'Created', 'Container created', tracked.name);
    const failed = runtime.startContainer(created.id);
    if (failed) {
      agent.event(worker, 'Warning', 'Failed', `Error: ${failed.error}`, tracked.name);
      const container = runtime.container(created.id);
      // What is not tried again has ended; what is waits.
      if (container && shouldRestart(worker.pod.spec, container)) tracked.waiting = { reason: 'RunContainerError', message: failed.error };
      this.#lookAgain(worker, tracked, soonMs, false);
      return false;
    }
    agent.event(worker, 'Normal', 'Started', 'Container started', tracked.name);
    agent.step(worker, `started container ${tracked.name}`);
    prober.containerStarted(worker, spec);
    const hook = spec.lifecycle?.postStart;
    return hook ? this.#postStart(worker, tracked, spec, hook) : false;
  }

  /** The postStart hook is over. */
  hookFinished(_worker: PodWorker, tracked: ContainerWorker): void {
    tracked.waiting = undefined;
  }

  #postStart(worker: PodWorker, tracked: ContainerWorker, spec: V1Container, hook: V1LifecycleHandler): boolean {
    const { agent } = this.#parts;
    const outcome = runHandler(agent.options, worker, spec, tracked.containerId as string, hook);
    if (outcome.problem !== undefined) {
      agent.event(worker, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', tracked.name);
      agent.finding(worker, `hook/${tracked.name}`, `The postStart hook of "${tracked.name}" failed: ${outcome.problem}`);
      agent.event(worker, 'Normal', 'Killing', 'FailedPostStartHook', tracked.name);
      agent.options.runtime.signal(tracked.containerId as string, 'SIGKILL');
      return false;
    }
    agent.finding(worker, `hook/${tracked.name}`, undefined);
    if (outcome.tookMs === 0) return false;
    worker.busy = { kind: 'post-start', container: tracked.name };
    agent.context.setTimer(`busy/${worker.uid}`, outcome.tookMs);
    return true;
  }

  #refuse(worker: PodWorker, tracked: ContainerWorker, reason: string, message: string): boolean {
    const { agent } = this.#parts;
    agent.event(worker, 'Warning', 'Failed', `Error: ${message}`, tracked.name);
    tracked.waiting = { reason, message };
    agent.finding(worker, `config/${tracked.name}`, `Container "${tracked.name}" cannot be created: ${message}`);
    this.#lookAgain(worker, tracked, firstBackoffMs, true);
    return false;
  }

  /** After a crash the next start waits: ten seconds, doubled each time, up to five minutes; ten quiet minutes forget it. */
  #isBackingOff(worker: PodWorker, tracked: ContainerWorker): boolean {
    const { agent } = this.#parts;
    const last = tracked.containerId === undefined ? undefined : agent.options.runtime.container(tracked.containerId);
    if (last?.state !== 'exited') return false;
    const waitMs = tracked.backoffMs === 0 ? 0 : last.finishedAtMs + tracked.backoffMs - agent.now;
    const isForgotten = agent.now - tracked.backoffSetMs > 2 * maxBackoffMs;
    if (!isForgotten && waitMs > 0) {
      const { name = '', namespace = '' } = worker.pod.metadata ?? {};
      const pod = `${name}_${namespace}(${worker.uid})`;
      if (tracked.waiting?.reason !== 'CrashLoopBackOff') {
        agent.event(worker, 'Warning', 'BackOff', `Back-off restarting failed container ${tracked.name} in pod ${pod}`, tracked.name);
      }
      tracked.waiting = {
        reason: 'CrashLoopBackOff',
        message: `back-off ${formatDuration(tracked.backoffMs)} restarting failed container=${tracked.name} pod=${pod}`,
      };
      this.#lookAgain(worker, tracked, waitMs, true);
      return true;
    }
    tracked.backoffMs = isForgotten || tracked.backoffMs === 0 ? firstBackoffMs : Math.min(2 * tracked.backoffMs, maxBackoffMs);
    tracked.backoffSetMs = agent.now;
    return false;
  }

  /** Retries of what fails are periodic work: nobody should wait for the last one. */
  #lookAgain(worker: PodWorker, tracked: ContainerWorker, delayMs: Millis, periodic: boolean): void {
    const { agent } = this.#parts;
    tracked.notBeforeMs = agent.now + delayMs;
    agent.context.setTimer(`again/${worker.uid}/${tracked.name}`, delayMs, { periodic });
  }

  /** What the runtime is asked for, or what is missing for it. */
  #configOf(worker: PodWorker, tracked: ContainerWorker, spec: V1Container, sandbox: Sandbox): ContainerConfig | string {
    const { agent, objects } = this.#parts;
    const { capacity, network, node } = agent.options;
    const environment = environmentOf({
      pod: worker.pod,
      container: spec,
      objects,
      podAddress: sandbox.address,
      hostAddress: network.node(node)?.address ?? '',
      allocatable: { cpuMillis: capacity.cpu * 1000, memoryBytes: capacity.memoryMiB * 1_048_576 },
    });
    if (environment.kind === 'missing') return environment.message;
    const { env } = environment;
    const podSpec = worker.pod.spec as V1PodSpec;
    const user = spec.securityContext?.runAsUser ?? podSpec.securityContext?.runAsUser;
    const limit = spec.resources?.limits?.['memory'];
    return deepFreeze({
      name: tracked.name,
      attempt: tracked.containerId === undefined ? 0 : tracked.restarts + 1,
      image: spec.image ?? '',
      command: (spec.command ?? []).map((text) => expandVariables(text, env)),
      args: (spec.args ?? []).map((text) => expandVariables(text, env)),
      env,
      workdir: spec.workingDir ?? '',
      mounts: mountsOf(spec, env),
      readOnlyRoot: spec.securityContext?.readOnlyRootFilesystem === true,
      memoryLimitBytes: limit === undefined ? undefined : wholeUnits(limit),
      user,
      background: tracked.role !== 'init' && (podSpec.restartPolicy ?? 'Always') === 'Always',
      terminationMessagePath: spec.terminationMessagePath ?? '/dev/termination-log',
    });
  }
}

const systemMounts: readonly Mount[] = deepFreeze(
  ['hosts', 'resolv.conf', 'hostname'].map((name) => ({
    volume: systemVolume,
    path: `/etc/${name}`,
    subPath: name,
    readOnly: true,
  })),
);

function mountsOf(spec: V1Container, env: Readonly<Record<string, string>>): readonly Mount[] {
  if (!spec.volumeMounts || spec.volumeMounts.length === 0) return systemMounts;
  const own = spec.volumeMounts.map(
    ({ name, mountPath, subPath, subPathExpr, readOnly }): Mount => ({
      volume: name,
      path: mountPath.length > 1 && mountPath.endsWith('/') ? mountPath.slice(0, -1) : mountPath,
      subPath: subPath ?? expandVariables(subPathExpr ?? '', env),
      readOnly: readOnly === true,
    }),
  );
  return [...systemMounts, ...own];
}

export function specOf(worker: PodWorker, name: string): V1Container {
  const spec = worker.pod.spec as V1PodSpec;
  return (spec.containers.find((container) => container.name === name) ??
    spec.initContainers?.find((container) => container.name === name)) as V1Container;
}
