import { RuntimeUnavailable } from '../../runtime/container-runtime.ts';
import type { CommandContext, ShellCommand } from '../command.ts';
import type { Program } from '../task.ts';
import { annotate, cordon, drain, label, patch, scale, set, taint, uncordon } from './commands/change.ts';
import { create, expose, run } from './commands/create.ts';
import { describe } from './commands/describe.ts';
import { exec, logs } from './commands/exec.ts';
import { get } from './commands/get.ts';
import { apiResources, apiVersions, clusterInfo, config, events, explain, version } from './commands/info.ts';
import { apply, diff, remove, replace } from './commands/manifests.ts';
import { rollout } from './commands/rollout.ts';
import { wait } from './commands/wait.ts';
import { parseFlags, UsageProblem } from './flags.ts';
import { isRefused, openSession, refusedText, ServerProblem } from './session.ts';
import type { KubectlVerb } from './verb.ts';

/** Every subcommand, in the order in which the help lists them. */
export const verbs: readonly KubectlVerb[] = [
  create,
  expose,
  run,
  set,
  explain,
  get,
  remove,
  rollout,
  scale,
  clusterInfo,
  cordon,
  uncordon,
  drain,
  taint,
  describe,
  logs,
  exec,
  diff,
  apply,
  patch,
  replace,
  wait,
  label,
  annotate,
  apiResources,
  apiVersions,
  config,
  events,
  version,
];

/** Subcommands of the real kubectl that this one does not have; it says so instead of pretending. */
const notSimulated = [
  'attach',
  'auth',
  'autoscale',
  'certificate',
  'cp',
  'debug',
  'edit',
  'kustomize',
  'plugin',
  'port-forward',
  'proxy',
  'top',
  'completion',
  'options',
];

/** `kubectl` as a command of the shell. */
export const kubectl: ShellCommand = {
  name: 'kubectl',
  *run(context): Program {
    const at = context.args.findIndex((argument) => !argument.startsWith('-'));
    // Global flags may stand before the subcommand: `kubectl -n web get pods`.
    const nameAt = at > 0 && /^(-n|--namespace|--context|--kubeconfig)$/.test(context.args[at - 1] ?? '') ? at + 1 : at;
    const name = nameAt < 0 ? undefined : context.args[nameAt];
    if (name === undefined || name === 'help') {
      context.stdout.write(helpText());
      return 0;
    }
    const verb = verbs.find((candidate) => candidate.name === name);
    if (!verb) return refuse(context, name);
    return yield* guarded(context, verb, [...context.args.slice(0, nameAt), ...context.args.slice(nameAt + 1)]);
  },
};

function refuse({ stderr }: CommandContext, name: string): number {
  stderr.write(
    notSimulated.includes(name)
      ? `error: "kubectl ${name}" is not simulated here yet\n`
      : `error: unknown command "${name}" for "kubectl"\n`,
  );
  return 1;
}

function* guarded(context: CommandContext, verb: KubectlVerb, args: readonly string[]): Program {
  try {
    if (args.includes('--help') || args.includes('-h')) {
      context.stdout.write(
        `${verb.summary}.\n\nOptions:\n${Object.entries(verb.flags)
          .map(([name, { short }]) => `    ${short ? `-${short}, ` : ''}--${name}\n`)
          .join('')}`,
      );
      return 0;
    }
    return yield* verb.run(openSession(context, parseFlags(args, verb.flags)));
  } catch (error) {
    return explainProblem(context, error, verb.name);
  }
}

function explainProblem({ stderr, host }: CommandContext, error: unknown, verb: string): number {
  if (error instanceof ServerProblem) stderr.write(`${error.message}\n`);
  else if (error instanceof UsageProblem)
    stderr.write(
      error.message.startsWith('Error from server')
        ? `${error.message}\n`
        : `error: ${error.message.replace(/^error: /, '')}\n${/^unknown (shorthand )?flag/.test(error.message) ? `See 'kubectl ${verb} --help' for usage.\n` : ''}`,
    );
  else if (isRefused(error)) stderr.write(`${refusedText(host)}\n`);
  else if (error instanceof RuntimeUnavailable) stderr.write(`Error from server: ${error.message}\n`);
  else throw error;
  return 1;
}

function helpText(): string {
  const widest = Math.max(...verbs.map(({ name }) => name.length));
  return `kubectl controls the Kubernetes cluster manager.\n\nCommands:\n${verbs.map(({ name, summary }) => `  ${name.padEnd(widest)}  ${summary}\n`).join('')}\nUsage:\n  kubectl [flags] [options]\n`;
}
