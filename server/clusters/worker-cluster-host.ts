import { AppError } from '../errors.ts';
import { logError } from '../log.ts';
import type { ClusterHandle, ClusterHost } from './cluster-host.ts';
import { OpenSession } from './open-session.ts';
import type { SessionStore } from './session-record.ts';
import type { WorkerEnd } from './worker-thread.ts';
import { WorkerThread } from './worker-thread.ts';

export interface WorkerClusterHostOptions {
  readonly script: URL;
  readonly workers: number;
  readonly store: SessionStore;
  /** How long a cluster that nobody has open stays in memory. */
  readonly hibernateAfterMs: number;
  readonly longestWorkMs?: number;
  readonly memoryMB?: number;
  readonly now?: () => number;
}

interface Entry {
  readonly session: OpenSession;
  readonly awake: Promise<unknown>;
  hibernation?: NodeJS.Timeout;
}

/** Clusters in worker threads, many per thread. A thread that dies is replaced and its clusters are brought back. */
export class WorkerClusterHost implements ClusterHost {
  readonly #options: Required<WorkerClusterHostOptions>;
  readonly #threads: (WorkerThread | undefined)[];
  readonly #entries = new Map<string, Entry>();
  readonly #leaving = new Map<string, Promise<void>>();
  #nextSlot = 1;
  #isClosing = false;

  constructor(options: WorkerClusterHostOptions) {
    this.#options = { longestWorkMs: 5000, memoryMB: 2048, now: Date.now, ...options };
    this.#threads = Array.from({ length: options.workers }, () => undefined);
  }

  /** How many clusters are in memory. */
  get awake(): number {
    return this.#entries.size;
  }

  async open(sessionId: string): Promise<ClusterHandle> {
    if (this.#isClosing)
      throw new AppError('busy', { userMessage: 'The server is shutting down. Reload the page in a moment; your work is saved.' });
    await this.#leaving.get(sessionId);
    const entry = this.#entries.get(sessionId) ?? this.#wake(sessionId);
    const { session } = entry;
    clearTimeout(entry.hibernation);
    session.users += 1;
    try {
      await entry.awake;
      if (!session.isWatched) await session.setWatched(true);
    } catch (error) {
      this.#release(entry);
      throw error;
    }
    return this.#handle(entry);
  }

  async evict(sessionId: string): Promise<void> {
    const entry = this.#entries.get(sessionId);
    await entry?.awake;
    if (entry) await this.#hibernate(entry);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.#entries.values()].map((entry) => this.#hibernate(entry)));
    await Promise.all(this.#leaving.values());
    await Promise.all(this.#threads.map((thread) => thread?.close()));
  }

  #wake(sessionId: string): Entry {
    const { store, now } = this.#options;
    const slot = this.#nextSlot;
    this.#nextSlot += 1;
    const session = new OpenSession({ sessionId, slot, store, now, chooseThread: () => this.#chooseThread() });
    const awake = session.wake();
    const entry: Entry = { session, awake };
    this.#entries.set(sessionId, entry);
    awake.catch(() => this.#entries.delete(sessionId));
    return entry;
  }

  #handle(entry: Entry): ClusterHandle {
    const { session } = entry;
    const unsubscribers = new Set<() => void>();
    let isOpen = true;
    return {
      sessionId: session.sessionId,
      execute: (input) => session.execute(input),
      ask: (question) => session.ask(question),
      setClock: (command) => session.setClock(command),
      get scrollback() {
        return session.scrollback;
      },
      subscribe: (listener) => {
        session.listeners.add(listener);
        const unsubscribe = () => session.listeners.delete(listener);
        unsubscribers.add(unsubscribe);
        return unsubscribe;
      },
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        for (const unsubscribe of unsubscribers) unsubscribe();
        this.#release(entry);
      },
    };
  }

  #release(entry: Entry): void {
    const { session } = entry;
    session.users -= 1;
    if (session.users > 0 || this.#isClosing || this.#entries.get(session.sessionId) !== entry) return;
    session.setWatched(false).catch(() => undefined);
    entry.hibernation = setTimeout(() => void this.#hibernate(entry), this.#options.hibernateAfterMs);
    entry.hibernation.unref();
  }

  /** Writes the cluster down and frees its memory. Somebody who opens it meanwhile waits and wakes it again. */
  #hibernate(entry: Entry): Promise<void> {
    clearTimeout(entry.hibernation);
    const { session } = entry;
    const { sessionId } = session;
    if (this.#entries.get(sessionId) !== entry) return Promise.resolve();
    this.#entries.delete(sessionId);
    session.listeners.clear();
    const leaving = session
      .save()
      .catch((error: unknown) => logError(`lab session ${sessionId} sleeps without a snapshot; its input log is safe`, error))
      .then(() => session.drop())
      .finally(() => this.#leaving.delete(sessionId));
    this.#leaving.set(sessionId, leaving);
    return leaving;
  }

  /** An idle thread, else a new one, else the one with the fewest clusters. */
  #chooseThread(): WorkerThread {
    const clusters = (thread: WorkerThread) => [...this.#entries.values()].filter(({ session }) => session.thread === thread).length;
    const [least] = this.#threads
      .filter((thread) => thread !== undefined)
      .map((thread) => ({ thread, clusters: clusters(thread) }))
      .sort((a, b) => a.clusters - b.clusters);
    const missing = this.#threads.indexOf(undefined);
    if (least && (least.clusters === 0 || missing < 0)) return least.thread;
    return this.#startThread(Math.max(missing, 0));
  }

  #startThread(position: number): WorkerThread {
    const thread: WorkerThread = new WorkerThread({
      script: this.#options.script,
      longestWorkMs: this.#options.longestWorkMs,
      memoryMB: this.#options.memoryMB,
      onMessage: (message) => {
        const session = this.#entries.get(message.sessionId)?.session;
        if (!session || session.thread !== thread) return;
        if (message.type === 'update') session.receive(message.update);
        else {
          logError(`the cluster of lab session ${message.sessionId} broke: ${message.message}`);
          session.recover({ blamed: session.slot, because: 'crash' });
        }
      },
      onEnd: (end) => this.#onThreadEnd(position, thread, end),
    });
    this.#threads[position] = thread;
    return thread;
  }

  #onThreadEnd(position: number, thread: WorkerThread, end: WorkerEnd): void {
    if (this.#threads[position] === thread) this.#threads[position] = undefined;
    const affected = [...this.#entries.values()].filter(({ session }) => session.thread === thread);
    logError(`a cluster worker ended (${end.because}); ${affected.length} clusters move`, end.error);
    for (const { session } of affected) session.recover(end);
  }
}
