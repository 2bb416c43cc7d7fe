import { resolvePath } from '../machine/machine-files.ts';
import { readLine } from './command.ts';
import type { Interpreter } from './interpreter.ts';
import { evaluateArithmetic } from './language/arithmetic.ts';
import { variablesOf } from './language/expand.ts';
import { evaluateTest } from './language/test-expression.ts';
import { formatPrintf, unescapeEcho } from './printf.ts';
import { ExitSignal, LoopSignal, ReturnSignal } from './signals.ts';
import type { Streams } from './streams.ts';
import type { Program } from './task.ts';

type Builtin = (shell: Interpreter, args: readonly string[], streams: Streams) => Program;

/** A builtin that never waits. */
function plain(run: (shell: Interpreter, args: readonly string[], streams: Streams) => number): Builtin {
  // biome-ignore lint/correctness/useYield: a builtin that has nothing to wait for yields nothing.
  return function* (shell, args, streams) {
    return run(shell, args, streams);
  };
}

const identifier = /^[A-Za-z_]\w*$/;

function exportNames({ state }: Interpreter, args: readonly string[], { stdout, stderr }: Streams): number {
  if (args.length === 0 || args[0] === '-p') {
    for (const name of [...state.exported].sort()) stdout.write(`declare -x ${name}="${state.variables.get(name) ?? ''}"\n`);
    return 0;
  }
  for (const argument of args) {
    const equals = argument.indexOf('=');
    const name = equals < 0 ? argument : argument.slice(0, equals);
    if (!identifier.test(name)) {
      stderr.write(`${state.name}: export: \`${argument}': not a valid identifier\n`);
      return 1;
    }
    if (equals >= 0) state.variables.set(name, argument.slice(equals + 1));
    state.exported.add(name);
  }
  return 0;
}

function setOptions({ state }: Interpreter, args: readonly string[], { stdout }: Streams): number {
  if (args.length === 0) for (const [name, value] of [...state.variables].sort()) stdout.write(`${name}=${value}\n`);
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] as string;
    if (argument === '--') {
      state.positional = args.slice(index + 1);
      break;
    }
    const isOn = argument.startsWith('-');
    if (argument === '-o' || argument === '+o') {
      const name = args[++index];
      if (name === 'pipefail') state.pipefail = isOn;
      if (name === 'errexit') state.errexit = isOn;
      if (name === 'nounset') state.nounset = isOn;
      continue;
    }
    if (argument.includes('e')) state.errexit = isOn;
    if (argument.includes('u')) state.nounset = isOn;
    if (argument.includes('x')) state.xtrace = isOn;
    if (argument.endsWith('o') && args[index + 1] === 'pipefail') {
      state.pipefail = isOn;
      index++;
    }
  }
  return 0;
}

function changeDirectory({ state, host }: Interpreter, [target]: readonly string[], { stdout, stderr }: Streams): number {
  const wanted = target === '-' ? (state.variables.get('OLDPWD') ?? state.cwd) : (target ?? host.home);
  const path = resolvePath(state.cwd, wanted);
  if (!host.files.isDirectory(path)) {
    stderr.write(
      `${state.name}: cd: ${wanted}: ${host.files.read(path) === undefined ? 'No such file or directory' : 'Not a directory'}\n`,
    );
    return 1;
  }
  state.variables.set('OLDPWD', state.cwd);
  state.cwd = path;
  state.variables.set('PWD', path);
  if (target === '-') stdout.write(`${path}\n`);
  return 0;
}

function* readVariables({ state }: Interpreter, args: readonly string[], { stdin, stdout }: Streams): Program {
  const names: string[] = [];
  let isRaw = false;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] as string;
    if (argument === '-p') stdout.write(args[++index] ?? '');
    else if (argument.startsWith('-')) isRaw ||= argument.includes('r');
    else names.push(argument);
  }
  const line = yield* readLine(stdin);
  if (names.length === 0) names.push('REPLY');
  const text = isRaw ? (line ?? '') : (line ?? '').replaceAll(/\\(.)/g, '$1');
  const words = names[0] === 'REPLY' ? [text] : text.trim().split(/[ \t]+/);
  for (const [index, name] of names.entries()) {
    state.variables.set(name, index === names.length - 1 ? words.slice(index).join(' ') : (words[index] ?? ''));
  }
  return line === undefined ? 1 : 0;
}

function* sleepFor({ host }: Interpreter, args: readonly string[], { stderr }: Streams): Program {
  const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
  let seconds = 0;
  for (const argument of args) {
    const parts = /^(\d+(?:\.\d+)?|\.\d+)([smhd]?)$/.exec(argument);
    if (!parts) {
      stderr.write(`sleep: invalid time interval '${argument}'\nTry 'sleep --help' for more information.\n`);
      return 1;
    }
    seconds += Number(parts[1]) * (units[parts[2] ?? ''] ?? 1);
  }
  if (args.length === 0) {
    stderr.write("sleep: missing operand\nTry 'sleep --help' for more information.\n");
    return 1;
  }
  yield { kind: 'sleep', untilMs: host.now + seconds * 1000 };
  return 0;
}

function* waitForJobs(shell: Interpreter): Program {
  yield { kind: 'join', tasks: shell.jobs };
  return shell.jobs.splice(0).at(-1)?.exitCode ?? 0;
}

function describeCommand(shell: Interpreter, args: readonly string[], { stdout, stderr }: Streams): number {
  let status = 0;
  for (const name of args.filter((argument) => !argument.startsWith('-'))) {
    if (shell.state.aliases.has(name)) stdout.write(`${name} is aliased to \`${shell.state.aliases.get(name) ?? ''}'\n`);
    else if (shell.state.functions.has(name)) stdout.write(`${name} is a function\n`);
    else if (builtins[name]) stdout.write(`${name} is a shell builtin\n`);
    else if (shell.host.commandNames.includes(name)) stdout.write(`${name} is /usr/bin/${name}\n`);
    else {
      stderr.write(`${shell.state.name}: type: ${name}: not found\n`);
      status = 1;
    }
  }
  return status;
}

