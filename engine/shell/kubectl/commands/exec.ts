import { type Pod, pod } from '../../../kinds/core/pod.ts';
import type { ApiObject } from '../../../kinds/define-kind.ts';
import { matchesSelector } from '../../../kinds/labels.ts';
import type { V1LabelSelector } from '../../../schema/generated/models.ts';
import { readAll } from '../../command.ts';
import { containerShell } from '../../container-shell.ts';
import type { Program, Wait } from '../../task.ts';
import { flag, isSet, UsageProblem } from '../flags.ts';
import { call, findObject, getObject, listObjects, readTargets, ServerProblem, type Session } from '../session.ts';
import { type KubectlVerb, selectorFlags } from '../verb.ts';

/** The pod that `web`, `pod/web`, `deploy/web` or `svc/web` stands for. */
function podOf(session: Session, word: string | undefined): Pod {
  if (word === undefined) throw new UsageProblem('expected POD_NAME or TYPE/NAME');
  if (!word.includes('/')) return getObject(session, pod, word) as Pod;
  const [target] = readTargets(session, [word]);
  const name = target?.names[0] ?? '';
  if (!target || target.kind.kind === 'Pod') return getObject(session, pod, name) as Pod;
  const owner = getObject(session, target.kind, name) as ApiObject & {
    readonly spec?: { readonly selector?: V1LabelSelector | Readonly<Record<string, string>> };
  };
  const selector = owner.spec?.selector;
  const isPlain = target.kind.kind === 'Service';
  const found = (listObjects(session, pod) as readonly Pod[]).filter(({ metadata }) =>
    matchesSelector(
      isPlain ? { matchLabels: selector as Readonly<Record<string, string>> } : (selector as V1LabelSelector),
      metadata?.labels,
    ),
  );
  const [first] = found.filter(({ status }) => status?.phase === 'Running').concat(found);
  if (!first) throw new UsageProblem(`timed out waiting for the condition: no pods found for ${word}`);
  return first;
}

function containerOf(session: Session, found: Pod): string {
  const wanted = flag(session.parsed, 'container');
  const names = [...(found.spec?.containers ?? []), ...(found.spec?.initContainers ?? [])].map(({ name }) => name);
  const [first = ''] = names;
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw new ServerProblem({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      reason: 'BadRequest',
      message: `container ${wanted} is not valid for pod ${found.metadata?.name ?? ''}`,
      code: 400,
    });
  }
  if ((found.spec?.containers.length ?? 0) > 1) session.warn(`Defaulted container "${first}" out of: ${names.join(', ')}`);
  return first;
}

/** `kubectl logs`. */
export const logs: KubectlVerb = {
  name: 'logs',
  summary: 'Print the logs for a container in a pod',
  flags: {
    ...selectorFlags,
    container: { short: 'c', type: 'value' },
    follow: { short: 'f', type: 'boolean' },
    previous: { short: 'p', type: 'boolean' },
    tail: { type: 'value' },
    timestamps: { type: 'boolean' },
    since: { type: 'value' },
    'all-containers': { type: 'boolean' },
    prefix: { type: 'boolean' },
    'ignore-errors': { type: 'boolean' },
  },
  *run(session) {
    const selector = flag(session.parsed, 'selector');
    const pods =
      selector === undefined
        ? [podOf(session, session.parsed.words[0])]
        : (listObjects(session, pod, { labelSelector: selector }) as readonly Pod[]);
    if (pods.length === 0) session.warn(`No resources found in ${session.namespace} namespace.`);
    const wanted = session.parsed.words[1];
    const read = (found: Pod, container: string): string =>
      call(session, 'get', pod, {
        name: found.metadata?.name ?? '',
        namespace: found.metadata?.namespace ?? session.namespace,
        subresource: 'log',
        options: {
          log: {
            container,
            previous: isSet(session.parsed, 'previous'),
            timestamps: isSet(session.parsed, 'timestamps'),
            ...(flag(session.parsed, 'tail') !== undefined && { tailLines: Number(flag(session.parsed, 'tail')) }),
          },
        },
      }) as string;
    for (const found of pods) {
      const containers = isSet(session.parsed, 'all-containers')
        ? (found.spec?.containers ?? []).map(({ name }) => name)
        : [wanted ?? containerOf(session, found)];
      for (const container of containers) {
        const text = read(found, container);
        const prefix = isSet(session.parsed, 'prefix') ? `[pod/${found.metadata?.name ?? ''}/${container}] ` : '';
        session.print(prefix === '' ? text : text.replaceAll(/^(?=.)/gm, prefix));
        if (isSet(session.parsed, 'follow')) return yield* follow(session, found, container, text);
      }
    }
    return 0;
  },
};

const followEveryMs = 1000;

