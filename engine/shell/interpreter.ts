import { resolvePath } from '../machine/machine-files.ts';
import { builtins } from './builtins.ts';
import type { CommandContext } from './command.ts';
import { exitCodeOf } from './exit-code.ts';
import { evaluateArithmetic } from './language/arithmetic.ts';
import { type ExpansionHost, ExpansionProblem, expandPattern, expandText, expandWords, variablesOf } from './language/expand.ts';
import { parseScript } from './language/parser.ts';
import { patternToRegExp } from './language/pattern.ts';
import type { Assignment, Command, CompoundCommand, List, Pipeline, Redirect, SimpleCommand } from './language/syntax.ts';
import { evaluateTest } from './language/test-expression.ts';
import { redirect } from './redirect.ts';
import type { ShellHost } from './shell-host.ts';
import { forkShellState, type ShellState } from './shell-state.ts';
import { ExitSignal, LoopSignal, ReturnSignal } from './signals.ts';
import { nowhere, Pipe, type Streams } from './streams.ts';
import type { Program, Task, TaskRunner, Wait } from './task.ts';

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
    return yield* this.#guarded(function* (this: Interpreter) {
      return yield* this.runList(parseScript(script), streams);
    }, streams);
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
    return this.tasks.spawn(
      shell.#guarded(function* (this: Interpreter) {
        return yield* this.#runPipeline(pipeline, streams);
      }, streams),
      source,
    );
  }

  #fork(): Interpreter {
    return new Interpreter(forkShellState(this.state), this.host, this.tasks, this.budget);
  }

  *#guarded(run: (this: Interpreter) => Program, streams: Streams): Program {
    try {
      return yield* run.call(this);
    } catch (error) {
      return exitCodeOf(error, streams, this.state);
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
      stages.push(
        this.tasks.spawn(
          shell.#guarded(function* (this: Interpreter) {
            try {
              return yield* this.#runCommand(command, own);
            } finally {
              pipe?.close();
            }
          }, own),
          '',
        ),
      );
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
    const redirected = yield* this.#redirect(command, streams);
    return redirected ? yield* this.#runCompound(command, redirected) : 1;
  }

  *#countStep(): Generator<Wait, void, void> {
    this.budget.steps++;
    if (this.budget.steps > maxSteps) {
      throw new ExpansionProblem(`stopped after ${maxSteps} steps: does a loop never end?`);
    }
    if (this.budget.steps % stepsPerPause === 0) yield { kind: 'sleep', untilMs: this.host.now + pauseMs };
  }

  *#runCompound(command: CompoundCommand, streams: Streams): Program {
    switch (command.kind) {
      case 'group':
        return command.isSubshell ? yield* this.#runSubshell(command.body, streams) : yield* this.runList(command.body, streams);
      case 'if':
        for (const { test, body } of command.branches)
          if ((yield* this.#runTested(test, streams)) === 0) return yield* this.runList(body, streams);
        return command.otherwise ? yield* this.runList(command.otherwise, streams) : 0;
      case 'while':
        return yield* this.#runWhile(command, streams);
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

  *#runWhile(command: Command & { kind: 'while' }, streams: Streams): Program {
    let status = 0;
    while (((yield* this.#runTested(command.test, streams)) === 0) !== command.until) {
      const turn = yield* this.#runTurn(command.body, streams);
      status = turn.status;
      if (turn.isBreak) break;
    }
    return status;
  }

  /** One turn of a loop, with its `break` and `continue`. */
  *#runTurn(body: List, streams: Streams): Generator<Wait, { readonly status: number; readonly isBreak: boolean }, void> {
    yield* this.#countStep();
    try {
      return { status: yield* this.runList(body, streams), isBreak: false };
    } catch (error) {
      if (!(error instanceof LoopSignal)) throw error;
      if (error.levels > 1) {
        error.levels--;
        throw error;
      }
      return { status: 0, isBreak: error.isBreak };
    }
  }

  *#runFor(command: Command & { kind: 'for' }, streams: Streams): Program {
    const values = command.words ? yield* expandWords(command.words, this) : [...this.state.positional];
    let status = 0;
    for (const value of values) {
      this.state.variables.set(command.name, value);
      const turn = yield* this.#runTurn(command.body, streams);
      status = turn.status;
      if (turn.isBreak) break;
    }
    return status;
  }

  *#runCase(command: Command & { kind: 'case' }, streams: Streams): Program {
    const subject = yield* expandText(command.subject, this);
    for (const { patterns, body } of command.clauses) {
      for (const pattern of patterns) {
        if (patternToRegExp(yield* expandPattern(pattern, this)).test(subject))
          return body.length === 0 ? 0 : yield* this.runList(body, streams);
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

  *#runSimple(command: SimpleCommand, streams: Streams): Program {
    const words = yield* this.#expandAliases(command);
    const redirected = yield* this.#redirect(command, streams);
    if (!redirected) return 1;
    const [name, ...args] = words;
    if (name === undefined) {
      yield* this.#assign(command.assignments);
      return command.assignments.length > 0 ? 0 : this.state.lastStatus;
    }
    if (this.state.xtrace) streams.stderr.write(`+ ${words.join(' ')}\n`);
    return yield* this.#runNamed(name, args, command.assignments, redirected);
  }

  *#expandAliases(command: SimpleCommand): Generator<Wait, string[], void> {
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
    const context: CommandContext = {
      name,
      args,
      ...streams,
      env: this.environment(),
      cwd: this.state.cwd,
      host: this.host,
      tasks: this.tasks,
    };
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
      streams.stderr.write(
        `${this.state.name}: ${name}: ${this.files.isDirectory(path) ? 'Is a directory' : 'No such file or directory'}\n`,
      );
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

  *#redirect({ redirects }: { readonly redirects: readonly Redirect[] }, streams: Streams): Generator<Wait, Streams | undefined, void> {
    this.#streams = streams;
    return yield* redirect(redirects, streams, this);
  }
}
