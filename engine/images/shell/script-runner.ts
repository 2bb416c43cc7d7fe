import type { ExecResult, ImageProgram, ProgramContext, Userland } from '../image-program.ts';

/**
 * Runs `sh` in containers. The interpreter behind it can be replaced; the kubelet and the runtime see only programs and results.
 * A script's memory is the program's plain state: it parks on a timer and goes on from there, after a restore as well.
 */
export interface ScriptRunner {
  /** `sh` as a process: `sh -c '…'`, `sh script.sh`, `sh` alone. */
  program(userland: Userland): ImageProgram;
  /** `sh` to its end in one go, for exec, probes and hooks; sleeping adds to `tookMs`. */
  exec(userland: Userland, p: ProgramContext, argv: readonly string[], stdin: string): ExecResult;
}