/** Prints what a container adds to its log until it ends. */
function* follow(session: Session, found: Pod, container: string, printed: string): Program {
  let seen = printed.length;
  const name = found.metadata?.name ?? '';
  for (;;) {
    yield { kind: 'sleep', untilMs: session.host.now + followEveryMs };
    const present = findObject(session, pod, name) as Pod | undefined;
    const isRunning = present?.status?.containerStatuses?.some((status) => status.name === container && status.state?.running);
    if (!present) return 0;
    const text = call(session, 'get', pod, { name, subresource: 'log', options: { log: { container } } }) as string;
    if (text.length > seen) session.print(text.slice(seen));
    seen = text.length;
    if (!isRunning) return 0;
  }
}

/** `kubectl exec`. */
export const exec: KubectlVerb = {
  name: 'exec',
  summary: 'Execute a command in a container',
  flags: {
    container: { short: 'c', type: 'value' },
    stdin: { short: 'i', type: 'boolean' },
    tty: { short: 't', type: 'boolean' },
    quiet: { short: 'q', type: 'boolean' },
  },
  *run(session) {
    const argv = session.parsed.rest ?? session.parsed.words.slice(1);
    const found = podOf(session, session.parsed.words[0]);
    const { phase = '' } = found.status ?? {};
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new UsageProblem(`cannot exec into a container in a completed pod; current phase is ${phase}`);
    if (argv.length === 0) throw new UsageProblem('you must specify at least one command for the container');
    return yield* runInContainer(session, { found, container: containerOf(session, found), argv });
  },
};

interface ContainerCommand {
  readonly found: Pod;
  readonly container: string;
  readonly argv: readonly string[];
}

function* runInContainer(session: Session, { found, container, argv }: ContainerCommand): Program {
  const { name = '', namespace = 'default' } = found.metadata ?? {};
  const isShell = /^(?:\/bin\/)?(?:sh|bash|ash)$/.test(argv[0] ?? '') && argv.length === 1;
  if (isShell && isSet(session.parsed, 'stdin')) return yield* containerShell(session.context, { namespace, pod: name, container });
  const stdin = isSet(session.parsed, 'stdin') && !session.context.stdin.isTerminal ? yield* readAll(session.context.stdin) : '';
  const result = session.host.exec(namespace, name, container, argv, stdin);
  if (typeof result === 'string') throw new UsageProblem(result);
  if (result.tookMs !== undefined && result.tookMs > 0) yield { kind: 'sleep', untilMs: session.host.now + result.tookMs };
  session.print(result.stdout);
  session.context.stderr.write(result.stderr);
  if (result.exitCode !== 0) session.warn(`command terminated with exit code ${result.exitCode}`);
  return result.exitCode;
}

/** What `kubectl run -i` does once the pod exists: waits for it, shows its output or a shell in it, and removes it when asked to. */
export function* attach(session: Session, name: string, { removeAfter }: { readonly removeAfter: boolean }): Program {
  let status = 0;
  try {
    const started = yield* waitForStart(session, name);
    const container = started.spec?.containers[0];
    const argv = [...(container?.command ?? []), ...(container?.args ?? [])];
    const isShell = /^(?:\/bin\/)?(?:sh|bash|ash)$/.test(argv[0] ?? '') && argv.length === 1;
    if (isShell || (argv.length === 0 && isSet(session.parsed, 'tty'))) {
      if (!isSet(session.parsed, 'quiet')) session.print("If you don't see a command prompt, try pressing enter.\n");
      status = yield* containerShell(session.context, { namespace: session.namespace, pod: name, container: container?.name ?? '' });
    } else status = yield* followToEnd(session, started, container?.name ?? '');
  } finally {
    if (removeAfter) {
      call(session, 'delete', pod, { name, options: { remove: { gracePeriodSeconds: 1 } } });
      session.print(`pod "${name}" deleted from ${session.namespace} namespace\n`);
    }
  }
  return status;
}

function* waitForStart(session: Session, name: string): Generator<Wait, Pod, void> {
  for (;;) {
    const found = getObject(session, pod, name) as Pod;
    const state = found.status?.containerStatuses?.[0]?.state;
    if (state?.running || state?.terminated || found.status?.phase === 'Succeeded' || found.status?.phase === 'Failed') return found;
    if (/ImagePullBackOff|ErrImagePull|InvalidImageName/.test(state?.waiting?.reason ?? ''))
      throw new UsageProblem(`timed out waiting for the condition: ${state?.waiting?.message ?? ''}`);
    yield { kind: 'change', revision: session.host.revision, untilMs: undefined };
  }
}

function* followToEnd(session: Session, found: Pod, container: string): Program {
  const name = found.metadata?.name ?? '';
  const text = call(session, 'get', pod, { name, subresource: 'log', options: { log: { container } } }) as string;
  session.print(text);
  yield* follow(session, found, container, text);
  const ended = findObject(session, pod, name) as Pod | undefined;
  const state = ended?.status?.containerStatuses?.[0];
  return (state?.state?.terminated ?? state?.lastState?.terminated)?.exitCode ?? 0;
}
