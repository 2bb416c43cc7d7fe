import type {
  ClusterAnswer,
  ClusterDelta,
  ClusterInput,
  ClusterQuestion,
  ClusterRecipe,
  FileChange,
  InputResult,
  TerminalOutput,
} from './cluster-messages.ts';

/** One lab's cluster as the host drives it: the seam between threads, pacing and storage on one side and the engine on the other. */
export interface LabCluster {
  readonly nowMs: number;
  /** When something will happen next; undefined while the cluster is at rest. */
  readonly nextDueMs: number | undefined;
  /**
   * Runs what is due up to `toMs`, at most `maxEvents` events, and gives the number of events it ran. When it stops
   * early `nowMs` stays before `toMs`.
   */
  advance(toMs: number, maxEvents: number): Promise<number>;
  /** Runs until a person would notice a change, at most `limitMs` ahead. */
  skip(limitMs: number): Promise<void>;
  execute(input: ClusterInput): Promise<InputResult>;
  ask(question: ClusterQuestion): Promise<ClusterAnswer>;
  /** What changed since the last call, each object once in its newest state; undefined when nothing did. */
  takeDelta(): ClusterDelta | undefined;
  takeTerminalOutput(): readonly TerminalOutput[];
  takeFileChanges(): readonly FileChange[];
  /** The points that `rewind` accepts. */
  readonly timeline: readonly { readonly atMs: number; readonly label: string }[];
  /** RFC 3339 text of a virtual time. */
  formatTime(atMs: number): string;
  /** Bytes that `open` accepts. */
  snapshot(): Uint8Array;
}

export type OpenLabCluster = (recipe: ClusterRecipe, snapshot?: Uint8Array) => Promise<LabCluster>;
