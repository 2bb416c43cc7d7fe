import type { ObjectRef } from '../sim/object-ref.ts';
import type { CauseId, Simulation } from '../sim/simulation.ts';
import type { Finding, TraceEntry } from './trace.ts';

export interface TraceState {
  nextId: CauseId;
  /** The newest entries, oldest first; bounded by `maxEntries`. */
  entries: TraceEntry[];
  /** Findings by object, then by topic. */
  findings: Map<string, Map<string, Finding>>;
}

const maxEntries = 20_000;

/** Keeps who changed what because of what. */
export class TraceRecorder {
  readonly state: TraceState;
  readonly #sim: Simulation;
  #listeners: ((entry: TraceEntry) => void)[] = [];

  constructor(state: TraceState, sim: Simulation) {
    this.state = state;
    this.#sim = sim;
  }

  static initialState(): TraceState {
    return { nextId: 1, entries: [], findings: new Map() };
  }

  /** Called for each new entry; for views, not for components. */
  onEntry(listener: (entry: TraceEntry) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      this.#listeners = this.#listeners.filter((known) => known !== listener);
    };
  }

  /** The id that the next entry will have, so that a write can carry it before it is recorded. */
  get nextId(): CauseId {
    return this.state.nextId;
  }

  record(entry: Omit<TraceEntry, 'id' | 'atMs' | 'because'>): CauseId {
    const { entries } = this.state;
    const recorded: TraceEntry = Object.freeze({ id: this.state.nextId++, atMs: this.#sim.now, because: this.#sim.cause, ...entry });
    entries.push(recorded);
    // Trimmed in large strides: a shift per entry would move the whole list each time.
    if (entries.length > maxEntries * 1.25) entries.splice(0, entries.length - maxEntries);
    for (const listener of this.#listeners) listener(recorded);
    return recorded.id;
  }

  find(id: CauseId): TraceEntry | undefined {
    const { entries } = this.state;
    const first = entries[0]?.id ?? 0;
    return entries[id - first];
  }

  /** Entries about an object, oldest first. */
  about(ref: ObjectRef): readonly TraceEntry[] {
    const key = refKey(ref);
    return this.state.entries.filter((entry) => entry.about && refKey(entry.about) === key);
  }

  finding(actor: string, about: ObjectRef, topic: string, text: string | undefined, see: readonly ObjectRef[]): void {
    const key = refKey(about);
    let topics = this.state.findings.get(key);
    if (text === undefined) {
      if (topics?.delete(topic) && topics.size === 0) this.state.findings.delete(key);
      return;
    }
    const known = topics?.get(topic);
    if (
      known?.text === text &&
      known.see.length === see.length &&
      known.see.every((ref, index) => refKey(ref) === refKey(see[index] as ObjectRef))
    )
      return;
    if (!topics) {
      topics = new Map();
      this.state.findings.set(key, topics);
    }
    topics.set(topic, Object.freeze({ about, topic, actor, text, see, atMs: this.#sim.now, cause: this.#sim.cause }));
  }

  findingsAbout(ref: ObjectRef): readonly Finding[] {
    return [...(this.state.findings.get(refKey(ref))?.values() ?? [])];
  }

  /** An object is gone: what was found about it no longer matters. */
  forget(ref: ObjectRef): void {
    this.state.findings.delete(refKey(ref));
  }
}

export function refKey({ kind, namespace, name }: ObjectRef): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}
