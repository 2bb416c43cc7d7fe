import type { ClusterInput, ClusterSnapshot, LoggedInput, SavedCluster } from './cluster-messages.ts';

/** What a host keeps of a session, wherever it keeps it. */
export interface SessionRecord {
  readonly saved: SavedCluster;
  /** The number of the last input in the log. */
  readonly inputCount: number;
  readonly scrollback: Readonly<Record<string, string>>;
}

/** A cluster's memory outside memory. Each call resolves when the thing is safe. */
export interface SessionStore {
  load(sessionId: string): Promise<SessionRecord>;
  append(sessionId: string, input: LoggedInput): Promise<void>;
  /** Takes back the last input: it broke the cluster. */
  takeBack(sessionId: string, number: number): Promise<void>;
  saveSnapshot(sessionId: string, snapshot: ClusterSnapshot, scrollback: Readonly<Record<string, string>>): Promise<void>;
  /** How far the clock has come since the last snapshot. */
  saveClock(sessionId: string, clockMs: number): Promise<void>;
}

export function encodeInput({ atMs, input }: Pick<LoggedInput, 'atMs' | 'input'>): string {
  return JSON.stringify({ atMs, input });
}

/** Trusts its own database: the text was written by `encodeInput`. */
export function decodeInput(number: number, text: string): LoggedInput {
  return { number, ...(JSON.parse(text) as { readonly atMs: number; readonly input: ClusterInput }) };
}
