import type { Millis } from '../../sim/simulation.ts';
import type { ExecResult, ProgramContext } from '../image-program.ts';
import { compile, type SimpleCommand, type Step } from './compiler.ts';
import { expandWhole, expandWords, type WordSource } from './words.ts';

/** A script on its way. Plain data: text, place, variables. */
export interface ScriptState {
  readonly script: string;
  /** `$0`, `$1`, … */
  readonly parameters: readonly string[];
  at: number;
  status: number;
  readonly variables: Record<string, string>;
  /** What is left of each `for`. */
  readonly loops: Record<number, string[]>;
  workdir: string;
  /** Stops at the first failing command (`set -e`). */
  strict: boolean;
}

export function scriptState(script: string, parameters: readonly string[], workdir: string): ScriptState {
  return { script, parameters, at: 0, status: 0, variables: {}, loops: {}, workdir, strict: false };
}

/** Why the machine has stopped. */
export type ScriptPause =
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'waiting'; readonly ms: Millis }
  /** A program of the image is next: it runs in the foreground until it exits. */
  | { readonly kind: 'program'; readonly argv: readonly string[]; readonly replaces: boolean };

export interface ScriptWorld {
  readonly p: ProgramContext;
  run(argv: readonly string[], stdin: string, env: Readonly<Record<string, string>>, workdir: string): ExecResult | undefined;
  isProgram(executable: string): boolean;
  write(text: string, stream: 'stdout' | 'stderr'): void;
}

/** Steps in a row without waiting: a loop that never sleeps would hold up the whole cluster. */
const maxSteps = 5000;
const breathMs: Millis = 100;

/** Goes on until the script ends or has to wait. */
export function runScript(state: ScriptState, world: ScriptWorld): ScriptPause {
  const steps = compile(state.script);
  for (let count = 0; count < maxSteps; count++) {
    const step = steps[state.at];
    if (!step) return { kind: 'ended', code: state.status };
    state.at++;
    const pause = take(step, state, world);
    if (pause) return pause;
  }
  return { kind: 'waiting', ms: breathMs };
}

function take(step: Step, state: ScriptState, world: ScriptWorld): ScriptPause | undefined {
  switch (step.kind) {
    case 'run': {
      const pause = runPipeline(step.pipeline, state, world);
      if (step.negates) state.status = state.status === 0 ? 1 : 0;
      if (state.strict && state.status !== 0 && !pause && !isGuarded(state)) return { kind: 'ended', code: state.status };
      return pause;
    }
    case 'jump':
      state.at = step.to;
      return undefined;
    case 'branch':
      if ((state.status === 0) === (step.on === 'success')) state.at = step.to;
      return undefined;
    case 'for':
      state.loops[step.loop] = expandWords(step.words, wordSource(state, world));
      return undefined;
    case 'next': {
      const value = state.loops[step.loop]?.shift();
      if (value === undefined) state.at = step.to;
      else state.variables[step.variable] = value;
      return undefined;
    }
    case 'status':
      state.status = step.code;
      return undefined;
  }
}

/** A failure that a branch looks at does not end a strict script. */
function isGuarded(state: ScriptState): boolean {
  return compile(state.script)[state.at]?.kind === 'branch';
}

function wordSource(state: ScriptState, world: ScriptWorld): WordSource {
  return {
    variable: (name) => variableOf(state, world, name),
    command(script) {
      const inner = { ...scriptState(script, state.parameters, state.workdir), variables: { ...state.variables } };
      let out = '';
      runToEnd(inner, {
        ...world,
        write(text, stream) {
          if (stream === 'stdout') out += text;
          else world.write(text, stream);
        },
      });
      state.status = inner.status;
      return out;
    },
  };
}

/** Runs without waiting; returns how long it would have taken. */
export function runToEnd(state: ScriptState, world: ScriptWorld): { readonly code: number; readonly tookMs: Millis } {
  let tookMs = 0;
  for (let rounds = 0; rounds < 1000; rounds++) {
    const pause = runScript(state, world);
    if (pause.kind === 'ended') return { code: pause.code, tookMs };
    if (pause.kind === 'program') return { code: 126, tookMs };
    tookMs += pause.ms;
    if (!Number.isFinite(tookMs)) break;
  }
  return { code: 124, tookMs: Number.POSITIVE_INFINITY };
}

function variableOf(state: ScriptState, { p }: ScriptWorld, name: string): string | undefined {
  switch (name) {
    case '?':
      return String(state.status);
    case '$':
      return '1';
    case '#':
      return String(state.parameters.length - 1);
    case '@':
    case '*':
      return state.parameters.slice(1).join(' ');
    case 'PWD':
      return state.workdir;
    default:
      return /^\d$/.test(name) ? state.parameters[Number(name)] : (state.variables[name] ?? p.env[name]);
  }
}

