import type { ClusterUpdate } from './cluster-messages.ts';
import { HostedCluster } from './hosted-cluster.ts';
import type { OpenLabCluster } from './lab-cluster.ts';
import type { CallMessage, RunningRecord, WorkerCall, WorkerCalls, WorkerMessage } from './worker-messages.ts';

export interface ClusterShelfOptions {
  readonly open: OpenLabCluster;
  /** Monotonic milliseconds. */
  readonly wallClock: () => number;
  readonly send: (message: WorkerMessage) => void;
  readonly running: RunningRecord;
}

interface Shelved {
  readonly hosted: HostedCluster;
  readonly slot: number;
}

type Handlers = { readonly [Call in WorkerCall]: (message: CallMessage<Call>) => Promise<WorkerCalls[Call]['answer']> };

/** The clusters of one worker. One piece of work at a time, so that whoever runs too long is known. */
export class ClusterShelf {
  readonly #options: ClusterShelfOptions;
  readonly #clusters = new Map<string, Shelved>();
  #last: Promise<void> = Promise.resolve();

  readonly #handlers: Handlers = {
    wake: async ({ sessionId, slot, ask }) => {
      const { open, wallClock, running } = this.#options;
      const onProgress = () => void Atomics.add(running, 1, 1);
      const { hosted, terminal, lastResult } = await HostedCluster.wake({ saved: ask.saved, open, wallClock, onProgress });
      this.#clusters.set(sessionId, { hosted, slot });
      return { terminal, lastResult };
    },
    watch: async ({ sessionId, ask }) => {
      this.#get(sessionId).setWatched(ask.isWatched);
      return undefined;
    },
    prepare: async ({ sessionId }) => ({ atMs: await this.#get(sessionId).prepare() }),
    execute: ({ sessionId, ask }) => this.#get(sessionId).execute(ask),
    abandon: async ({ sessionId }) => {
      this.#get(sessionId).abandon();
      return undefined;
    },
    ask: ({ sessionId, ask }) => this.#get(sessionId).ask(ask),
    clock: async ({ sessionId, ask }) => {
      await this.#get(sessionId).setClock(ask);
      return undefined;
    },
    snapshot: async ({ sessionId }) => this.#get(sessionId).snapshot(),
    drop: async ({ sessionId }) => {
      this.#clusters.delete(sessionId);
      return undefined;
    },
  };

  constructor(options: ClusterShelfOptions) {
    this.#options = options;
  }

  /** Wall milliseconds until `turn` is worth calling; Infinity when every cluster is at rest. */
  get idleForMs(): number {
    let idleForMs = Number.POSITIVE_INFINITY;
    for (const { hosted } of this.#clusters.values()) idleForMs = Math.min(idleForMs, hosted.idleForMs);
    return idleForMs;
  }

  /** Does what a message asks and answers it. What changed is told before the answer. */
  handle<Call extends WorkerCall>(message: CallMessage<Call>): Promise<void> {
    return this.#enqueue(message.slot, async () => {
      const { id, sessionId } = message;
      try {
        const handler: (message: CallMessage<Call>) => Promise<WorkerCalls[Call]['answer']> = this.#handlers[message.call];
        const answer = await handler(message);
        this.#tell(sessionId, true);
        this.#options.send({ type: 'answer', id, answer });
      } catch (error) {
        const { message: text, stack = '' } = error instanceof Error ? error : new Error(String(error));
        this.#options.send({ type: 'failed', id, message: text, stack });
      }
    });
  }

  /** One slice for each cluster that has something to do. */
  async turn(): Promise<void> {
    for (const [sessionId, { hosted, slot }] of [...this.#clusters]) {
      if (hosted.idleForMs > 0) continue;
      await this.#enqueue(slot, async () => {
        try {
          await hosted.turn();
          this.#tell(sessionId, false);
        } catch (error) {
          this.#clusters.delete(sessionId);
          this.#options.send({
            type: 'broken',
            sessionId,
            message: error instanceof Error ? (error.stack ?? error.message) : String(error),
          });
        }
      });
    }
  }

  #get(sessionId: string): HostedCluster {
    const shelved = this.#clusters.get(sessionId);
    if (!shelved) throw new Error(`this worker has no cluster ${sessionId}`);
    return shelved.hosted;
  }

  #tell(sessionId: string, isUrgent: boolean): void {
    const update: ClusterUpdate | undefined = this.#clusters.get(sessionId)?.hosted.takeUpdate(isUrgent);
    if (update) this.#options.send({ type: 'update', sessionId, update });
  }

  #enqueue(slot: number, work: () => Promise<void>): Promise<void> {
    const { running } = this.#options;
    const next = this.#last.then(async () => {
      Atomics.store(running, 0, slot);
      Atomics.add(running, 1, 1);
      try {
        await work();
      } finally {
        Atomics.store(running, 0, 0);
      }
    });
    this.#last = next;
    return next;
  }
}
