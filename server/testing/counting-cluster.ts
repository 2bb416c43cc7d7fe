import type {
  ClusterAnswer,
  ClusterDelta,
  ClusterInput,
  ClusterQuestion,
  ClusterRecipe,
  InputResult,
  TerminalOutput,
} from '../clusters/cluster-messages.ts';
import type { LabCluster } from '../clusters/lab-cluster.ts';
import type { ObjectView } from '../gateway/protocol.ts';

interface CountingState {
  nowMs: number;
  /** Each object and how often it was counted. */
  counts: Record<string, number>;
  /** Counts `ticker` so often, in virtual time. */
  everyMs: number;
  dueMs: number | undefined;
  hangsAtMs: number | undefined;
  timeline: { atMs: number; label: string; counts: string }[];
}

function hang(): never {
  for (;;) {
    // Forever, as an unbounded program does.
  }
}

function eat(): never {
  const kept: number[][] = [];
  for (;;) kept.push(new Array(100_000).fill(kept.length));
}

/**
 * The smallest thing that behaves like a lab's cluster: it counts. Its one language, sent as `apply`:
 * `add NAME`, `tick MS`, `hang`, `hang-at MS`, `eat`, `throw`.
 */
export class CountingCluster implements LabCluster {
  readonly #state: CountingState;
  readonly #changed = new Set<string>();
  #output: TerminalOutput[] = [];

  constructor(_recipe: ClusterRecipe, snapshot?: Uint8Array) {
    this.#state = snapshot
      ? (JSON.parse(Buffer.from(snapshot).toString()) as CountingState)
      : { nowMs: 0, counts: {}, everyMs: 0, dueMs: undefined, hangsAtMs: undefined, timeline: [] };
  }

  get nowMs(): number {
    return this.#state.nowMs;
  }

  get nextDueMs(): number | undefined {
    const { dueMs, hangsAtMs } = this.#state;
    return dueMs !== undefined && hangsAtMs !== undefined ? Math.min(dueMs, hangsAtMs) : (dueMs ?? hangsAtMs);
  }

  get timeline() {
    return this.#state.timeline.map(({ atMs, label }) => ({ atMs, label }));
  }

  async advance(toMs: number, maxEvents: number): Promise<number> {
    let ran = 0;
    while (ran < maxEvents && this.nextDueMs !== undefined && this.nextDueMs <= toMs) {
      if (this.nextDueMs === this.#state.hangsAtMs) hang();
      this.#state.nowMs = this.nextDueMs;
      this.#state.dueMs = this.#state.nowMs + this.#state.everyMs;
      this.#count('ticker');
      ran += 1;
    }
    if (this.nextDueMs === undefined || this.nextDueMs > toMs) this.#state.nowMs = toMs;
    return ran;
  }

  async skip(): Promise<void> {
    await this.advance(this.nextDueMs ?? this.nowMs, 1);
  }

  async execute(input: ClusterInput): Promise<InputResult> {
    switch (input.type) {
      case 'apply':
        return this.#apply(input.text);
      case 'terminalInput':
        this.#output.push({ terminal: input.terminal, data: `echo ${input.data}\n` });
        return { kind: 'done' };
      case 'rewind': {
        const point = this.#state.timeline.find(({ atMs }) => atMs === input.toMs);
        if (!point) return { kind: 'refused', code: 'notFound', userMessage: 'There is no such point in time.' };
        this.#state.counts = JSON.parse(point.counts) as Record<string, number>;
        return { kind: 'done' };
      }
      default:
        return { kind: 'done' };
    }
  }

  async ask(question: ClusterQuestion): Promise<ClusterAnswer> {
    if (question.type === 'grade') {
      const score = this.#state.counts['web'] ?? 0;
      return { kind: 'grade', grade: { attempt: question.attempt, gradable: true, score, max: 1, checks: [], milliseconds: 0 } };
    }
    if (question.type !== 'state') return { kind: 'refused', code: 'notFound', userMessage: 'There is no such object.' };
    const objects = Object.keys(this.#state.counts).map((name) => this.#view(name));
    const clock = { nowMs: this.nowMs, now: '', paused: false, speed: 1, timeline: [] } as const;
    return { kind: 'state', state: { objects, components: [], events: [], trace: [], clock, ticks: [] } };
  }

  takeDelta(): ClusterDelta | undefined {
    if (this.#changed.size === 0) return undefined;
    const changed = [...this.#changed].map((name) => this.#view(name));
    this.#changed.clear();
    return { changed };
  }

  takeTerminalOutput(): readonly TerminalOutput[] {
    const output = this.#output;
    this.#output = [];
    return output;
  }

  takeFileChanges(): readonly [] {
    return [];
  }

  formatTime(atMs: number): string {
    return `t+${atMs}`;
  }

  snapshot(): Uint8Array {
    return Buffer.from(JSON.stringify(this.#state));
  }

  #apply(text: string): InputResult {
    const [verb, argument = ''] = text.split(' ');
    this.#state.timeline.push({ atMs: this.nowMs, label: text, counts: JSON.stringify(this.#state.counts) });
    if (verb === 'hang') hang();
    if (verb === 'eat') eat();
    if (verb === 'throw') throw new Error('a bug in the engine');
    if (verb === 'hang-at') this.#state.hangsAtMs = this.nowMs + Number(argument);
    if (verb === 'tick') {
      this.#state.everyMs = Number(argument);
      this.#state.dueMs = this.nowMs + this.#state.everyMs;
    }
    if (verb === 'add') this.#count(argument);
    return { kind: 'apply', apply: { lines: [`${text} done`], warnings: [], problems: [] } };
  }

  #count(name: string): void {
    this.#state.counts[name] = (this.#state.counts[name] ?? 0) + 1;
    this.#changed.add(name);
  }

  #view(name: string): ObjectView {
    const ref = { apiVersion: 'v1', kind: 'Counter', name };
    return {
      ref,
      uid: name,
      resourceVersion: String(this.#state.counts[name]),
      state: 'running',
      status: 'Counting',
      createdAtMs: 0,
      labels: {},
      columns: [],
    };
  }
}
