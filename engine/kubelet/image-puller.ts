import { type PullAnswer, RuntimeUnavailable } from '../runtime/container-runtime.ts';
import { parseImageReference, referenceProblem } from '../runtime/image-reference.ts';
import type { V1Container } from '../schema/generated/models.ts';
import type { Millis } from '../sim/simulation.ts';
import { formatDuration } from './duration.ts';
import type { ImageBackoff, PodWorker, PullJob } from './kubelet-state.ts';
import type { NodeAgent } from './node-agent.ts';

const firstBackoffMs: Millis = 10_000;
const maxBackoffMs: Millis = 300_000;
/** What a registry delivers while it answers one manifest request: a slow registry is slow at both. */
const bytesPerManifestTime = 10_000_000;

export type ImageAnswer =
  | { readonly kind: 'present' }
  | { readonly kind: 'pulling' }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string; readonly retryMs: Millis | undefined };

/** Gets images onto the node, one pull at a time (`serializeImagePulls`). Kubernetes: pkg/kubelet/images (1.36). */
export class ImagePuller {
  readonly #agent: NodeAgent;

  constructor(agent: NodeAgent) {
    this.#agent = agent;
  }

  /** Makes sure that the container's image is there, or begins to pull it; `pulled` is called with the pod's uid when that is over. */
  ensure(worker: PodWorker, container: V1Container): ImageAnswer {
    const agent = this.#agent;
    const image = container.image ?? '';
    if (!parseImageReference(image)) {
      const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${referenceProblem(image)}`;
      agent.event(worker, 'Warning', 'InspectFailed', message, container.name);
      return { kind: 'failed', reason: 'InvalidImageName', message, retryMs: undefined };
    }
    const policy = container.imagePullPolicy ?? 'IfNotPresent';
    const present = agent.options.runtime.imagePresent(image);
    if (present && policy !== 'Always') {
      agent.event(
        worker,
        'Normal',
        'Pulled',
        `Container image "${image}" already present on machine and can be accessed by the pod`,
        container.name,
      );
      return { kind: 'present' };
    }
    if (policy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      agent.event(worker, 'Warning', 'ErrImageNeverPull', message, container.name);
      return { kind: 'failed', reason: 'ErrImageNeverPull', message, retryMs: undefined };
    }
    const backoff = agent.state.imageBackoffs.get(backoffKey(worker.uid, image));
    if (backoff && agent.now - backoff.setAtMs < backoff.delayMs) return this.#backOff(worker, container, backoff);
    agent.event(worker, 'Normal', 'Pulling', `Pulling image "${image}"`, container.name);
    agent.state.pulls.push({
      uid: worker.uid,
      container: container.name,
      image,
      requestedAtMs: agent.now,
      startedAtMs: undefined,
      found: undefined,
      refused: undefined,
    });
    this.#next();
    return { kind: 'pulling' };
  }

  #backOff(worker: PodWorker, { name: container, image = '' }: V1Container, backoff: ImageBackoff): ImageAnswer {
    this.#agent.event(worker, 'Normal', 'BackOff', `Back-off pulling image "${image}"`, container);
    return {
      kind: 'failed',
      reason: 'ImagePullBackOff',
      message: `Back-off pulling image "${image}": ErrImagePull: ${backoff.message}`,
      retryMs: backoff.setAtMs + backoff.delayMs - this.#agent.now,
    };
  }

  /** Begins with the oldest job, unless one is under way. */
  #next(): void {
    const agent = this.#agent;
    const job = agent.state.pulls[0];
    if (!job || job.startedAtMs !== undefined) return;
    job.startedAtMs = agent.now;
    const answer = this.#resolve(job.image);
    const manifestMs = agent.context.latency('imageManifest');
    if (answer.kind === 'refused') job.refused = answer.message;
    else job.found = answer.image;
    const transferMs =
      answer.kind === 'found' && !answer.present ? Math.round((manifestMs * answer.image.sizeBytes) / bytesPerManifestTime) : 0;
    agent.context.setTimer('pull', manifestMs + transferMs);
  }

  #resolve(image: string): PullAnswer {
    try {
      return this.#agent.options.runtime.resolveImage(image);
    } catch (error) {
      if (!(error instanceof RuntimeUnavailable)) throw error;
      return { kind: 'refused', message: error.message };
    }
  }

  /** The pull under way is over. Returns it, with what the pod's container has to wait for. */
  finish(workerOf: (uid: string) => PodWorker | undefined): { readonly job: PullJob; readonly answer: ImageAnswer } | undefined {
    const agent = this.#agent;
    const job = agent.state.pulls.shift();
    if (!job) return undefined;
    const worker = workerOf(job.uid);
    const answer = job.found ? this.#succeed(job, worker) : this.#fail(job, worker);
    this.#next();
    return { job, answer };
  }

  #succeed(job: PullJob, worker: PodWorker | undefined): ImageAnswer {
    const agent = this.#agent;
    if (job.found) agent.options.runtime.storeImage(job.found);
    agent.state.imageBackoffs.delete(backoffKey(job.uid, job.image));
    if (worker) {
      const took = formatDuration(agent.now - (job.startedAtMs ?? agent.now));
      const waited = formatDuration(agent.now - job.requestedAtMs);
      agent.event(
        worker,
        'Normal',
        'Pulled',
        `Successfully pulled image "${job.image}" in ${took} (${waited} including waiting). Image size: ${job.found?.sizeBytes ?? 0} bytes.`,
        job.container,
      );
      agent.step(worker, `pulled image ${job.image}`);
    }
    return { kind: 'present' };
  }

  #fail(job: PullJob, worker: PodWorker | undefined): ImageAnswer {
    const agent = this.#agent;
    const message = job.refused ?? '';
    const key = backoffKey(job.uid, job.image);
    const before = agent.state.imageBackoffs.get(key);
    const isOld = before === undefined || agent.now - before.setAtMs > 2 * maxBackoffMs;
    const delayMs = isOld ? firstBackoffMs : Math.min(2 * before.delayMs, maxBackoffMs);
    agent.state.imageBackoffs.set(key, { delayMs, setAtMs: agent.now, message });
    if (worker) {
      agent.event(worker, 'Warning', 'Failed', `Failed to pull image "${job.image}": ${message}`, job.container);
      agent.event(worker, 'Warning', 'Failed', 'Error: ErrImagePull', job.container);
    }
    return { kind: 'failed', reason: 'ErrImagePull', message, retryMs: 0 };
  }

  /** Drops what a pod that is going away has asked for; a pull under way is finished for nobody. */
  forget(uid: string): void {
    const { pulls, imageBackoffs } = this.#agent.state;
    for (let i = pulls.length - 1; i >= 0; i--) if (pulls[i]?.uid === uid && pulls[i]?.startedAtMs === undefined) pulls.splice(i, 1);
    if (imageBackoffs.size === 0) return;
    for (const key of imageBackoffs.keys()) if (key.startsWith(`${uid}_`)) imageBackoffs.delete(key);
  }
}

function backoffKey(uid: string, image: string): string {
  return `${uid}_${image}`;
}
