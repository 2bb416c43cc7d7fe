import { ExpansionProblem } from './language/expand.ts';
import { SyntaxProblem } from './language/syntax.ts';
import type { ShellState } from './shell-state.ts';
import { ExitSignal, LoopSignal, ReturnSignal } from './signals.ts';
import { OutputLimit, type Streams } from './streams.ts';
import { TooManyTasks } from './task.ts';

/** The exit code of a shell that ended early, after it has said why. Errors of our own go on up. */
export function exitCodeOf(error: unknown, { stderr }: Streams, state: ShellState): number {
  if (error instanceof ExitSignal || error instanceof ReturnSignal) return error.code;
  if (error instanceof LoopSignal) return 0;
  if (error instanceof SyntaxProblem || error instanceof ExpansionProblem) {
    stderr.write(`${state.name}: ${error.message}\n`);
    state.lastStatus = error instanceof SyntaxProblem ? 2 : 1;
    return state.lastStatus;
  }
  if (error instanceof TooManyTasks) {
    stderr.write(`${state.name}: ${error.message}\n`);
    return 254;
  }
  if (error instanceof OutputLimit) {
    // What overflowed cannot take its own obituary.
    if (stderr.isTerminal) stderr.write(`${state.name}: stopped: ${error.message}\n`);
    return 141;
  }
  throw error;
}
