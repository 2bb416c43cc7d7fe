import type { Millis } from '../../sim/simulation.ts';
import type { ExecResult, ImageProgram, ProgramContext } from '../image-program.ts';

/** What one command of the userland sees. Its whole run is one call; `tookMs` says how long it would have taken. */
export interface CommandInput {
  readonly p: ProgramContext;
  readonly argv: readonly string[];
  readonly stdin: string;
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
}

export type Command = (input: CommandInput) => ExecResult;

export function ok(stdout = '', tookMs: Millis = 0): ExecResult {
  return tookMs === 0 ? { stdout, stderr: '', exitCode: 0 } : { stdout, stderr: '', exitCode: 0, tookMs };
}

export function failed(stderr: string, exitCode = 1, stdout = ''): ExecResult {
  return { stdout, stderr: stderr === '' || stderr.endsWith('\n') ? stderr : `${stderr}\n`, exitCode };
}

/** A path as the shell's folder has it. */
export function pathIn(workdir: string, path: string): string {
  return path.startsWith('/') ? path : `${workdir === '/' ? '' : workdir}/${path}`;
}

interface CommandState {
  exitCode: number;
}

/** A command as a container's main process: it writes its output and ends when its time is over. Endless ones stay until they are killed. */
export function commandProgram(command: Command): ImageProgram<CommandState> {
  return {
    initialState: () => ({ exitCode: 0 }),
    start(p) {
      const { stdout, stderr, exitCode, tookMs = 0 } = command({ p, argv: p.argv, stdin: '', env: p.env, workdir: p.workdir });
      logText(p, stdout, 'stdout');
      logText(p, stderr, 'stderr');
      p.state.exitCode = exitCode;
      if (tookMs === 0) p.exit(exitCode);
      else if (Number.isFinite(tookMs)) p.setTimer('end', tookMs);
    },
    onTimer(p) {
      p.exit(p.state.exitCode);
    },
  };
}

export function logText(p: ProgramContext, text: string, stream: 'stdout' | 'stderr'): void {
  if (text !== '') p.log(text.endsWith('\n') ? text.slice(0, -1) : text, stream);
}
