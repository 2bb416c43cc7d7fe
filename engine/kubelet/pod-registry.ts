import { node } from '../kinds/core/node.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { ApiError, ConnectionRefused } from '../schema/api-error.ts';
import type { V1PodSpec } from '../schema/generated/models.ts';
import { parseTime } from '../sim/simulation.ts';
import { hostPortsOf, rejectionOf, requestOf } from './admission.ts';
import { specOf } from './container-starter.ts';
import type { ContainerWorker, PodWorker } from './kubelet-state.ts';
import type { NodeAgent } from './node-agent.ts';
import { referencesOf } from './volumes.ts';

/** Takes pods on and lets them go; keeps count of what they hold of the node. */
export class PodRegistry {
  readonly #agent: NodeAgent;
  readonly #adopted: (worker: PodWorker, container: ContainerWorker) => void;

  /** `adopted` is told of running containers that are taken over. */
  constructor(agent: NodeAgent, adopted: (worker: PodWorker, container: ContainerWorker) => void) {
    this.#agent = agent;
    this.#adopted = adopted;
  }

  /** A worker for a pod that this kubelet has not seen. What the runtime already runs for it is taken over. */
  add(pod: Pod, manifest: string | undefined): PodWorker {
    const { state, now, options } = this.#agent;
    const spec = pod.spec as V1PodSpec;
    const { uid = '', name = '', namespace = '' } = pod.metadata ?? {};
    const startTime = pod.status?.startTime;
    const worker: PodWorker = {
      uid,
      key: `${namespace}/${name}`,
      pod,
      manifest,
      mirror: undefined,
      startedAtMs: now,
      stage: 'active',
      failure: undefined,
      sandboxId: undefined,
      sandboxAttempts: 0,
      sandboxRetryMs: 0,
      busy: undefined,
      volumesReady: false,
      mountRetryMs: 0,
      notBeforeMs: 0,
      containers: new Map(),
      probes: new Map(),
      termination: undefined,
      findings: new Map(),
      references: referencesOf(pod),
      request: requestOf(spec),
      isAdmitted: false,
    };
    const known = startTime === undefined ? worker : { ...worker, startedAtMs: parseTime(startTime) ?? now };
    for (const { name: container, restartPolicy } of spec.initContainers ?? [])
      known.containers.set(container, newContainer(container, restartPolicy === 'Always' ? 'sidecar' : 'init'));
    for (const { name: container } of spec.containers) known.containers.set(container, newContainer(container, 'main'));
    state.pods.set(uid, known);
    state.names.set(known.key, uid);
    for (const reference of known.references) this.#refer(reference, uid);
    if (options.runtime.isRunning) this.#adopt(known);
    this.#admit(known);
    const deadline = spec.activeDeadlineSeconds;
    if (deadline !== undefined)
      this.#agent.context.setTimer(`again/${uid}`, Math.max(known.startedAtMs + deadline * 1000 - now, 0), { periodic: true });
    return known;
  }

  remove(worker: PodWorker): void {
    const { state, context } = this.#agent;
    this.release(worker);
    state.pods.delete(worker.uid);
    state.unreported.delete(worker.uid);
    if (state.names.get(worker.key) === worker.uid) state.names.delete(worker.key);
    for (const reference of worker.references) {
      const rest = (state.references.get(reference) ?? []).filter((uid) => uid !== worker.uid);
      if (rest.length > 0) state.references.set(reference, rest);
      else state.references.delete(reference);
    }
    for (const topic of [...worker.findings.keys()]) this.#agent.finding(worker, topic, undefined);
    for (const kind of ['pod', 'busy', 'again', 'volumes']) context.cancelTimer(`${kind}/${worker.uid}`);
    context.cancelTimer(`again/${worker.uid}/`);
    for (const name of worker.containers.keys()) context.cancelTimer(`again/${worker.uid}/${name}`);
  }

  /** Gives back what the pod held of the node. */
  release(worker: PodWorker): void {
    if (!worker.isAdmitted) return;
    worker.isAdmitted = false;
    const { allocated, hostPorts } = this.#agent.state;
    allocated.cpuMillis -= worker.request.cpuMillis;
    allocated.memoryBytes -= worker.request.memoryBytes;
    allocated.pods--;
    for (const key of hostPortsOf(worker.pod.spec as V1PodSpec)) if (hostPorts.get(key) === worker.uid) hostPorts.delete(key);
  }

