import { resolvePath } from '../machine/machine-files.ts';
import { builtins } from './builtins.ts';
import type { CommandContext } from './command.ts';
import { evaluateArithmetic } from './language/arithmetic.ts';
import { ExpansionProblem, type ExpansionHost, expandPattern, expandText, expandWords, variablesOf } from './language/expand.ts';
import { parseScript } from './language/parser.ts';
import { patternToRegExp } from './language/pattern.ts';
import { type Assignment, type Command, type List, type Pipeline, type Redirect, SyntaxProblem } from './language/syntax.ts';
import { evaluateTest } from './language/test-expression.ts';
import type { ShellHost } from './shell-host.ts';
import { forkShellState, type ShellState } from './shell-state.ts';
import { type InputStream, nowhere, type OutputStream, OutputLimit, Pipe } from './streams.ts';
import { type Program, type Task, type TaskRunner, TooManyTasks, type Wait } from './task.ts';

/** The three streams of whatever runs. */
export interface Streams {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** Ways in which control leaves a command early. */
export class ExitSignal extends Error {
  readonly code: number;
  constructor(code: number) {
    super('exit');
    this.code = code;
  }
}
export class LoopSignal extends Error {
  readonly isBreak: boolean;
  levels: number;
  constructor(isBreak: boolean, levels: number) {
    super('loop');
    this.isBreak = isBreak;
    this.levels = levels;
  }
}
export class ReturnSignal extends Error {
  readonly code: number;
  constructor(code: number) {
    super('return');
    this.code = code;
  }
}

/** After this many commands in one job the shell gives up; a loop without a pause would never end. */
const maxSteps = 500_000;
/** So many commands take one step of virtual time, so that a busy loop lets the cluster go on. */
const stepsPerPause = 500;
const pauseMs = 10;
const maxDepth = 100;

export interface Budget {
  steps: number;
  depth: number;
}

/** Runs shell programs. One instance per shell; subshells are instances with a copied state. */
export class Interpreter implements ExpansionHost {
  readonly state: ShellState;
  readonly host: ShellHost;
  readonly tasks: TaskRunner;
  readonly budget: Budget;
  /** Raised while a failure is being tested and must not end the shell under `set -e`. */
  #tested = 0;
  /** Background jobs that this shell started. */
  readonly jobs: Task[] = [];
  #streams: Streams = { stdin: Pipe.of(''), stdout: nowhere, stderr: nowhere };

  constructor(state: ShellState, host: ShellHost, tasks: TaskRunner, budget: Budget = { steps: 0, depth: 0 }) {
    this.state = state;
    this.host = host;
    this.tasks = tasks;
    this.budget = budget;
  }

  get files(): ShellHost['files'] {
    return this.host.files;
  }

  /** Runs a script to its end; syntax errors and `exit` become exit codes. */
  *runScript(script: string, streams: Streams): Program {
    try {
      return yield* this.runList(parseScript(script), streams);
    } catch (error) {
      return this.#endOf(error, streams);
    }
  }

  #endOf(error: unknown, streams: Streams): number {
    const stderr: Pick<OutputStream, 'write'> = {
      write(text) {
        // What overflowed cannot take its own obituary.
        if (!(error instanceof OutputLimit) || streams.stderr.isTerminal) streams.stderr.write(text);
      },
    };
    if (error instanceof ExitSignal || error instanceof ReturnSignal) return error.code;
    if (error instanceof LoopSignal) return 0;
    if (error instanceof SyntaxProblem || error instanceof ExpansionProblem) {
      stderr.write(`${this.state.name}: ${error.message}\n`);
      this.state.lastStatus = error instanceof SyntaxProblem ? 2 : 1;
      return this.state.lastStatus;
    }
    if (error instanceof TooManyTasks) {
      stderr.write(`${this.state.name}: ${error.message}\n`);
      return 254;
    }
    if (error instanceof OutputLimit) {
      stderr.write(`${this.state.name}: stopped: ${error.message}\n`);
      return 141;
    }
    throw error;
  }

