import type { ClockCommand, ClusterAnswer, ClusterInput, ClusterQuestion, ClusterUpdate, InputResult } from './cluster-messages.ts';

/** Where clusters live. One process has one; a bigger installation may put it on other machines. */
export interface ClusterHost {
  /** Wakes the session's cluster, or joins those who have it open already. */
  open(sessionId: string): Promise<ClusterHandle>;
  /** Puts a cluster to sleep at once, whoever has it open; their handles are void. */
  evict(sessionId: string): Promise<void>;
  /** Saves every cluster and stops. */
  close(): Promise<void>;
}

/** An open cluster. Whoever opened it closes it. */
export interface ClusterHandle {
  readonly sessionId: string;
  /** Written to the input log before it takes effect; when this resolves nothing can lose it. */
  execute(input: ClusterInput): Promise<InputResult>;
  ask(question: ClusterQuestion): Promise<ClusterAnswer>;
  setClock(command: ClockCommand): Promise<void>;
  subscribe(listener: ClusterListener): () => void;
  /** All output that the terminals ever kept, by terminal. */
  readonly scrollback: ReadonlyMap<string, string>;
  close(): void;
}

export interface ClusterListener {
  onUpdate(update: ClusterUpdate): void;
  /** The cluster was put back from its record after a failure: what was known about it is void. */
  onRestored(userMessage: string): void;
  /** The cluster cannot go on. */
  onLost(userMessage: string): void;
}
