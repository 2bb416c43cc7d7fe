import type { AnyKind, ApiObject } from '../../../kinds/define-kind.ts';
import { toYaml } from '../../../schema/yaml-output.ts';
import type { Program, Wait } from '../../task.ts';
import { applyManifests, kindOf } from '../apply.ts';
import { readDocuments, readSources } from '../files.ts';
import { flag, isSet, UsageProblem } from '../flags.ts';
import { printData } from '../printers.ts';
import { call, findObject, quotedName, readTargets, refusalText, ServerProblem, type Session, shownName } from '../session.ts';
import { threeWayPatch } from '../three-way-merge.ts';
import { dryRunFlag, fileFlags, type KubectlVerb, selectorFlags } from '../verb.ts';

export type DryRun = 'none' | 'client' | 'server';

export function dryRunOf(session: Session): DryRun {
  const value = flag(session.parsed, 'dry-run');
  if (value === undefined || value === 'none') return 'none';
  if (value === 'client' || value === 'server') return value;
  throw new UsageProblem(`Invalid dry-run value (${value || 'unchanged'}). Must be "none", "server", or "client".`);
}

/** The request option for `--dry-run`: what the client alone would show is what the server would answer. */
export function dryRunOption(session: Session): { readonly dryRun?: true } {
  return dryRunOf(session) === 'none' ? {} : { dryRun: true };
}

export function dryRunSuffix(dryRun: DryRun): string {
  return dryRun === 'none' ? '' : dryRun === 'client' ? ' (dry run)' : ' (server dry run)';
}

/** Prints an object that was written (or would be), in the format that was asked for, or one line that says what happened. */
export function report(session: Session, object: ApiObject, happened: string): void {
  const kind = session.host.kinds.findKind(object.apiVersion ?? '', object.kind ?? '');
  const text = printData(flag(session.parsed, 'output') ?? '', object, () => kind);
  session.print(text ?? `${kind ? shownName(kind, object.metadata?.name ?? '') : ''} ${happened}${dryRunSuffix(dryRunOf(session))}\n`);
}

/** `kubectl apply`. */
export const apply: KubectlVerb = {
  name: 'apply',
  summary: 'Apply a configuration to a resource by file name or stdin',
  flags: { ...fileFlags, ...dryRunFlag, validate: { type: 'optional' }, wait: { type: 'boolean' } },
  *run(session) {
    const dryRun = dryRunOf(session);
    let status = 0;
    for (const { name, text } of yield* readSources(session)) {
      const result = applyManifests(session.host, text, {
        namespace: session.namespace,
        source: name,
        ...(dryRun !== 'none' && { dryRun }),
      });
      for (const warning of result.warnings) session.warn(warning);
      for (const line of result.lines) session.print(`${line}\n`);
      for (const problem of result.problems)
        session.warn(/^(Error from server|The )/.test(problem.message) ? problem.message : `error: ${problem.message}`);
      if (result.problems.length > 0) status = 1;
    }
    return status;
  },
};

function* writeAll(session: Session, write: (object: ApiObject, source: string) => void): Program {
  let status = 0;
  for (const { source, document } of readDocuments(yield* readSources(session))) {
    const kind = kindOf(session.host, document, source);
    if ('message' in kind) throw new UsageProblem(kind.message);
    try {
      write(document.value as ApiObject, source);
    } catch (error) {
      if (!(error instanceof ServerProblem)) throw error;
      const doing = session.context.args[0] === 'replace' ? 'replacing' : 'creating';
      session.warn(refusalText(error.status, `error when ${doing} ${JSON.stringify(source)}: `));
      status = 1;
    }
  }
  return status;
}

/** `kubectl create -f`; the imperative forms are in create.ts. */
export function* createFromFiles(session: Session): Program {
  return yield* writeAll(session, (object) => {
    const kind = session.host.kinds.findKind(object.apiVersion ?? '', object.kind ?? '');
    if (!kind) return;
    if (dryRunOf(session) === 'client') return report(session, object, 'created');
    const options = { fieldManager: 'kubectl-create', ...(dryRunOf(session) === 'server' && { dryRun: true }) };
    report(
      session,
      call(session, 'create', kind, {
        body: object,
        ...(object.metadata?.namespace && { namespace: object.metadata.namespace }),
        options,
      }) as ApiObject,
      'created',
    );
  });
}

