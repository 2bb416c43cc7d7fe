import type {
  ClockCommand,
  ClusterAnswer,
  ClusterQuestion,
  ClusterSnapshot,
  ClusterUpdate,
  InputResult,
  LoggedInput,
  SavedCluster,
  TerminalOutput,
} from './cluster-messages.ts';

export interface WakeAnswer {
  /** What the repeated inputs printed. */
  readonly terminal: readonly TerminalOutput[];
  /** How the last repeated input ended, for somebody who still waits for it. */
  readonly lastResult?: InputResult | undefined;
}

/** What the server's main thread asks of a worker, and what each question is answered with. */
export interface WorkerCalls {
  readonly wake: { readonly ask: { readonly saved: SavedCluster }; readonly answer: WakeAnswer };
  readonly watch: { readonly ask: { readonly isWatched: boolean }; readonly answer: undefined };
  readonly prepare: { readonly ask: undefined; readonly answer: { readonly atMs: number } };
  readonly execute: { readonly ask: LoggedInput; readonly answer: InputResult };
  readonly abandon: { readonly ask: undefined; readonly answer: undefined };
  readonly ask: { readonly ask: ClusterQuestion; readonly answer: ClusterAnswer };
  readonly clock: { readonly ask: ClockCommand; readonly answer: undefined };
  readonly snapshot: { readonly ask: undefined; readonly answer: ClusterSnapshot };
  /** Forgets the cluster. */
  readonly drop: { readonly ask: undefined; readonly answer: undefined };
}

export type WorkerCall = keyof WorkerCalls;

export interface CallMessage<Call extends WorkerCall = WorkerCall> {
  readonly id: number;
  readonly sessionId: string;
  /** The session's number in the shared record of who is running. */
  readonly slot: number;
  readonly call: Call;
  readonly ask: WorkerCalls[Call]['ask'];
}

export type WorkerMessage =
  | { readonly type: 'answer'; readonly id: number; readonly answer: WorkerCalls[WorkerCall]['answer'] }
  | { readonly type: 'failed'; readonly id: number; readonly message: string; readonly stack: string }
  | { readonly type: 'update'; readonly sessionId: string; readonly update: ClusterUpdate }
  /** A cluster broke while running by itself. */
  | { readonly type: 'broken'; readonly sessionId: string; readonly message: string };

/**
 * Shared between a worker and the main thread: [0] the slot of the session that is being worked on (0: none), [1] a
 * count of the pieces of work begun. The main thread sees a cluster that does not come to an end, although the worker,
 * being busy, cannot say so.
 */
export type RunningRecord = Int32Array;
export const runningRecordLength = 2;

export interface WorkerStart {
  readonly running: SharedArrayBuffer;
}
