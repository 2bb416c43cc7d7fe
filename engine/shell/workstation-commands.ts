import type { Exchange, Outcome } from '../images/exchange.ts';
import type { ProgramContext } from '../images/image-program.ts';
import { basicCommands } from '../images/userland/basic-commands.ts';
import type { Command } from '../images/userland/command.ts';
import { fileCommands } from '../images/userland/file-commands.ts';
import { curlCommand, networkCommands } from '../images/userland/network-commands.ts';
import { type CommandContext, readAll, type ShellCommand } from './command.ts';
import { textCommands } from './commands/text.ts';
import { watch } from './commands/watch.ts';
import { kubectl } from './kubectl/kubectl.ts';
import type { Program } from './task.ts';

/** Programs of the workstation that are written for the shell itself. */
const own: readonly ShellCommand[] = [kubectl, watch];

/** Commands that the workstation shares with the containers. The shell has some of them built in. */
const shared: Readonly<Record<string, Command>> = {
  ...basicCommands,
  ...fileCommands,
  ...networkCommands,
  ...curlCommand,
  ...textCommands,
};

export const workstationCommandNames: readonly string[] = [...own.map(({ name }) => name), ...Object.keys(shared)].filter((name) =>
  /^\w/.test(name),
);

/** Runs a program of the workstation; `undefined` when it has none of that name. */
export function runWorkstationCommand(context: CommandContext): Program | undefined {
  const name = context.name.replace(/^\/(usr\/)?(local\/)?bin\//, '');
  const program = own.find((command) => command.name === name);
  if (program) return program.run(context);
  const command = shared[name];
  return command && runShared(context, command);
}

/** Commands that read their input; the others must not wait for a person to type. */
const readers = ['cat', 'grep', 'head', 'tail', 'wc', 'tee', 'sort', 'uniq', 'cut', 'tr', 'sed', 'awk', 'xargs', 'nc', 'base64'];

function* runShared(context: CommandContext, command: Command): Program {
  const { host, env, cwd, stdout, stderr } = context;
  const needsInput =
    readers.includes(context.name) && (!context.stdin.isTerminal || context.args.every((argument) => argument.startsWith('-')));
  const stdin = needsInput ? yield* readAll(context.stdin) : '';
  const result = command({ p: programContext(context), argv: [context.name, ...context.args], stdin, env, workdir: cwd });
  if (result.tookMs !== undefined && result.tookMs > 0) yield { kind: 'sleep', untilMs: host.now + result.tookMs };
  stdout.write(result.stdout);
  stderr.write(result.stderr);
  return result.exitCode;
}

const noState = Object.freeze({});

/** The workstation as the shared commands see a machine: outside of the cluster, with files and a network. */
function programContext({ host, env, cwd, name, args }: CommandContext): ProgramContext {
  const nothing = (): void => {};
  return {
    state: noState,
    argv: [name, ...args],
    env,
    workdir: cwd,
    hostname: host.hostname,
    address: '192.0.2.10',
    node: '',
    imageTag: '',
    memoryLimitBytes: undefined,
    user: 1000,
    files: host.files,
    now: host.now,
    startedAtMs: host.now,
    log: nothing,
    exit: nothing,
    listen: nothing,
    close: nothing,
    setTimer: nothing,
    cancelTimer: nothing,
    changed: nothing,
    useMemory: nothing,
    random: () => host.random(),
    connect: (target: string, port: number, exchange: Exchange): Outcome => host.request({ host: target, port, exchange }).outcome,
    lookup: () => undefined,
    query: () => undefined,
  } as unknown as ProgramContext;
}