/** `kubectl replace`. */
export const replace: KubectlVerb = {
  name: 'replace',
  summary: 'Replace a resource by file name or stdin',
  flags: { ...fileFlags, ...dryRunFlag, force: { type: 'boolean' }, 'grace-period': { type: 'value' } },
  *run(session) {
    return yield* writeAll(session, (object) => {
      const kind = session.host.kinds.findKind(object.apiVersion ?? '', object.kind ?? '');
      if (!kind) return;
      const name = object.metadata?.name ?? '';
      const place = { name, ...(object.metadata?.namespace && { namespace: object.metadata.namespace }) };
      if (isSet(session.parsed, 'force')) {
        call(session, 'delete', kind, { ...place, options: { remove: { gracePeriodSeconds: 0 } } });
        session.print(`${quotedName(kind, name)} deleted\n`);
        const { resourceVersion: _, ...metadata } = object.metadata ?? {};
        return report(session, call(session, 'create', kind, { ...place, body: { ...object, metadata } }) as ApiObject, 'replaced');
      }
      report(session, call(session, 'update', kind, { ...place, body: object }) as ApiObject, 'replaced');
    });
  },
};

/** `kubectl delete`. */
export const remove: KubectlVerb = {
  name: 'delete',
  summary: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  flags: {
    ...fileFlags,
    ...selectorFlags,
    all: { type: 'boolean' },
    force: { type: 'boolean' },
    now: { type: 'boolean' },
    'grace-period': { type: 'value' },
    cascade: { type: 'optional' },
    'ignore-not-found': { type: 'boolean' },
    wait: { type: 'optional' },
    timeout: { type: 'value' },
    ...dryRunFlag,
  },
  *run(session) {
    const victims = isSet(session.parsed, 'filename')
      ? filesAsVictims(
          session,
          readDocuments(yield* readSources(session)).map(({ document }) => document.value as ApiObject),
        )
      : namedVictims(session);
    const waiting: Victim[] = [];
    let status = 0;
    if (isSet(session.parsed, 'force'))
      session.warn(
        'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.',
      );
    for (const victim of victims) {
      const problem = removeOne(session, victim);
      if (problem === undefined) waiting.push(victim);
      else {
        session.warn(problem);
        status = 1;
      }
    }
    if (victims.length === 0 && status === 0) session.print('No resources found\n');
    if (flag(session.parsed, 'wait') === 'false' || isSet(session.parsed, 'force') || dryRunOf(session) !== 'none') return status;
    yield* waitUntilGone(session, waiting);
    return status;
  },
};

interface Victim {
  readonly kind: AnyKind;
  readonly name: string;
  readonly namespace: string;
}

function filesAsVictims(session: Session, objects: readonly ApiObject[]): readonly Victim[] {
  return objects.flatMap((object) => {
    const kind = session.host.kinds.findKind(object.apiVersion ?? '', object.kind ?? '');
    return kind ? [{ kind, name: object.metadata?.name ?? '', namespace: object.metadata?.namespace ?? session.namespace }] : [];
  });
}

function namedVictims(session: Session): readonly Victim[] {
  return readTargets(session, session.parsed.words).flatMap(({ kind, names }) => {
    if (names.length > 0) return names.map((name) => ({ kind, name, namespace: session.namespace }));
    const labelSelector = flag(session.parsed, 'selector');
    if (labelSelector === undefined && !isSet(session.parsed, 'all'))
      throw new UsageProblem('resource(s) were provided, but no name was specified');
    const list = call(session, 'list', kind, { options: labelSelector === undefined ? {} : { labelSelector } }) as {
      readonly items: readonly ApiObject[];
    };
    return list.items.map(({ metadata }) => ({ kind, name: metadata?.name ?? '', namespace: metadata?.namespace ?? '' }));
  });
}

