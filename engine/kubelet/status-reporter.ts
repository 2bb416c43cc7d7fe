import { pod as podKind, qosClassOf } from '../kinds/core/pod.ts';
import { parseImageReference } from '../runtime/image-reference.ts';
import { isApiError } from '../schema/api-error.ts';
import type { V1PodStatus } from '../schema/generated/models.ts';
import { deepEqual } from '../sim/plain.ts';
import { formatTime } from '../sim/simulation.ts';
import type { PodWorker } from './kubelet-state.ts';
import type { NodeAgent } from './node-agent.ts';
import { reportedPod, type StatusSources, statusOf } from './pod-status.ts';

/** Writes the status of pods, once per change. What the API does not take is written later. Kubernetes: pkg/kubelet/status/status_manager.go (1.36). */
export class StatusReporter {
  readonly #agent: NodeAgent;
  readonly #sources: StatusSources;

  constructor(agent: NodeAgent) {
    this.#agent = agent;
    this.#sources = sourcesOf(agent);
  }

  report(worker: PodWorker): void {
    const object = reportedPod(worker);
    if (!object) return;
    const next = statusOf(worker, object.status, this.#sources);
    if (deepEqual(withQos(next, worker), object.status)) {
      this.#agent.state.unreported.delete(worker.uid);
      return;
    }
    const status = withQos(next, worker);
    let written = object;
    const reached = this.#agent.callApi(() => {
      written = this.#write(worker, object, status) ?? object;
    });
    if (!reached) {
      this.#agent.state.unreported.add(worker.uid);
      return;
    }
    this.#agent.state.unreported.delete(worker.uid);
    if (worker.manifest === undefined) worker.pod = written;
    else worker.mirror = written;
  }

  #write(worker: PodWorker, object: NonNullable<ReturnType<typeof reportedPod>>, status: V1PodStatus): typeof object | undefined {
    const { client } = this.#agent.context;
    try {
      return client.updateStatus(podKind, { ...object, status });
    } catch (error) {
      if (isApiError(error, 'NotFound')) return undefined;
      if (!isApiError(error, 'Conflict')) throw error;
    }
    const { namespace = '', name = '', uid } = object.metadata ?? {};
    const fresh = client.find(podKind, namespace, name);
    if (!fresh || fresh.metadata?.uid !== uid) return undefined;
    // What made the conflict may be a new image or a deletion.
    this.#agent.wake(worker.uid);
    const again = withQos(statusOf(worker, fresh.status, this.#sources), worker);
    return deepEqual(again, fresh.status) ? fresh : client.updateStatus(podKind, { ...fresh, status: again });
  }
}

function withQos(status: V1PodStatus, worker: PodWorker): V1PodStatus {
  return { ...status, qosClass: qosClassOf(worker.pod.spec) };
}

function sourcesOf(agent: NodeAgent): StatusSources {
  const { runtime, network, node } = agent.options;
  return {
    get timestamp() {
      return agent.context.timestamp;
    },
    get hostAddress() {
      return network.node(node)?.address ?? '';
    },
    formatTime,
    container: (id) => runtime.container(id),
    imageName: (image) => parseImageReference(image)?.text ?? image,
    podAddress: (worker) => (worker.sandboxId === undefined ? undefined : runtime.sandbox(worker.sandboxId)?.address),
    hasSandbox: (worker) => worker.sandboxId !== undefined && runtime.sandbox(worker.sandboxId)?.state === 'ready',
    terminationMessage: (container) => container.message || (runtime.readFile(container.id, container.config.terminationMessagePath) ?? ''),
  };
}
