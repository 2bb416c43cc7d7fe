import { Worker } from 'node:worker_threads';
import type { CallMessage, RunningRecord, WorkerCall, WorkerCalls, WorkerMessage, WorkerStart } from './worker-messages.ts';
import { runningRecordLength } from './worker-messages.ts';

export interface WorkerThreadOptions {
  /** The bundle of server/clusters/cluster-worker.ts. */
  readonly script: URL;
  /** The longest piece of work for one cluster; afterwards the thread is ended and that cluster blamed. */
  readonly longestWorkMs: number;
  readonly memoryMB: number;
  readonly onMessage: (message: Exclude<WorkerMessage, { readonly type: 'answer' | 'failed' }>) => void;
  /** The thread is gone; `blamed` is the slot that it was working for. */
  readonly onEnd: (end: WorkerEnd) => void;
}

export interface WorkerEnd {
  readonly blamed: number | undefined;
  readonly because: 'tooLong' | 'memory' | 'crash';
  readonly error?: Error;
}

export class WorkerGoneError extends Error {
  override readonly name = 'WorkerGoneError';
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

const lookEveryMs = 200;

/** The main thread's end of one worker: calls and answers, and an eye on how long one cluster keeps it busy. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #running: RunningRecord;
  readonly #options: WorkerThreadOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #watchdog: NodeJS.Timeout;
  #nextId = 1;
  #isClosing = false;
  #end: WorkerEnd | undefined;

  constructor(options: WorkerThreadOptions) {
    this.#options = options;
    const running = new SharedArrayBuffer(runningRecordLength * Int32Array.BYTES_PER_ELEMENT);
    this.#running = new Int32Array(running);
    this.#worker = new Worker(options.script, {
      workerData: { running } satisfies WorkerStart,
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMB },
    });
    this.#worker.on('message', (message: WorkerMessage) => this.#receive(message));
    this.#worker.once('error', (error) => {
      const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#end ??= { blamed: this.#runningSlot(), because: isMemory ? 'memory' : 'crash', error };
    });
    this.#worker.once('exit', () => this.#onExit());
    this.#watchdog = this.#watch();
  }

  call<Call extends WorkerCall>(
    call: Call,
    sessionId: string,
    slot: number,
    ask: WorkerCalls[Call]['ask'],
  ): Promise<WorkerCalls[Call]['answer']> {
    if (this.#end) return Promise.reject(new WorkerGoneError('the worker has ended'));
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, sessionId, slot, call, ask } satisfies CallMessage<Call>);
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#worker.terminate();
  }

  #receive(message: WorkerMessage): void {
    if (message.type !== 'answer' && message.type !== 'failed') {
      this.#options.onMessage(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.answer as never);
    else waiting?.reject(Object.assign(new Error(message.message), { stack: message.stack }));
  }

  #runningSlot(): number | undefined {
    return Atomics.load(this.#running, 0) || undefined;
  }

  /** Ends the thread when the same piece of work is still running after its time. */
  #watch(): NodeJS.Timeout {
    let seen = -1;
    let sinceMs = Date.now();
    const look = () => {
      const begun = Atomics.load(this.#running, 1);
      const slot = this.#runningSlot();
      if (begun !== seen || slot === undefined) {
        seen = begun;
        sinceMs = Date.now();
      } else if (Date.now() - sinceMs > this.#options.longestWorkMs) {
        this.#end ??= { blamed: slot, because: 'tooLong' };
        void this.#worker.terminate();
      }
    };
    return setInterval(look, lookEveryMs).unref();
  }

  #onExit(): void {
    clearInterval(this.#watchdog);
    this.#end ??= { blamed: this.#runningSlot(), because: 'crash' };
    for (const { reject } of this.#waiting.values()) reject(new WorkerGoneError(`the worker has ended: ${this.#end.because}`));
    this.#waiting.clear();
    if (!this.#isClosing) this.#options.onEnd(this.#end);
  }
}
