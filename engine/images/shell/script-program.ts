import type { ExecResult, ImageProgram, ProgramContext, Signal, Userland } from '../image-program.ts';
import { runScript, runToEnd, type ScriptState, type ScriptWorld, scriptState } from './script-machine.ts';
import type { ScriptRunner } from './script-runner.ts';
import { ShellSyntaxError } from './tokens.ts';

/** A shell process: its script, and the program that it runs in the foreground. */
interface ShellState {
  script: ScriptState | undefined;
  child: { readonly argv: readonly string[]; readonly state: object; readonly replaces: boolean } | undefined;
}

const resumeKey = 'sh/resume';

/** Runs the common part of POSIX sh. Not simulated: background jobs, functions, case, traps, here-documents. */
export const nativeScripts: ScriptRunner = {
  program: (userland) => new ShellProgram(userland),
  exec(userland, p, argv, stdin) {
    const start = scriptOf(p, argv, stdin);
    if (typeof start === 'string') return { stdout: '', stderr: start, exitCode: 2 };
    let stdout = '';
    let stderr = '';
    const world = worldOf(userland, p, (text, stream) => {
      if (stream === 'stdout') stdout += text;
      else stderr += text;
    });
    const run = guarded(() => runToEnd(start, world));
    if (typeof run === 'string') return { stdout, stderr: `${stderr}sh: ${run}\n`, exitCode: 2 };
    const result: ExecResult = { stdout, stderr, exitCode: run.code };
    return run.tookMs > 0 ? { ...result, tookMs: run.tookMs } : result;
  },
};

class ShellProgram implements ImageProgram<ShellState> {
  readonly #userland: Userland;

  constructor(userland: Userland) {
    this.#userland = userland;
  }

  initialState(): ShellState {
    return { script: undefined, child: undefined };
  }

  start(p: ProgramContext<ShellState>): void {
    const script = scriptOf(p, p.argv, '');
    if (typeof script === 'string') {
      p.log(script.replace(/\n$/, ''), 'stderr');
      p.exit(2);
      return;
    }
    p.state.script = script;
    this.#resume(p);
  }

  onTimer(p: ProgramContext<ShellState>, key: string): void {
    if (key === resumeKey) this.#resume(p);
    else this.#withChild(p, (program, child) => program.onTimer?.(child, key));
  }

  /** A foreground program that took the shell's place gets the signals; a plain shell as PID 1 ignores them. */
  onSignal(p: ProgramContext<ShellState>, signal: Signal): void {
    if (p.state.child?.replaces) this.#withChild(p, (program, child) => program.onSignal?.(child, signal));
  }

  http(
    p: ProgramContext<ShellState>,
    request: Parameters<NonNullable<ImageProgram['http']>>[1],
  ): ReturnType<NonNullable<ImageProgram['http']>> {
    return this.#withChild(p, (program, child) => program.http?.(child, request)) ?? { status: 502, headers: {}, body: '' };
  }

  tcp(p: ProgramContext<ShellState>, request: Parameters<NonNullable<ImageProgram['tcp']>>[1]): string {
    return this.#withChild(p, (program, child) => program.tcp?.(child, request)) ?? '';
  }

  #resume(p: ProgramContext<ShellState>): void {
    const { script } = p.state;
    if (!script) return;
    const pause = guarded(() =>
      runScript(
        script,
        worldOf(this.#userland, p, (text, stream) => p.log(text.endsWith('\n') ? text.slice(0, -1) : text, stream)),
      ),
    );
    if (typeof pause === 'string') {
      p.log(`sh: ${pause}`, 'stderr');
      p.exit(2);
    } else if (pause.kind === 'ended') p.exit(pause.code);
    else if (pause.kind === 'waiting') {
      if (Number.isFinite(pause.ms)) p.setTimer(resumeKey, pause.ms);
    } else this.#startChild(p, pause.argv, pause.replaces);
  }

  #startChild(p: ProgramContext<ShellState>, argv: readonly string[], replaces: boolean): void {
    const program = this.#userland.find(argv[0] ?? '');
    if (!program) return;
    p.state.child = { argv, state: program.initialState(), replaces };
    this.#withChild(p, (found, child) => found.start(child));
  }

  #withChild<T>(p: ProgramContext<ShellState>, act: (program: ImageProgram, child: ProgramContext) => T): T | undefined {
    const { child } = p.state;
    const program = child && this.#userland.find(child.argv[0] ?? '');
    if (!child || !program) return undefined;
    return act(
      program,
      p.fork(child.argv, child.state, (code) => this.#childExited(p, code)),
    );
  }

  #childExited(p: ProgramContext<ShellState>, code: number): void {
    const { child, script } = p.state;
    p.state.child = undefined;
    if (!script || child?.replaces) {
      p.exit(code);
      return;
    }
    script.status = code;
    p.setTimer(resumeKey, 0);
  }
}

/** The script of a command line, or what is wrong with it. A shell without a script and without a terminal ends at once. */
function scriptOf(p: ProgramContext, argv: readonly string[], stdin: string): ScriptState | string {
  const options = argv.slice(1).filter((text) => /^-[a-z]+$/.test(text));
  const operands = argv.slice(1).filter((text) => !/^-[a-z]+$/.test(text));
  const strict = options.some((text) => text.includes('e'));
  const state = (script: string, parameters: readonly string[]): ScriptState => ({ ...scriptState(script, parameters, p.workdir), strict });
  if (options.some((text) => text.includes('c')))
    return operands[0] === undefined
      ? 'sh: -c requires an argument\n'
      : state(operands[0], operands.slice(1).length > 0 ? operands.slice(1) : ['sh']);
  const [path] = operands;
  if (path === undefined) return state(stdin, ['sh']);
  const content = p.files.read(path.startsWith('/') ? path : `${p.workdir === '/' ? '' : p.workdir}/${path}`);
  return content === undefined ? `sh: can't open '${path}': No such file or directory\n` : state(content, operands);
}

function worldOf(userland: Userland, p: ProgramContext, write: ScriptWorld['write']): ScriptWorld {
  return {
    p,
    write,
    run: (argv, stdin, env, workdir) => userland.run(p, argv, { stdin, env, workdir }),
    isProgram: (executable) => userland.isProgram(executable),
  };
}

/** Syntax errors are the script's, not ours. */
function guarded<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof ShellSyntaxError) return error.message;
    throw error;
  }
}