function runPipeline(pipeline: readonly SimpleCommand[], state: ScriptState, world: ScriptWorld): ScriptPause | undefined {
  let stdin = '';
  let waitMs = 0;
  for (const [index, command] of pipeline.entries()) {
    const isLast = index === pipeline.length - 1;
    const source = wordSource(state, world);
    const words = expandWords(command.words, source);
    const env = { ...world.p.env, ...state.variables };
    for (const { name, value } of command.assignments) {
      const text = expandWhole(value, source);
      if (words.length === 0) state.variables[name] = text;
      else env[name] = text;
    }
    if (words.length === 0) state.status = 0;
    const special = words.length === 0 ? undefined : builtin(words, state);
    if (special === 'exit') return { kind: 'ended', code: state.status };
    if (special === 'exec') words.shift();
    if (words.length > 0 && special !== 'done') {
      if (world.isProgram(words[0] as string)) return { kind: 'program', argv: words, replaces: special === 'exec' };
      const input = inputOf(command, source, state, world) ?? stdin;
      const result = world.run(words, input, env, state.workdir) ?? { stdout: '', stderr: `sh: ${words[0]}: not found\n`, exitCode: 127 };
      state.status = result.exitCode;
      waitMs += result.tookMs ?? 0;
      stdin = emit(command, result, isLast, { state, world, source });
      if (special === 'exec') return waitMs > 0 ? { kind: 'waiting', ms: waitMs } : { kind: 'ended', code: state.status };
    } else if (command.redirects.length > 0) emit(command, { stdout: '', stderr: '', exitCode: 0 }, true, { state, world, source });
  }
  return waitMs > 0 ? { kind: 'waiting', ms: waitMs } : undefined;
}

function inputOf(command: SimpleCommand, source: WordSource, state: ScriptState, { p }: ScriptWorld): string | undefined {
  const from = command.redirects.find((redirect) => redirect.from === 'stdin');
  return from && (p.files.read(absolute(expandWhole(from.target, source), state.workdir)) ?? '');
}

interface EmitPlace {
  readonly state: ScriptState;
  readonly world: ScriptWorld;
  readonly source: WordSource;
}

/** Sends output where it goes; returns what the next command of the pipe reads. */
function emit(command: SimpleCommand, result: ExecResult, isLast: boolean, { state, world, source }: EmitPlace): string {
  let stdout = result.stdout;
  let stderr = result.stderr;
  if (command.mergesErrors && command.redirects.every(({ from }) => from === 'stdin')) {
    stdout += stderr;
    stderr = '';
  }
  if (command.saysErrors) {
    stderr = stdout + stderr;
    stdout = '';
  }
  for (const { from, appends, target } of command.redirects) {
    if (from === 'stdin') continue;
    const takesErrors = from !== 'stdout' || command.mergesErrors;
    const text = (from === 'stderr' ? '' : stdout) + (takesErrors ? stderr : '');
    if (from !== 'stderr') stdout = '';
    if (takesErrors) stderr = '';
    const path = absolute(expandWhole(target, source), state.workdir);
    if (path === '/dev/null') continue;
    if (path === '/dev/stderr' || path === '/proc/1/fd/2') stderr += text;
    else if (path === '/dev/stdout' || path === '/proc/1/fd/1') stdout += text;
    else {
      const problem = appends ? world.p.files.append(path, text) : world.p.files.write(path, text);
      if (problem) {
        world.write(`sh: can't create ${path}: ${problem}\n`, 'stderr');
        state.status = 1;
      }
    }
  }
  if (stderr !== '') world.write(stderr, 'stderr');
  if (isLast && stdout !== '') world.write(stdout, 'stdout');
  return isLast ? '' : stdout;
}

/** Commands that are the shell itself. */
function builtin(words: readonly string[], state: ScriptState): 'done' | 'exit' | 'exec' | undefined {
  const [name, argument] = words;
  switch (name) {
    case 'exit':
      state.status = argument === undefined ? state.status : Number(argument) & 255;
      return 'exit';
    case 'exec':
      return 'exec';
    case 'cd':
      state.workdir = absolute(argument ?? '/', state.workdir);
      break;
    case 'set':
      if (argument?.includes('e')) state.strict = argument.startsWith('-');
      break;
    case 'export':
    case 'readonly':
      for (const text of words.slice(1)) {
        const equals = text.indexOf('=');
        if (equals > 0) state.variables[text.slice(0, equals)] = text.slice(equals + 1);
      }
      break;
    case 'unset':
      for (const text of words.slice(1)) delete state.variables[text];
      break;
    case 'trap':
    case 'wait':
      break;
    default:
      return undefined;
  }
  state.status = 0;
  return 'done';
}

function absolute(path: string, workdir: string): string {
  return path.startsWith('/') ? path : `${workdir === '/' ? '' : workdir}/${path}`;
}
