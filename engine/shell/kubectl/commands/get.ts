import type { ObjectList } from '../../../apiserver/request.ts';
import type { AnyKind, ApiObject } from '../../../kinds/define-kind.ts';
import type { Program, Wait } from '../../task.ts';
import { readDocuments, readSources } from '../files.ts';
import { flag, isSet, listFlag, UsageProblem } from '../flags.ts';
import { findPath } from '../jsonpath.ts';
import { alignRows, type PrintOptions, printData, tableRows } from '../printers.ts';
import { call, findObject, getObject, readTargets, requireKind, ServerProblem, type Session, type Target } from '../session.ts';
import { fileFlags, type KubectlVerb, outputFlag, selectorFlags } from '../verb.ts';

interface Found {
  readonly kind: AnyKind;
  readonly objects: readonly ApiObject[];
  /** Whether one object was asked for by name. */
  readonly isSingle: boolean;
}

/** `kubectl get`. */
export const get: KubectlVerb = {
  name: 'get',
  summary: 'Display one or many resources',
  flags: {
    ...outputFlag,
    ...selectorFlags,
    ...fileFlags,
    watch: { short: 'w', type: 'boolean' },
    'watch-only': { type: 'boolean' },
    'show-labels': { type: 'boolean' },
    'no-headers': { type: 'boolean' },
    'label-columns': { short: 'L', type: 'list' },
    'sort-by': { type: 'value' },
    'ignore-not-found': { type: 'boolean' },
    'show-kind': { type: 'boolean' },
    raw: { type: 'value' },
    'chunk-size': { type: 'value' },
  },
  *run(session) {
    const raw = flag(session.parsed, 'raw');
    if (raw !== undefined) return getRaw(session, raw);
    const targets = isSet(session.parsed, 'filename') ? yield* targetsOfFiles(session) : readTargets(session, session.parsed.words);
    const { found, problems } = fetchAll(session, targets);
    const isWatching = isSet(session.parsed, 'watch') || isSet(session.parsed, 'watch-only');
    if (!isSet(session.parsed, 'watch-only')) print(session, found, isWatching);
    for (const problem of problems) session.warn(problem);
    if (isWatching && found[0] && targets[0]) return yield* watch(session, targets[0], found[0].objects);
    return problems.length > 0 ? 1 : 0;
  },
};

function* targetsOfFiles(session: Session): Generator<Wait, readonly Target[], void> {
  const documents = readDocuments(yield* readSources(session));
  return documents.map(({ document }) => {
    const { kind = '', metadata } = document.value as ApiObject;
    return { kind: requireKind(session.host, kind), names: [metadata?.name ?? ''] };
  });
}

function fetchAll(
  session: Session,
  targets: readonly Target[],
): { readonly found: readonly Found[]; readonly problems: readonly string[] } {
  const found: Found[] = [];
  const problems: string[] = [];
  for (const { kind, names } of targets) {
    if (names.length === 0) {
      found.push({ kind, objects: sortObjects(session, list(session, kind)), isSingle: false });
      continue;
    }
    if (isSet(session.parsed, 'selector')) throw new UsageProblem('name cannot be provided when a selector is specified');
    if (isSet(session.parsed, 'all-namespaces')) throw new UsageProblem('a resource cannot be retrieved by name across all namespaces');
    const objects: ApiObject[] = [];
    for (const name of names) {
      try {
        const object = isSet(session.parsed, 'ignore-not-found') ? findObject(session, kind, name) : getObject(session, kind, name);
        if (object) objects.push(object);
      } catch (error) {
        if (!(error instanceof ServerProblem)) throw error;
        problems.push(error.message);
      }
    }
    found.push({ kind, objects, isSingle: names.length === 1 });
  }
  return { found, problems };
}

function list(session: Session, kind: AnyKind): readonly ApiObject[] {
  const labelSelector = flag(session.parsed, 'selector');
  const fieldSelector = flag(session.parsed, 'field-selector');
  const options = { ...(labelSelector !== undefined && { labelSelector }), ...(fieldSelector !== undefined && { fieldSelector }) };
  return (call(session, 'list', kind, { options }) as ObjectList).items;
}

function sortObjects(session: Session, objects: readonly ApiObject[]): readonly ApiObject[] {
  const path = flag(session.parsed, 'sort-by');
  if (path === undefined) return objects;
  const keyOf = (object: ApiObject): unknown => findPath(path.replace(/^\{|\}$/g, '').replace(/^(?!\.)/, '.'), object)[0];
  return [...objects].sort((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    if (left === right) return 0;
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    return (left as string) < (right as string) ? -1 : 1;
  });
}

