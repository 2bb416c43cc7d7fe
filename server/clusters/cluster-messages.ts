import type { ApplyReply, ClusterState, GradeView, Lever, ObjectRef, ServerMessage, TraceView, WhyLink } from '../gateway/protocol.ts';

/** What a cluster is made from; with its input log it is the whole truth about a lab session. */
export interface ClusterRecipe {
  readonly dayId: string;
  readonly labId: string;
  /** Fixes the version of the lab that the session was started with. */
  readonly labHash: string;
  /** The lab as its author wrote it, parsed and checked by labs/sdk. */
  readonly spec: unknown;
  readonly seed: number;
  readonly engineVersion: string;
}

/** Everything a person does that changes the cluster. Equal inputs at equal virtual times give equal clusters. */
export type ClusterInput =
  | { readonly type: 'apply'; readonly path: string; readonly text: string }
  | { readonly type: 'pullLever'; readonly action: Lever }
  | { readonly type: 'writeFile'; readonly path: string; readonly text: string }
  | { readonly type: 'removeFile'; readonly path: string }
  | { readonly type: 'openTerminal'; readonly terminal: string; readonly cols: number; readonly rows: number }
  | { readonly type: 'terminalInput'; readonly terminal: string; readonly data: string }
  | { readonly type: 'terminalResize'; readonly terminal: string; readonly cols: number; readonly rows: number }
  | { readonly type: 'closeTerminal'; readonly terminal: string }
  | { readonly type: 'rewind'; readonly toMs: number };

/** After these the log alone no longer leads to the cluster: a snapshot is saved before they are acknowledged. */
export function needsSnapshot(input: ClusterInput): boolean {
  return input.type === 'rewind';
}

export interface LoggedInput {
  /** Counts from 1 within a session. */
  readonly number: number;
  /** Virtual time at which it took effect. */
  readonly atMs: number;
  readonly input: ClusterInput;
}

export type InputResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'apply'; readonly apply: ApplyReply }
  | { readonly kind: 'lever'; readonly text: string }
  /** Nothing happened; the text is for the person. */
  | { readonly kind: 'refused'; readonly code: 'invalid' | 'notFound' | 'tooLarge' | 'overBudget'; readonly userMessage: string };

export type ClusterQuestion =
  | { readonly type: 'state' }
  | { readonly type: 'getObject'; readonly object: ObjectRef }
  | { readonly type: 'why'; readonly object: ObjectRef }
  | { readonly type: 'grade'; readonly attempt: number };

export type ClusterAnswer =
  | { readonly kind: 'state'; readonly state: ClusterState }
  | { readonly kind: 'object'; readonly yaml: string }
  | { readonly kind: 'why'; readonly links: readonly WhyLink[]; readonly trace: readonly TraceView[] }
  | { readonly kind: 'grade'; readonly grade: GradeView }
  | { readonly kind: 'refused'; readonly code: 'invalid' | 'notFound'; readonly userMessage: string };

export type ClockSpeed = 1 | 5 | 20 | 60;

export type ClockCommand =
  | { readonly type: 'set'; readonly paused?: boolean | undefined; readonly speed?: ClockSpeed | undefined }
  | { readonly type: 'step' }
  | { readonly type: 'skip' };

/** The frame of the wire without its number: the session counts, not the cluster. */
export type ClusterDelta = Omit<Extract<ServerMessage, { readonly type: 'delta' }>, 'seq' | 'type'>;

export interface TerminalOutput {
  readonly terminal: string;
  readonly data: string;
}

export interface FileChange {
  readonly path: string;
  /** Absent when the file was removed. */
  readonly text?: string;
}

/** What happened in a cluster since the last update. */
export interface ClusterUpdate {
  readonly delta?: ClusterDelta;
  readonly terminal?: readonly TerminalOutput[];
  readonly files?: readonly FileChange[];
  /** Virtual time, for the record. */
  readonly clockMs: number;
}

export interface SavedCluster {
  readonly recipe: ClusterRecipe;
  readonly snapshot?: Uint8Array | undefined;
  /** The inputs after the snapshot, in order. */
  readonly inputs: readonly LoggedInput[];
  /** How far the clock had come. */
  readonly clockMs: number;
}

export interface ClusterSnapshot {
  readonly bytes: Uint8Array;
  readonly clockMs: number;
  /** The number of the last input that it contains. */
  readonly inputNumber: number;
}
