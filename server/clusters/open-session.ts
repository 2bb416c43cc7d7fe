import { AppError, isAppError } from '../errors.ts';
import { logError } from '../log.ts';
import type { ClusterListener } from './cluster-host.ts';
import type {
  ClockCommand,
  ClusterAnswer,
  ClusterInput,
  ClusterQuestion,
  ClusterUpdate,
  InputResult,
  LoggedInput,
  SavedCluster,
} from './cluster-messages.ts';
import { needsSnapshot } from './cluster-messages.ts';
import { Scrollback } from './scrollback.ts';
import { Serial } from './serial.ts';
import type { SessionRecord, SessionStore } from './session-record.ts';
import type { WakeAnswer, WorkerCall, WorkerCalls } from './worker-messages.ts';
import type { WorkerEnd, WorkerThread } from './worker-thread.ts';
import { WorkerGoneError } from './worker-thread.ts';

const snapshotEveryInputs = 50;
const snapshotEveryMs = 60_000;
const saveClockEveryMs = 5000;

const mostWakes = 5;
/** Characters, as many as one message may bring. */
const longestTyping = 100_000;

export interface OpenSessionOptions {
  readonly sessionId: string;
  /** This session's number in the running records of workers. */
  readonly slot: number;
  readonly store: SessionStore;
  readonly chooseThread: () => WorkerThread;
  readonly now: () => number;
}

interface Typing {
  readonly terminal: string;
  data: string;
  readonly done: Promise<InputResult>;
}

const overBudgetMessages: Readonly<Record<WorkerEnd['because'], string>> = {
  tooLong:
    'This kept your cluster busy for too long, so it was stopped and taken back. Try it with less: fewer objects, fewer replicas, a simpler expression.',
  memory: 'This needed more memory than a cluster may use, so it was stopped and taken back. Try it with fewer or smaller objects.',
  crash:
    'This broke the simulated cluster, so it was taken back. That is a fault in kube40, not in what you did; the server log has the details.',
};

const busyByItselfMessage =
  'Your cluster became too busy by itself, so it was put back and its clock is paused. Remove what keeps it busy, then let the clock go on.';

const movedMessage = 'The server had to restart your cluster. It is back as it was.';

const lostMessage =
  'Your cluster cannot be brought back: repeating what happened in it goes over its budget. Start the lab over; your earlier score and your files are kept.';

/** The record, then less and less of its end. */
function shorterAndShorter(saved: SavedCluster): readonly SavedCluster[] {
  const before = saved.inputs.slice(0, -1);
  const upToLastInput = { ...saved, clockMs: saved.inputs.at(-1)?.atMs ?? 0 };
  return [saved, upToLastInput, ...(saved.inputs.length > 0 ? [{ ...saved, inputs: before, clockMs: before.at(-1)?.atMs ?? 0 }] : [])];
}

/** A session whose cluster is awake: keeps the log ahead of the cluster, and brings the cluster back when its worker dies. */
export class OpenSession {
  readonly listeners = new Set<ClusterListener>();
  /** How many handles are out. */
  users = 0;
  readonly #options: OpenSessionOptions;
  readonly #serial = new Serial();
  #thread: WorkerThread;
  #scrollback = new Scrollback({});
  #inputCount = 0;
  #inputsSinceSnapshot = 0;
  #snapshotAtMs: number;
  #clockSavedAtMs = 0;
  #isWatched = false;
  /** The input that the worker is working on, to be taken back if it kills the worker. */
  #executing: number | undefined;
  /** Keystrokes that wait for their turn as one input. */
  #typing: Typing | undefined;
  /** Set while the cluster is being brought back, and what the last input came to there. */
  #recovery: Promise<WakeAnswer> | undefined;
  #lost: AppError | undefined;
  #wakeEnd: 'waking' | 'blamed' | undefined;
  #lastEnd: WorkerEnd['because'] = 'crash';

  constructor(options: OpenSessionOptions) {
    this.#options = options;
    this.#thread = options.chooseThread();
    this.#snapshotAtMs = options.now();
  }

  get sessionId(): string {
    return this.#options.sessionId;
  }

  get slot(): number {
    return this.#options.slot;
  }

  get isWatched(): boolean {
    return this.#isWatched;
  }

  get thread(): WorkerThread {
    return this.#thread;
  }

  get scrollback(): ReadonlyMap<string, string> {
    return this.#scrollback.texts;
  }

