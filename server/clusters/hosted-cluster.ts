import type { ClockView } from '../gateway/protocol.ts';
import type {
  ClockCommand,
  ClusterAnswer,
  ClusterQuestion,
  ClusterSnapshot,
  ClusterUpdate,
  InputResult,
  LoggedInput,
  SavedCluster,
} from './cluster-messages.ts';
import type { LabCluster, OpenLabCluster } from './lab-cluster.ts';
import { Pace } from './pace.ts';
import type { WakeAnswer } from './worker-messages.ts';

/** So much is run before others get their turn. */
const eventsPerSlice = 2000;
const updateEveryMs = 50;
/** A tab works the clock out by itself; this keeps it from drifting. */
const clockEveryMs = 1000;
const skipLimitMs = 10 * 60 * 1000;

export interface HostedClusterOptions {
  readonly saved: SavedCluster;
  readonly open: OpenLabCluster;
  /** Monotonic milliseconds. */
  readonly wallClock: () => number;
  /** Called between repeated inputs: a long log is not a cluster that hangs. */
  readonly onProgress: () => void;
}

/** A cluster with its pace: what a worker keeps per lab session. Its methods must not overlap. */
export class HostedCluster {
  readonly #cluster: LabCluster;
  readonly #wallClock: () => number;
  readonly #pace: Pace;
  #inputNumber: number;
  /** Between `prepare` and `execute` the clock stands, so that the input takes effect at the time that was written down. */
  #isFrozen = false;
  #isClockDue = false;
  #updatedAtMs = Number.NEGATIVE_INFINITY;
  #clockSentAtMs = Number.NEGATIVE_INFINITY;

  private constructor(cluster: LabCluster, inputNumber: number, wallClock: () => number) {
    this.#cluster = cluster;
    this.#inputNumber = inputNumber;
    this.#wallClock = wallClock;
    this.#pace = new Pace(wallClock(), cluster.nowMs);
  }

  /** Restores the snapshot and repeats the inputs after it. */
  static async wake({
    saved,
    open,
    wallClock,
    onProgress,
  }: HostedClusterOptions): Promise<WakeAnswer & { readonly hosted: HostedCluster }> {
    const cluster = await open(saved.recipe, saved.snapshot);
    let inputNumber = (saved.inputs[0]?.number ?? 1) - 1;
    let lastResult: InputResult | undefined;
    for (const { number, atMs, input } of saved.inputs) {
      await cluster.advance(Math.max(atMs, cluster.nowMs), Number.POSITIVE_INFINITY);
      lastResult = await cluster.execute(input);
      inputNumber = number;
      onProgress();
    }
    await cluster.advance(Math.max(saved.clockMs, cluster.nowMs), Number.POSITIVE_INFINITY);
    cluster.takeDelta();
    cluster.takeFileChanges();
    const hosted = new HostedCluster(cluster, inputNumber, wallClock);
    return { hosted, terminal: cluster.takeTerminalOutput(), lastResult };
  }

  setWatched(isWatched: boolean): void {
    this.#pace.watch(this.#wallClock(), this.#cluster.nowMs, isWatched);
    this.#isClockDue = true;
  }

  /** Stops the clock at a moment with nothing left to do, and gives that moment. */
  async prepare(): Promise<number> {
    this.#isFrozen = true;
    await this.#cluster.advance(Math.max(this.#cluster.nowMs, this.#catchUpTarget()), eventsPerSlice);
    // A cluster with more to do than one slice stops where it got to, and finishes that instant.
    await this.#cluster.advance(this.#cluster.nowMs, Number.POSITIVE_INFINITY);
    return this.#cluster.nowMs;
  }

  async execute({ number, input }: LoggedInput): Promise<InputResult> {
    try {
      const result = await this.#cluster.execute(input);
      this.#inputNumber = number;
      return result;
    } finally {
      this.abandon();
    }
  }

  /** Lets the clock go on without an input. */
  abandon(): void {
    this.#isFrozen = false;
    this.#pace.rebase(this.#wallClock(), this.#cluster.nowMs);
  }

