import type { ProcessContext } from '../client/process.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import { ConnectionRefused, isApiError } from '../schema/api-error.ts';
import type { ObjectRef } from '../sim/object-ref.ts';
import type { Millis } from '../sim/simulation.ts';
import type { KubeletOptions } from './kubelet-options.ts';
import type { KubeletState, PodWorker } from './kubelet-state.ts';
import { reportedPod } from './pod-status.ts';

const retryApiMs: Millis = 2000;

/** What the parts of a kubelet share: its context, and the few things that each of them says or asks. Holds no memory. */
export class NodeAgent {
  readonly context: ProcessContext<KubeletState>;
  readonly options: KubeletOptions;

  constructor(context: ProcessContext<KubeletState>, options: KubeletOptions) {
    this.context = context;
    this.options = options;
  }

  get state(): KubeletState {
    return this.context.state;
  }

  get now(): Millis {
    return this.context.now;
  }

  /** Looks at the pod once more, together with whatever else happens at this moment. */
  wake(uid: string): void {
    this.context.setTimer(`pod/${uid}`, 0);
  }

  refOf(worker: PodWorker): ObjectRef {
    const { name, namespace } = worker.pod.metadata ?? {};
    return { apiVersion: 'v1', kind: 'Pod', ...(namespace !== undefined && { namespace }), name: name ?? '' };
  }

  /** An event about the pod, or about one of its containers. */
  event(worker: PodWorker, type: 'Normal' | 'Warning', reason: string, message: string, container?: string): void {
    const about = reportedPod(worker);
    if (!about) return;
    const list = worker.containers.get(container ?? '')?.role === 'main' ? 'containers' : 'initContainers';
    this.context.event(about, type, reason, message, container === undefined ? undefined : `spec.${list}{${container}}`);
  }

  step(worker: PodWorker, text: string): void {
    this.context.step(text, this.refOf(worker));
  }

  /** Says why the pod is as it is; `undefined` withdraws it. */
  finding(worker: PodWorker, topic: string, text: string | undefined, see?: readonly ObjectRef[]): void {
    if (worker.findings.get(topic) === text) return;
    if (text === undefined) worker.findings.delete(topic);
    else worker.findings.set(topic, text);
    this.context.finding(this.refOf(worker), topic, text, see);
  }

  /** Runs a call to the API; `false` when the API could not be reached. Other refusals pass. */
  callApi(call: () => void): boolean {
    try {
      call();
      return true;
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      if (!this.context.hasTimer('retry')) this.context.setTimer('retry', retryApiMs, { periodic: true });
      return false;
    }
  }
}

/** Takes exactly this pod out of the API, without a grace period; `false` when the API could not be reached. */
export function removePod(agent: NodeAgent, { metadata }: Pod): boolean {
  const { namespace = '', name = '', uid } = metadata ?? {};
  return agent.callApi(() => {
    try {
      agent.context.client.remove(pod, namespace, name, { gracePeriodSeconds: 0, ...(uid !== undefined && { preconditions: { uid } }) });
    } catch (error) {
      // Another pod has the name already: this one is gone.
      if (!isApiError(error, 'Conflict')) throw error;
    }
  });
}

function isUnreachable(error: unknown): boolean {
  return (
    error instanceof ConnectionRefused ||
    isApiError(error, 'ServiceUnavailable') ||
    isApiError(error, 'Timeout') ||
    isApiError(error, 'TooManyRequests')
  );
}
