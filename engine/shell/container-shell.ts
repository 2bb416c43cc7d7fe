import { resolvePath } from '../machine/machine-files.ts';
import { type CommandContext, readLine } from './command.ts';
import { Interpreter } from './interpreter.ts';
import type { ShellHost } from './shell-host.ts';
import { shellState } from './shell-state.ts';
import type { Program } from './task.ts';

export interface ContainerPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** A shell inside a container: the same language, the container's files, and its own programs through the runtime. */
export function* containerShell(context: CommandContext, place: ContainerPlace): Program {
  const { namespace, pod, container } = place;
  const files = context.host.containerFiles(namespace, pod, container);
  const probe = context.host.exec(namespace, pod, container, ['sh', '-c', 'env'], '');
  if (typeof probe === 'string' || probe.exitCode !== 0 || !files) {
    context.stderr.write(`${typeof probe === 'string' ? probe : probe.stderr || 'exec failed'}\n`);
    return 126;
  }
  const env = Object.fromEntries(
    probe.stdout
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const host: ShellHost = {
    ...delegate(context.host),
    files,
    hostname: pod,
    user: 'root',
    home: '/root',
    commandNames: [],
    run: (inner) => runInside(context.host, place, inner),
  };
  const shell = new Interpreter({ ...shellState({ cwd: '/', env }), name: 'sh' }, host, context.tasks);
  for (;;) {
    context.stdout.write(context.stdin.isTerminal ? `${shell.state.cwd} # ` : '');
    const line = yield* readLine(context.stdin);
    if (line === undefined || line.trim() === 'exit') return shell.state.lastStatus;
    if (line.trim() === '') continue;
    shell.state.lastStatus = yield* shell.runScript(line, context);
  }
}

/** The parts of a host that stay the same inside a container; getters must stay getters. */
function delegate(host: ShellHost): ShellHost {
  return Object.create(host) as ShellHost;
}

function runInside(host: ShellHost, { namespace, pod, container }: ContainerPlace, inner: CommandContext): Program | undefined {
  return (function* () {
    const script = [inner.name, ...inner.args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    let stdin = '';
    while (!inner.stdin.isTerminal) {
      while (!inner.stdin.isReadable) yield { kind: 'input' as const, stream: inner.stdin };
      const chunk = inner.stdin.take();
      if (chunk === undefined) break;
      stdin += chunk;
    }
    const result = host.exec(namespace, pod, container, ['sh', '-c', `cd '${resolvePath('/', inner.cwd)}' && ${script}`], stdin);
    if (typeof result === 'string') {
      inner.stderr.write(`${result}\n`);
      return 1;
    }
    if (result.tookMs !== undefined && result.tookMs > 0 && Number.isFinite(result.tookMs))
      yield { kind: 'sleep' as const, untilMs: host.now + result.tookMs };
    inner.stdout.write(result.stdout);
    inner.stderr.write(result.stderr);
    return result.exitCode;
  })();
}