  *runList(list: List, streams: Streams): Program {
    let status = this.state.lastStatus;
    for (const [index, { pipeline, when, background, source }] of list.entries()) {
      if ((when === 'and' && status !== 0) || (when === 'or' && status === 0)) continue;
      if (background) {
        this.jobs.push(this.#spawn({ pipeline, source }, { ...streams, stdin: Pipe.of('') }));
        status = 0;
      } else {
        const isTested = list[index + 1]?.when === 'and' || list[index + 1]?.when === 'or';
        if (isTested) this.#tested++;
        try {
          status = yield* this.#runPipeline(pipeline, streams);
        } finally {
          if (isTested) this.#tested--;
        }
        this.state.lastStatus = status;
        if (status !== 0 && this.state.errexit && this.#tested === 0 && !isTested && !pipeline.negated) throw new ExitSignal(status);
      }
      this.state.lastStatus = status;
    }
    return status;
  }

  #spawn({ pipeline, source }: { readonly pipeline: Pipeline; readonly source: string }, streams: Streams): Task {
    const shell = this.#fork();
    return this.tasks.spawn(shell.#guarded(function* (this: Interpreter) {
      return yield* this.#runPipeline(pipeline, streams);
    }, streams), source);
  }

  #fork(): Interpreter {
    return new Interpreter(forkShellState(this.state), this.host, this.tasks, this.budget);
  }

  *#guarded(run: (this: Interpreter) => Program, streams: Streams): Program {
    try {
      return yield* run.call(this);
    } catch (error) {
      return this.#endOf(error, streams);
    }
  }

  *#runPipeline({ commands, negated }: Pipeline, streams: Streams): Program {
    if (negated) this.#tested++;
    let status: number;
    try {
      status = commands.length === 1 ? yield* this.#runCommand(commands[0] as Command, streams) : yield* this.#runStages(commands, streams);
    } finally {
      if (negated) this.#tested--;
    }
    return negated ? Number(status === 0) : status;
  }

  *#runStages(commands: readonly Command[], streams: Streams): Program {
    let stdin = streams.stdin;
    const stages: Task[] = [];
    for (const [index, command] of commands.entries()) {
      const pipe = index < commands.length - 1 ? new Pipe() : undefined;
      const own: Streams = { stdin, stdout: pipe ?? streams.stdout, stderr: streams.stderr };
      const shell = this.#fork();
      stages.push(this.tasks.spawn(shell.#guarded(function* (this: Interpreter) {
        try {
          return yield* this.#runCommand(command, own);
        } finally {
          pipe?.close();
        }
      }, own), ''));
      if (pipe) stdin = pipe;
    }
    try {
      yield { kind: 'join', tasks: stages };
    } finally {
      for (const stage of stages) this.tasks.kill(stage, 130);
    }
    const codes = stages.map((stage) => stage.exitCode ?? 0);
    return this.state.pipefail ? (codes.findLast((code) => code !== 0) ?? 0) : (codes.at(-1) ?? 0);
  }

  *#runCommand(command: Command, streams: Streams): Program {
    yield* this.#countStep();
    if (command.kind === 'function') {
      this.state.functions.set(command.name, command.source);
      return 0;
    }
    if (command.kind === 'simple') return yield* this.#runSimple(command, streams);
    const redirected = yield* this.#redirect(command.redirects, streams);
    if (!redirected) return 1;
    try {
      return yield* this.#runCompound(command, redirected.streams);
    } finally {
      redirected.flush();
    }
  }

  *#countStep(): Generator<Wait, void, void> {
    this.budget.steps++;
    if (this.budget.steps > maxSteps) {
      throw new ExpansionProblem(`stopped after ${maxSteps} steps: does a loop never end?`);
    }
    if (this.budget.steps % stepsPerPause === 0) yield { kind: 'sleep', untilMs: this.host.now + pauseMs };
  }

  *#runCompound(command: Exclude<Command, { kind: 'simple' | 'function' }>, streams: Streams): Program {
    switch (command.kind) {
      case 'group':
        return command.isSubshell ? yield* this.#runSubshell(command.body, streams) : yield* this.runList(command.body, streams);
      case 'if':
        for (const { test, body } of command.branches) if ((yield* this.#runTested(test, streams)) === 0) return yield* this.runList(body, streams);
        return command.otherwise ? yield* this.runList(command.otherwise, streams) : 0;
      case 'while':
        return yield* this.#runLoop(streams, command.body, function* (this: Interpreter) {
          return ((yield* this.#runTested(command.test, streams)) === 0) !== command.until;
        });
      case 'for':
        return yield* this.#runFor(command, streams);
      case 'case':
        return yield* this.#runCase(command, streams);
      case 'test':
        return yield* this.#runTestCommand(command.words, streams);
      case 'arithmetic':
        return evaluateArithmetic(command.expression, variablesOf(this.state)) === 0 ? 1 : 0;
    }
  }

  *#runSubshell(body: List, streams: Streams): Program {
    const shell = this.#fork();
    return yield* shell.#guarded(function* (this: Interpreter) {
      return yield* this.runList(body, streams);
    }, streams);
  }

  *#runTested(list: List, streams: Streams): Program {
    this.#tested++;
    try {
      return yield* this.runList(list, streams);
    } finally {
      this.#tested--;
    }
  }

  *#runLoop(streams: Streams, body: List, goesOn: (this: Interpreter) => Generator<Wait, boolean, void>): Program {
    let status = 0;
    while (yield* goesOn.call(this)) {
      yield* this.#countStep();
      try {
        status = yield* this.runList(body, streams);
      } catch (error) {
        if (!(error instanceof LoopSignal)) throw error;
        if (error.levels > 1) {
          error.levels--;
          throw error;
        }
        if (error.isBreak) return 0;
      }
    }
    return status;
  }

  *#runFor(command: Command & { kind: 'for' }, streams: Streams): Program {
    const values = command.words ? yield* expandWords(command.words, this) : [...this.state.positional];
    let index = 0;
    return yield* this.#runLoop(streams, command.body, function* (this: Interpreter) {
      const value = values[index++];
      if (value === undefined) return false;
      this.state.variables.set(command.name, value);
      return true;
    });
  }

  *#runCase(command: Command & { kind: 'case' }, streams: Streams): Program {
    const subject = yield* expandText(command.subject, this);
    for (const { patterns, body } of command.clauses) {
      for (const pattern of patterns) {
        if (patternToRegExp(yield* expandPattern(pattern, this)).test(subject)) return body.length === 0 ? 0 : yield* this.runList(body, streams);
      }
    }
    return 0;
  }

  *#runTestCommand(words: (Command & { kind: 'test' })['words'], streams: Streams): Program {
    const texts: string[] = [];
    for (const [index, word] of words.entries()) {
      const before = words[index - 1]?.map((part) => (part.kind === 'text' ? part.text : '')).join('');
      texts.push(before === '==' || before === '=' || before === '!=' ? yield* expandPattern(word, this) : yield* expandText(word, this));
    }
    return evaluateTest(texts, { files: this.files, cwd: this.state.cwd, patterns: true, stderr: streams.stderr, name: '[[' });
  }

  *#runSimple(command: Command & { kind: 'simple' }, streams: Streams): Program {
    const words = yield* this.#expandAliases(command);
    const redirected = yield* this.#redirect(command.redirects, streams);
    if (!redirected) return 1;
    try {
      const [name, ...args] = words;
      if (name === undefined) {
        yield* this.#assign(command.assignments);
        return command.assignments.length > 0 ? 0 : this.state.lastStatus;
      }
      if (this.state.xtrace) streams.stderr.write(`+ ${words.join(' ')}\n`);
      return yield* this.#runNamed(name, args, command.assignments, redirected.streams);
    } finally {
      redirected.flush();
    }
  }

  *#expandAliases(command: Command & { kind: 'simple' }): Generator<Wait, string[], void> {
    const words = yield* expandWords(command.words, this);
    const alias = words[0] === undefined ? undefined : this.state.aliases.get(words[0]);
    return alias === undefined ? words : [...alias.split(/\s+/).filter((word) => word !== ''), ...words.slice(1)];
  }

  *#runNamed(name: string, args: readonly string[], assignments: readonly Assignment[], streams: Streams): Program {
    const saved = new Map(assignments.map((assignment) => [assignment.name, this.state.variables.get(assignment.name)]));
    yield* this.#assign(assignments);
    const exportedBefore = new Set(this.state.exported);
    for (const assignment of assignments) this.state.exported.add(assignment.name);
    try {
      return yield* this.execute(name, args, streams);
    } finally {
      for (const [variable, value] of saved) {
        if (value === undefined) this.state.variables.delete(variable);
        else this.state.variables.set(variable, value);
        if (!exportedBefore.has(variable)) this.state.exported.delete(variable);
      }
    }
  }

  /** Runs a command by name: function, builtin, or a program of the machine. */
  *execute(name: string, args: readonly string[], streams: Streams): Program {
    const source = this.state.functions.get(name);
    if (source !== undefined) return yield* this.#callFunction(source, args, streams);
    const builtin = builtins[name];
    if (builtin) {
      this.#streams = streams;
      return yield* builtin(this, args, streams);
    }
    const context: CommandContext = { name, args, ...streams, env: this.environment(), cwd: this.state.cwd, host: this.host, tasks: this.tasks };
    const program = this.host.run(context);
    if (program) return yield* program;
    if (name.includes('/')) return yield* this.#runFile(name, args, streams);
    streams.stderr.write(`${this.state.name}: ${name}: command not found\n`);
    return 127;
  }

  *#runFile(name: string, args: readonly string[], streams: Streams): Program {
    const path = resolvePath(this.state.cwd, name);
    const script = this.files.read(path);
    if (script === undefined) {
      streams.stderr.write(`${this.state.name}: ${name}: ${this.files.isDirectory(path) ? 'Is a directory' : 'No such file or directory'}\n`);
      return this.files.isDirectory(path) ? 126 : 127;
    }
    const shell = this.#fork();
    shell.state.positional = [...args];
    shell.state.name = name;
    return yield* shell.runScript(script, streams);
  }

  *#callFunction(source: string, args: readonly string[], streams: Streams): Program {
    if (this.budget.depth >= maxDepth) throw new ExpansionProblem('maximum function nesting level exceeded');
    const definition = parseScript(source)[0]?.pipeline.commands[0];
    if (definition?.kind !== 'function') return 1;
    const positional = this.state.positional;
    this.state.positional = [...args];
    this.budget.depth++;
    try {
      return yield* this.#runCommand(definition.body, streams);
    } catch (error) {
      if (error instanceof ReturnSignal) return error.code;
      throw error;
    } finally {
      this.budget.depth--;
      this.state.positional = positional;
    }
  }

  environment(): Readonly<Record<string, string>> {
    const env: Record<string, string> = {};
    for (const name of this.state.exported) {
      const value = this.state.variables.get(name);
      if (value !== undefined) env[name] = value;
    }
    return env;
  }

  *#assign(assignments: readonly Assignment[]): Generator<Wait, void, void> {
    for (const { name, value, items, append } of assignments) {
      if (items) {
        const values = yield* expandWords(items, this);
        this.state.arrays.set(name, append ? [...(this.state.arrays.get(name) ?? []), ...values] : values);
        continue;
      }
      const text = yield* expandText(value, this);
      const element = /^(\w+)\[(.+)\]$/.exec(name);
      if (element) {
        const list = this.state.arrays.get(element[1] as string) ?? [];
        list[evaluateArithmetic(element[2] as string, variablesOf(this.state))] = text;
        this.state.arrays.set(element[1] as string, list);
      } else this.state.variables.set(name, append ? (this.state.variables.get(name) ?? '') + text : text);
    }
  }

  *substitute(script: string): Generator<Wait, string, void> {
    const output = new Pipe();
    const shell = this.#fork();
    this.state.lastStatus = yield* shell.runScript(script, { stdin: this.#streams.stdin, stdout: output, stderr: this.#streams.stderr });
    output.close();
    return output.take() ?? '';
  }

  *#redirect(redirects: readonly Redirect[], streams: Streams): Generator<Wait, { readonly streams: Streams; flush(): void } | undefined, void> {
    this.#streams = streams;
    let current = streams;
    const flushes: (() => void)[] = [];
    for (const redirect of redirects) {
      const opened = yield* this.#open(redirect, current, flushes);
      if (!opened) return undefined;
      current = opened;
    }
    return { streams: current, flush: () => flushes.forEach((flush) => flush()) };
  }

  *#open(redirect: Redirect, streams: Streams, flushes: (() => void)[]): Generator<Wait, Streams | undefined, void> {
    const { operator, fd } = redirect;
    const target = yield* expandText(redirect.target, this);
    if (operator === '<<') return { ...streams, stdin: Pipe.of(target) };
    if (operator === '<<<') return { ...streams, stdin: Pipe.of(`${target}\n`) };
    if (operator === '<') {
      const text = target === '/dev/null' ? '' : this.files.read(resolvePath(this.state.cwd, target));
      if (text !== undefined) return { ...streams, stdin: Pipe.of(text) };
      streams.stderr.write(`${this.state.name}: ${target}: No such file or directory\n`);
      return undefined;
    }
    if (operator === '>&' && /^\d$/.test(target)) {
      const source = target === '2' ? streams.stderr : streams.stdout;
      return fd === 2 ? { ...streams, stderr: source } : { ...streams, stdout: source };
    }
    const output = this.#openFile(target, operator === '>>' || operator === '&>>', streams, flushes);
    if (!output) return undefined;
    if (operator === '&>' || operator === '&>>' || operator === '>&') return { ...streams, stdout: output, stderr: output };
    return fd === 2 ? { ...streams, stderr: output } : { ...streams, stdout: output };
  }

  #openFile(target: string, append: boolean, streams: Streams, flushes: (() => void)[]): OutputStream | undefined {
    if (target === '/dev/null') return nowhere;
    if (target === '/dev/stderr') return streams.stderr;
    if (target === '/dev/stdout') return streams.stdout;
    const path = resolvePath(this.state.cwd, target);
    const problem = append ? this.files.append(path, '') : this.files.write(path, '');
    if (problem !== undefined) {
      streams.stderr.write(`${this.state.name}: ${target}: ${problem}\n`);
      return undefined;
    }
    // Written in one piece at the end of the command, or when a reader could notice: programs that wait.
    let waiting = '';
    flushes.push(() => {
      if (waiting !== '') this.files.append(path, waiting);
      waiting = '';
    });
    return {
      isTerminal: false,
      write: (text) => {
        waiting += text;
        if (waiting.length > 65_536) {
          const failure = this.files.append(path, waiting);
          waiting = '';
          if (failure !== undefined) throw new OutputLimit(failure);
        }
      },
    };
  }
}