  async wake(): Promise<WakeAnswer> {
    const record = await this.#options.store.load(this.sessionId);
    const answer = await this.#wakeOrShorten(record);
    this.#scrollback = new Scrollback(record.scrollback);
    this.#scrollback.add(answer.terminal);
    if (this.#isWatched) await this.#call('watch', { isWatched: true });
    return answer;
  }

  async setWatched(isWatched: boolean): Promise<void> {
    this.#isWatched = isWatched;
    await this.#call('watch', { isWatched });
  }

  execute(input: ClusterInput): Promise<InputResult> {
    if (input.type === 'terminalInput') return this.#type(input.terminal, input.data);
    this.#typing = undefined;
    return this.#serial.run(() => this.#execute(input));
  }

  /** Every input is stored before it is executed, and somebody types faster than that: what waits is stored together. */
  #type(terminal: string, data: string): Promise<InputResult> {
    const waiting = this.#typing;
    if (waiting?.terminal === terminal && waiting.data.length + data.length <= longestTyping) {
      waiting.data += data;
      return waiting.done;
    }
    const typing: Typing = { terminal, data, done: this.#serial.run(() => this.#executeTyping(typing)) };
    this.#typing = typing;
    return typing.done;
  }

  #executeTyping(typing: Typing): Promise<InputResult> {
    if (this.#typing === typing) this.#typing = undefined;
    return this.#execute({ type: 'terminalInput', terminal: typing.terminal, data: typing.data });
  }

  ask(question: ClusterQuestion): Promise<ClusterAnswer> {
    this.#typing = undefined;
    return this.#serial.run(() => this.#withRecovery(() => this.#call('ask', question)));
  }

  async setClock(command: ClockCommand): Promise<void> {
    this.#typing = undefined;
    await this.#serial.run(() => this.#withRecovery(() => this.#call('clock', command)));
  }

  receive(update: ClusterUpdate): void {
    if (update.terminal) this.#scrollback.add(update.terminal);
    for (const listener of this.listeners) listener.onUpdate(update);
    this.#saveInBackground(update.clockMs);
  }

  /** Saves everything; afterwards the session can sleep. */
  async save(): Promise<void> {
    if (!this.#lost) await this.#serial.run(() => this.#saveSnapshot());
  }

  async drop(): Promise<void> {
    await this.#call('drop', undefined).catch(() => undefined);
  }

  /** The worker is gone: bring the cluster back on another. */
  recover(end: WorkerEnd): void {
    if (this.#wakeEnd !== undefined) {
      // Whoever wakes it already tries again.
      if (end.blamed === this.slot) this.#wakeEnd = 'blamed';
      return;
    }
    const recovery = this.#recover(end).finally(() => {
      if (this.#recovery === recovery) this.#recovery = undefined;
    });
    this.#recovery = recovery;
    // Whoever waits for an input or an answer hears of a failure; perhaps nobody does.
    recovery.catch(() => undefined);
  }

  async #recover(end: WorkerEnd): Promise<WakeAnswer> {
    const isBlamed = end.blamed === this.slot;
    this.#lastEnd = end.because;
    const { store, chooseThread } = this.#options;
    try {
      if (isBlamed && this.#executing !== undefined) await store.takeBack(this.sessionId, this.#executing);
      this.#thread = chooseThread();
      const answer = await this.wake();
      if (isBlamed && this.#executing === undefined) await this.#call('clock', { type: 'set', paused: true });
      const why = isBlamed ? (this.#executing === undefined ? busyByItselfMessage : overBudgetMessages[end.because]) : movedMessage;
      for (const listener of this.listeners) listener.onRestored(why);
      return answer;
    } catch (error) {
      this.#lose(error);
      throw error;
    }
  }

  #lose(error: unknown): void {
    logError(`lab session ${this.sessionId} is lost`, error);
    this.#lost = isAppError(error) ? error : new AppError('clusterLost', { userMessage: lostMessage, cause: error });
    for (const listener of this.listeners) listener.onLost(this.#lost.userMessage);
  }

  /**
   * Repeats the record. When this cluster goes over its budget in doing so, then first without the time since the last
   * input, and at last without that input.
   */
  async #wakeOrShorten(record: SessionRecord): Promise<WakeAnswer> {
    const attempts = shorterAndShorter(record.saved);
    let cause: unknown;
    for (let position = 0, tries = 0; position < attempts.length && tries < mostWakes; tries += 1) {
      const saved = attempts[position] ?? record.saved;
      try {
        this.#wakeEnd = 'waking';
        const answer = await this.#call('wake', { saved });
        this.#inputCount = saved.inputs.at(-1)?.number ?? record.inputCount - record.saved.inputs.length;
        if (this.#inputCount < record.inputCount) await this.#options.store.takeBack(this.sessionId, record.inputCount);
        return answer;
      } catch (error) {
        cause = error;
        // A worker that died under somebody else's cluster says nothing about this one.
        if (this.#wakeEnd === 'blamed' || !(error instanceof WorkerGoneError)) position += 1;
        this.#thread = this.#options.chooseThread();
      } finally {
        this.#wakeEnd = undefined;
      }
    }
    throw new AppError('clusterLost', { userMessage: lostMessage, cause });
  }

  async #execute(input: ClusterInput): Promise<InputResult> {
    const { atMs } = await this.#withRecovery(() => this.#call('prepare', undefined));
    const number = this.#inputCount + 1;
    try {
      await this.#options.store.append(this.sessionId, { number, atMs, input });
    } catch (error) {
      await this.#call('abandon', undefined).catch(() => undefined);
      throw error;
    }
    this.#inputCount = number;
    this.#inputsSinceSnapshot += 1;
    const result = await this.#executeLogged({ number, atMs, input });
    if (input.type === 'closeTerminal') this.#scrollback.forget(input.terminal);
    if (needsSnapshot(input)) await this.#withRecovery(() => this.#saveSnapshot());
    return result;
  }

  async #executeLogged(logged: LoggedInput): Promise<InputResult> {
    this.#executing = logged.number;
    try {
      return await this.#call('execute', logged);
    } catch (error) {
      if (!(error instanceof WorkerGoneError)) {
        logError(`input ${logged.number} of lab session ${this.sessionId} broke its cluster`, error);
        this.recover({ blamed: this.slot, because: 'crash' });
      }
      return await this.#resultAfterRecovery(logged.number);
    } finally {
      this.#executing = undefined;
    }
  }

  /** The cluster broke under an input: either the input did it and is gone, or the recovery has repeated it. */
  async #resultAfterRecovery(number: number): Promise<InputResult> {
    const answer = await this.#recovery;
    if (this.#inputCount < number) return { kind: 'refused', code: 'overBudget', userMessage: overBudgetMessages[this.#lastEnd] };
    return answer?.lastResult ?? { kind: 'done' };
  }

  async #withRecovery<T>(work: () => Promise<T>): Promise<T> {
    if (this.#lost) throw this.#lost;
    await this.#recovery;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof WorkerGoneError)) throw error;
    }
    await this.#recovery;
    if (this.#lost) throw this.#lost;
    return await work().catch((error: unknown) => {
      throw error instanceof WorkerGoneError
        ? new AppError('overBudget', { userMessage: overBudgetMessages.tooLong, cause: error })
        : error;
    });
  }

  #call<Call extends WorkerCall>(call: Call, ask: WorkerCalls[Call]['ask']): Promise<WorkerCalls[Call]['answer']> {
    return this.#thread.call(call, this.sessionId, this.slot, ask);
  }

  async #saveSnapshot(): Promise<void> {
    const snapshot = await this.#call('snapshot', undefined);
    this.#inputsSinceSnapshot = 0;
    this.#snapshotAtMs = this.#options.now();
    await this.#options.store.saveSnapshot(this.sessionId, snapshot, this.#scrollback.toRecord());
  }

  /** The log is always complete; these two only shorten what has to be repeated after a crash. */
  #saveInBackground(clockMs: number): void {
    const nowMs = this.#options.now();
    const complain = (error: unknown) => logError(`lab session ${this.sessionId} could not be saved; its input log is safe`, error);
    if (this.#inputsSinceSnapshot >= snapshotEveryInputs || nowMs - this.#snapshotAtMs > snapshotEveryMs) {
      this.#inputsSinceSnapshot = 0;
      this.#snapshotAtMs = nowMs;
      this.#clockSavedAtMs = nowMs;
      this.#serial.run(() => this.#saveSnapshot()).catch(complain);
    } else if (nowMs - this.#clockSavedAtMs > saveClockEveryMs) {
      this.#clockSavedAtMs = nowMs;
      this.#options.store.saveClock(this.sessionId, clockMs).catch(complain);
    }
  }
}