function printOptions(session: Session, withKind: boolean): PrintOptions {
  const { parsed, host } = session;
  return {
    wide: flag(parsed, 'output') === 'wide',
    withNamespace: isSet(parsed, 'all-namespaces'),
    withKind: withKind || isSet(parsed, 'show-kind'),
    showLabels: isSet(parsed, 'show-labels'),
    labelColumns: listFlag(parsed, 'label-columns'),
    noHeaders: isSet(parsed, 'no-headers'),
    now: host.now,
  };
}

function print(session: Session, found: readonly Found[], isWatching: boolean): void {
  const format = flag(session.parsed, 'output') ?? '';
  const objects = found.flatMap((one) => one.objects);
  const only = found.length === 1 && found[0]?.isSingle ? objects[0] : undefined;
  if (only === undefined && found.length === 1 && found[0]?.isSingle) return;
  const data = only ?? { apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } };
  const text = printData(format, data, (object) => session.host.kinds.findKind(object.apiVersion ?? '', object.kind ?? ''));
  if (text !== undefined) {
    session.print(text);
    return;
  }
  const filled = found.filter((one) => one.objects.length > 0);
  if (filled.length === 0 && !isWatching) {
    if (found.some((one) => !one.isSingle))
      session.warn(
        isSet(session.parsed, 'all-namespaces') || found.every((one) => !one.kind.namespaced)
          ? 'No resources found'
          : `No resources found in ${session.namespace} namespace.`,
      );
    return;
  }
  filled.forEach(({ kind, objects: rows }, index) => {
    if (index > 0) session.print('\n');
    session.print(
      alignRows(
        tableRows(kind, rows, {
          ...printOptions(session, found.length > 1),
          withNamespace: isSet(session.parsed, 'all-namespaces') && kind.namespaced,
        }),
      ),
    );
  });
}

/** Prints a row for each change, until the person stops it. */
function* watch(session: Session, { kind, names }: Target, first: readonly ApiObject[]): Program {
  const keyOf = ({ metadata }: ApiObject): string => `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
  let known = new Map(first.map((object) => [keyOf(object), object]));
  let widths = columnWidths(tableRows(kind, first, printOptions(session, false)));
  let isHeaded = first.length > 0 || isSet(session.parsed, 'no-headers');
  for (;;) {
    yield { kind: 'change', revision: session.host.revision, untilMs: undefined };
    const objects = list(session, kind).filter(({ metadata }) => names.length === 0 || names.includes(metadata?.name ?? ''));
    const next = new Map(objects.map((object) => [keyOf(object), object]));
    const changed = objects.filter((object) => known.get(keyOf(object))?.metadata?.resourceVersion !== object.metadata?.resourceVersion);
    const gone = [...known.values()].filter((object) => !next.has(keyOf(object)));
    known = next;
    const format = flag(session.parsed, 'output') ?? '';
    for (const object of [...changed, ...gone]) {
      const text = printData(format, object, () => kind);
      if (text !== undefined) {
        session.print(format.startsWith('jsonpath') ? `${text}` : text);
        continue;
      }
      const rows = tableRows(kind, [object], { ...printOptions(session, false), noHeaders: isHeaded });
      isHeaded = true;
      widths = columnWidths(rows, widths);
      session.print(
        rows
          .map((row) => `${row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('   ')}\n`)
          .join(''),
      );
    }
  }
}

function columnWidths(rows: readonly (readonly string[])[], before: readonly number[] = []): readonly number[] {
  const widths = [...before];
  for (const row of rows)
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  return widths;
}

/** The paths of the API that are not about objects. */
function getRaw(session: Session, path: string): number {
  const [route = '', query = ''] = path.split('?');
  if (['/healthz', '/livez', '/readyz'].includes(route)) {
    session.host.api({ verb: 'list', kind: requireKind(session.host, 'namespaces'), namespace: '', name: '', options: {} });
    session.print(query.includes('verbose') ? `[+]ping ok\n[+]log ok\n[+]etcd ok\n${route.slice(1)} check passed\n` : 'ok');
    return 0;
  }
  if (route === '/version') {
    const [major = '1', minor = '36'] = session.host.version.split('.');
    session.print(JSON.stringify({ major, minor, gitVersion: `v${session.host.version}` }));
    return 0;
  }
  const parts = /^\/(?:api\/(v1)|apis\/([^/]+)\/([^/]+))(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/.exec(route);
  const kind = parts ? session.host.kinds.findResource(parts[2] ?? '', parts[1] ?? parts[3] ?? '', parts[5] ?? '') : undefined;
  if (!parts || !kind) throw new UsageProblem('Error from server (NotFound): the server could not find the requested resource');
  const name = parts[6] ?? '';
  session.print(`${JSON.stringify(call(session, name === '' ? 'list' : 'get', kind, { namespace: parts[4] ?? '', name }))}\n`);
  return 0;
}