function* commandBuiltin(shell: Interpreter, args: readonly string[], streams: Streams): Program {
  if (args[0] !== '-v' && args[0] !== '-V') return yield* shell.execute(args[0] ?? 'true', args.slice(1), streams);
  const name = args[1] ?? '';
  const known = shell.state.functions.has(name) || builtins[name] !== undefined;
  if (known) streams.stdout.write(`${name}\n`);
  else if (shell.host.commandNames.includes(name)) streams.stdout.write(`/usr/bin/${name}\n`);
  else return 1;
  return 0;
}

function* source(shell: Interpreter, args: readonly string[], streams: Streams): Program {
  const script = shell.host.files.read(resolvePath(shell.state.cwd, args[0] ?? ''));
  if (script !== undefined) return yield* shell.runScript(script, streams);
  streams.stderr.write(`${shell.state.name}: ${args[0] ?? ''}: No such file or directory\n`);
  return 1;
}

function setAliases({ state }: Interpreter, args: readonly string[], { stdout }: Streams): number {
  if (args.length === 0) for (const [name, value] of [...state.aliases].sort()) stdout.write(`alias ${name}='${value}'\n`);
  for (const argument of args) {
    const equals = argument.indexOf('=');
    if (equals > 0) state.aliases.set(argument.slice(0, equals), argument.slice(equals + 1));
  }
  return 0;
}

function testBuiltin(name: string): Builtin {
  return plain((shell, args, { stderr }) => {
    if (name === '[' && args.at(-1) !== ']') {
      stderr.write(`${shell.state.name}: [: missing \`]'\n`);
      return 2;
    }
    return evaluateTest(name === '[' ? args.slice(0, -1) : args, {
      files: shell.host.files,
      cwd: shell.state.cwd,
      patterns: false,
      stderr,
      name,
    });
  });
}

function loopSignal(isBreak: boolean): Builtin {
  return plain((_shell, [levels]) => {
    throw new LoopSignal(isBreak, Number(levels ?? 1));
  });
}

/** The commands that are part of the shell itself, because they change it or stand in every script. */
export const builtins: Readonly<Record<string, Builtin | undefined>> = {
  ':': plain(() => 0),
  true: plain(() => 0),
  false: plain(() => 1),
  '[': testBuiltin('['),
  test: testBuiltin('test'),
  '.': source,
  source,
  alias: plain(setAliases),
  break: loopSignal(true),
  cd: plain(changeDirectory),
  command: commandBuiltin,
  continue: loopSignal(false),
  declare: plain((shell, args, streams) => exportOrSet(shell, args, streams)),
  echo: plain((_shell, args, { stdout }) => {
    const options = args[0] && /^-[neE]+$/.test(args[0]) ? args[0] : '';
    const text = (options === '' ? args : args.slice(1)).join(' ');
    stdout.write(`${options.includes('e') ? unescapeEcho(text) : text}${options.includes('n') ? '' : '\n'}`);
    return 0;
  }),
  eval: function* (shell, args, streams) {
    return yield* shell.runScript(args.join(' '), streams);
  },
  exit: plain(({ state }, [code]) => {
    throw new ExitSignal(code === undefined ? state.lastStatus : Number(code) & 255);
  }),
  export: plain(exportNames),
  jobs: plain((shell, _args, { stdout }) => {
    for (const [index, job] of shell.jobs.entries()) {
      stdout.write(`[${index + 1}]   ${job.exitCode === undefined ? 'Running' : 'Done'}                 ${job.source} &\n`);
    }
    return 0;
  }),
  let: plain(({ state }, args) =>
    args.reduce((_value, expression) => evaluateArithmetic(expression, variablesOf(state)), 0) === 0 ? 1 : 0,
  ),
  local: plain((shell, args, streams) => exportOrSet(shell, args, streams)),
  printf: plain((_shell, [format = '', ...args], { stdout }) => {
    stdout.write(formatPrintf(format, args));
    return 0;
  }),
  pwd: plain(({ state }, _args, { stdout }) => {
    stdout.write(`${state.cwd}\n`);
    return 0;
  }),
  read: readVariables,
  return: plain(({ state }, [code]) => {
    throw new ReturnSignal(code === undefined ? state.lastStatus : Number(code) & 255);
  }),
  set: plain(setOptions),
  shift: plain(({ state }, [count]) => {
    state.positional = state.positional.slice(Number(count ?? 1));
    return 0;
  }),
  sleep: sleepFor,
  type: plain(describeCommand),
  unalias: plain(({ state }, args) => {
    for (const name of args) state.aliases.delete(name);
    return 0;
  }),
  unset: plain(({ state }, args) => {
    for (const name of args) {
      state.variables.delete(name);
      state.arrays.delete(name);
      state.exported.delete(name);
      state.functions.delete(name);
    }
    return 0;
  }),
  wait: waitForJobs,
};

function exportOrSet({ state }: Interpreter, args: readonly string[], _streams: Streams): number {
  const isExport = args.some((argument) => /^-\w*x/.test(argument));
  for (const argument of args) {
    const equals = argument.indexOf('=');
    const name = equals < 0 ? argument : argument.slice(0, equals);
    if (!identifier.test(name)) continue;
    if (equals >= 0) state.variables.set(name, argument.slice(equals + 1));
    else if (!state.variables.has(name)) state.variables.set(name, '');
    if (isExport) state.exported.add(name);
  }
  return 0;
}
