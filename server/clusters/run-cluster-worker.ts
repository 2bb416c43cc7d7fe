import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { ClusterShelf } from './cluster-shelf.ts';
import type { OpenLabCluster } from './lab-cluster.ts';
import type { CallMessage, WorkerStart } from './worker-messages.ts';

/** The longest timer that a runtime takes without going off at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Makes this thread a home for clusters: serves the messages of the main thread and keeps the clusters' pace. */
export function runClusterWorker(open: OpenLabCluster): void {
  const port = parentPort;
  if (!port) throw new Error('a cluster worker runs in a worker thread');
  const shelf = new ClusterShelf({
    open,
    wallClock: () => performance.now(),
    send: (message) => port.postMessage(message),
    running: new Int32Array((workerData as WorkerStart).running),
  });

  let timer: NodeJS.Timeout | undefined;
  const keepPace = () => {
    clearTimeout(timer);
    const { idleForMs } = shelf;
    // A timer, even of 0 ms, lets messages in between two slices.
    if (idleForMs !== Number.POSITIVE_INFINITY) {
      timer = setTimeout(() => void shelf.turn().then(keepPace), Math.min(idleForMs, longestTimerMs));
    }
  };
  port.on('message', (message: CallMessage) => void shelf.handle(message).then(keepPace));
}