function removeOne(session: Session, { kind, name, namespace }: Victim): string | undefined {
  const cascade = flag(session.parsed, 'cascade');
  const propagationPolicy = cascade === 'orphan' || cascade === 'false' ? 'Orphan' : cascade === 'foreground' ? 'Foreground' : 'Background';
  const grace = isSet(session.parsed, 'now')
    ? '1'
    : (flag(session.parsed, 'grace-period') ?? (isSet(session.parsed, 'force') ? '0' : undefined));
  const dryRun = dryRunOf(session);
  try {
    if (dryRun !== 'client') {
      call(session, 'delete', kind, {
        name,
        namespace,
        options: {
          ...(dryRun === 'server' && { dryRun: true }),
          remove: { propagationPolicy, ...(grace !== undefined && Number(grace) >= 0 && { gracePeriodSeconds: Number(grace) }) },
        },
      });
    }
  } catch (error) {
    if (!(error instanceof ServerProblem)) throw error;
    return error.status.code === 404 && isSet(session.parsed, 'ignore-not-found') ? undefined : error.message;
  }
  const where = kind.namespaced ? ` from ${namespace} namespace` : '';
  session.print(
    flag(session.parsed, 'output') === 'name'
      ? `${shownName(kind, name)}\n`
      : `${quotedName(kind, name)} ${isSet(session.parsed, 'force') ? 'force ' : ''}deleted${where}${dryRunSuffix(dryRun)}\n`,
  );
  return undefined;
}

function* waitUntilGone(session: Session, victims: readonly Victim[]): Generator<Wait, void, void> {
  for (const { kind, name, namespace } of victims) {
    while (findObject(session, kind, name, namespace)) yield { kind: 'change', revision: session.host.revision, untilMs: undefined };
  }
}

/** `kubectl diff`: what an apply would change, in the unified form of diff(1), whole objects as context. */
export const diff: KubectlVerb = {
  name: 'diff',
  summary: 'Diff the live version against a would-be applied version',
  flags: fileFlags,
  *run(session) {
    let status = 0;
    for (const { source, document } of readDocuments(yield* readSources(session))) {
      const kind = kindOf(session.host, document, source);
      if ('message' in kind) throw new UsageProblem(kind.message);
      const object = document.value as ApiObject;
      const current = findObject(session, kind, object.metadata?.name ?? '', object.metadata?.namespace ?? session.namespace);
      const patch = current && threeWayPatch(kind.model, { original: undefined, modified: object, current });
      const next =
        current && patch
          ? (call(session, 'patch', kind, {
              name: object.metadata?.name ?? '',
              body: patch,
              options: { patchType: 'strategic', dryRun: true },
            }) as ApiObject)
          : (current ?? object);
      const text = unifiedDiff(
        current ? toYaml(current) : '',
        toYaml(next),
        `${kind.group}.${kind.version}.${kind.kind}.${session.namespace}.${object.metadata?.name ?? ''}`,
      );
      if (text === '') continue;
      session.print(text);
      status = 1;
    }
    return status;
  },
};

/** A unified diff by longest common subsequence; manifests are short. */
function unifiedDiff(before: string, after: string, name: string): string {
  if (before === after) return '';
  const [a, b] = [before.split('\n').slice(0, -1), after.split('\n').slice(0, -1)];
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      (lengths[i] as number[])[j] =
        a[i] === b[j] ? (lengths[i + 1]?.[j + 1] as number) + 1 : Math.max(lengths[i + 1]?.[j] as number, lengths[i]?.[j + 1] as number);
    }
  }
  const rows: string[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push(` ${a[i++]}`);
      j++;
    } else if (j >= b.length || (i < a.length && (lengths[i + 1]?.[j] as number) >= (lengths[i]?.[j + 1] as number)))
      rows.push(`-${a[i++]}`);
    else rows.push(`+${b[j++]}`);
  }
  return [
    `diff -u -N /tmp/LIVE/${name} /tmp/MERGED/${name}`,
    `--- /tmp/LIVE/${name}`,
    `+++ /tmp/MERGED/${name}`,
    `@@ -1,${a.length} +1,${b.length} @@`,
    ...rows,
    '',
  ].join('\n');
}
