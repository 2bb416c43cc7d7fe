import type { ClusterSnapshot, LoggedInput } from '../clusters/cluster-messages.ts';
import type { SessionRecord, SessionStore } from '../clusters/session-record.ts';

interface Row {
  snapshot?: ClusterSnapshot;
  inputs: LoggedInput[];
  clockMs: number;
  scrollback: Readonly<Record<string, string>>;
}

/** A store that a test can look into, and that can refuse to write. */
export class MemorySessionStore implements SessionStore {
  readonly rows = new Map<string, Row>();
  refusal: Error | undefined;

  async load(sessionId: string): Promise<SessionRecord> {
    const { snapshot, inputs, clockMs, scrollback } = this.#row(sessionId);
    const tail = inputs.filter(({ number }) => number > (snapshot?.inputNumber ?? 0));
    const recipe = { dayId: 'day-05', labId: 'trace', labHash: 'x', spec: {}, seed: 1, engineVersion: '1' };
    return {
      saved: { recipe, snapshot: snapshot?.bytes, inputs: tail, clockMs },
      inputCount: tail.at(-1)?.number ?? snapshot?.inputNumber ?? 0,
      scrollback,
    };
  }

  async append(sessionId: string, input: LoggedInput): Promise<void> {
    if (this.refusal) throw this.refusal;
    this.#row(sessionId).inputs.push(input);
  }

  async takeBack(sessionId: string, number: number): Promise<void> {
    const row = this.#row(sessionId);
    row.inputs = row.inputs.filter((input) => input.number !== number);
  }

  async saveSnapshot(sessionId: string, snapshot: ClusterSnapshot, scrollback: Readonly<Record<string, string>>): Promise<void> {
    Object.assign(this.#row(sessionId), { snapshot, clockMs: snapshot.clockMs, scrollback });
  }

  async saveClock(sessionId: string, clockMs: number): Promise<void> {
    this.#row(sessionId).clockMs = clockMs;
  }

  #row(sessionId: string): Row {
    const row = this.rows.get(sessionId) ?? { inputs: [], clockMs: 0, scrollback: {} };
    this.rows.set(sessionId, row);
    return row;
  }
}