  #refer(reference: string, uid: string): void {
    const { references } = this.#agent.state;
    const known = references.get(reference);
    if (known) known.push(uid);
    else references.set(reference, [uid]);
  }

  #admit(worker: PodWorker): void {
    const { state, options } = this.#agent;
    const phase = worker.pod.status?.phase;
    if (phase === 'Succeeded' || phase === 'Failed') {
      worker.stage = 'finished';
      return;
    }
    const { capacity } = options;
    const rejection =
      worker.manifest !== undefined || worker.sandboxId !== undefined || worker.pod.metadata?.deletionTimestamp !== undefined
        ? undefined
        : rejectionOf({
            pod: worker.pod,
            request: worker.request,
            allocated: state.allocated,
            capacity: { cpuMillis: capacity.cpu * 1000, memoryBytes: capacity.memoryMiB * 1_048_576, pods: capacity.pods },
            nodeLabels: worker.pod.spec?.nodeSelector ? this.#nodeLabels() : {},
            portOwner: (key) => state.hostPorts.get(key),
          });
    if (rejection) {
      worker.failure = { reason: rejection.reason, message: `Pod was rejected: ${rejection.message}` };
      worker.stage = 'finished';
      worker.containers.clear();
      this.#agent.event(worker, 'Warning', rejection.reason, rejection.message);
      this.#agent.finding(worker, 'admission', `The node refused the pod: ${rejection.message}`);
      return;
    }
    worker.isAdmitted = true;
    state.allocated.cpuMillis += worker.request.cpuMillis;
    state.allocated.memoryBytes += worker.request.memoryBytes;
    state.allocated.pods++;
    for (const key of hostPortsOf(worker.pod.spec as V1PodSpec)) state.hostPorts.set(key, worker.uid);
  }

  /** The labels that the node has now; without an API server those that it registers with. */
  #nodeLabels(): Readonly<Record<string, string>> {
    const { context, options } = this.#agent;
    const registered = {
      'kubernetes.io/hostname': options.node,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      ...options.labels,
    };
    try {
      return context.client.find(node, '', options.node)?.metadata?.labels ?? registered;
    } catch (error) {
      if (error instanceof ApiError || error instanceof ConnectionRefused) return registered;
      throw error;
    }
  }

  /** After a restart of the kubelet: sandbox and containers that are there go on. */
  #adopt(worker: PodWorker): void {
    const { runtime } = this.#agent.options;
    const sandboxes = runtime.sandboxesOf(worker.uid);
    if (sandboxes.length === 0) return;
    const sandbox = sandboxes[sandboxes.length - 1];
    worker.sandboxId = sandbox?.id;
    worker.sandboxAttempts = (sandbox?.attempt ?? -1) + 1;
    worker.volumesReady = sandbox?.state === 'ready' && sandbox.containers.length > 0;
    for (const { id } of sandboxes) {
      for (const container of runtime.containersOf(id)) {
        const tracked = worker.containers.get(container.config.name);
        if (!tracked) continue;
        tracked.previousId = tracked.containerId;
        tracked.containerId = container.id;
        tracked.restarts = container.config.attempt;
        const before = [...(worker.pod.status?.containerStatuses ?? []), ...(worker.pod.status?.initContainerStatuses ?? [])].find(
          ({ name }) => name === tracked.name,
        );
        const isSame = before?.containerID === `containerd://${container.id}`;
        tracked.isStarted = false;
        tracked.isReady = false;
        if (container.state !== 'running') continue;
        const own = specOf(worker, tracked.name);
        tracked.isStarted = own.startupProbe === undefined || (isSame && before.started === true);
        tracked.isReady = tracked.isStarted && (own.readinessProbe === undefined || (isSame && before.ready));
        this.#adopted(worker, tracked);
      }
    }
  }
}

function newContainer(name: string, role: ContainerWorker['role']): ContainerWorker {
  return {
    name,
    role,
    containerId: undefined,
    previousId: undefined,
    restarts: 0,
    waiting: undefined,
    notBeforeMs: 0,
    backoffMs: 0,
    backoffSetMs: 0,
    isStarted: false,
    isReady: false,
    stopping: undefined,
  };
}