  async ask(question: ClusterQuestion): Promise<ClusterAnswer> {
    const answer = await this.#cluster.ask(question);
    return answer.kind === 'state' ? { kind: 'state', state: { ...answer.state, clock: this.#clockView() } } : answer;
  }

  async setClock(command: ClockCommand): Promise<void> {
    switch (command.type) {
      case 'set':
        this.#pace.set(this.#wallClock(), this.#cluster.nowMs, command);
        break;
      case 'step':
        // All of the next instant: a log of inputs could not be repeated from the middle of one.
        await this.#cluster.advance(this.#cluster.nextDueMs ?? this.#cluster.nowMs, Number.POSITIVE_INFINITY);
        break;
      case 'skip':
        await this.#cluster.skip(skipLimitMs);
        break;
    }
    this.#pace.rebase(this.#wallClock(), this.#cluster.nowMs);
    this.#isClockDue = true;
  }

  snapshot(): ClusterSnapshot {
    return { bytes: this.#cluster.snapshot(), clockMs: this.#cluster.nowMs, inputNumber: this.#inputNumber };
  }

  /** Runs what wall time asks for, or one slice of it. */
  async turn(): Promise<void> {
    if (this.#isFrozen || !this.#pace.isRunning) return;
    const target = this.#catchUpTarget();
    if (target < this.#cluster.nowMs) return;
    await this.#cluster.advance(target, eventsPerSlice);
    if (this.#cluster.nowMs < target) this.#pace.rebase(this.#wallClock(), this.#cluster.nowMs);
  }

  /** Wall milliseconds until `turn` or `takeUpdate` has something to do. */
  get idleForMs(): number {
    const wallMs = this.#wallClock();
    const untilUpdate = this.#isClockDue ? Math.max(0, this.#updatedAtMs + updateEveryMs - wallMs) : Number.POSITIVE_INFINITY;
    if (this.#isFrozen || !this.#pace.isRunning) return untilUpdate;
    const untilClock = Math.max(0, this.#clockSentAtMs + clockEveryMs - wallMs);
    const nextDueMs = this.#cluster.nextDueMs ?? Number.POSITIVE_INFINITY;
    // Not more often than updates are sent: what happens in between is seen together anyway.
    const untilDue = Math.max((nextDueMs - this.#pace.target(wallMs)) / this.#pace.speed, this.#updatedAtMs + updateEveryMs - wallMs, 0);
    return Math.min(untilUpdate, untilClock, untilDue);
  }

  /** What is to be told, if anything; `isUrgent` does not wait for the next beat. */
  takeUpdate(isUrgent: boolean): ClusterUpdate | undefined {
    const wallMs = this.#wallClock();
    if (!isUrgent && wallMs - this.#updatedAtMs < updateEveryMs) return undefined;
    const delta = this.#cluster.takeDelta();
    const terminal = this.#cluster.takeTerminalOutput();
    const files = this.#cluster.takeFileChanges();
    const isClockDue = this.#isClockDue || delta !== undefined || (this.#pace.isRunning && wallMs - this.#clockSentAtMs >= clockEveryMs);
    if (!isClockDue && terminal.length === 0 && files.length === 0) return undefined;
    this.#updatedAtMs = wallMs;
    this.#isClockDue = false;
    if (isClockDue) this.#clockSentAtMs = wallMs;
    return {
      clockMs: this.#cluster.nowMs,
      ...(isClockDue && { delta: { ...delta, clock: this.#clockView() } }),
      ...(terminal.length > 0 && { terminal }),
      ...(files.length > 0 && { files }),
    };
  }

  #catchUpTarget(): number {
    return this.#pace.target(this.#wallClock());
  }

  #clockView(): ClockView {
    const { nowMs, timeline } = this.#cluster;
    return { nowMs, now: this.#cluster.formatTime(nowMs), paused: this.#pace.isPaused, speed: this.#pace.speed, timeline };
  }
}
