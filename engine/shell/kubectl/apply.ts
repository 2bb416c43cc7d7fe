import type { AnyKind, ApiObject } from '../../kinds/define-kind.ts';
import type { Status } from '../../schema/api-error.ts';
import { type ManifestDocument, readManifests } from '../../schema/yaml-input.ts';
import type { ShellHost } from '../shell-host.ts';
import { call, findObject, isRefused, refusalText, refusedText, ServerProblem, shownName } from './session.ts';
import { threeWayPatch } from './three-way-merge.ts';

/** Something that kept a document from being applied. */
export interface ApplyProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export interface ApplyReport {
  /** `deployment.apps/web created`, one per object that went through. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
  readonly problems: readonly ApplyProblem[];
}

export interface ApplyOptions {
  readonly namespace: string;
  readonly dryRun?: 'client' | 'server';
  /** How the text is named in messages: `deployment.yaml`, `STDIN`. */
  readonly source: string;
}

export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** Applies every document of a manifest, as `kubectl apply -f` does. What can be applied is, even when others cannot. */
export function applyManifests(host: ShellHost, text: string, options: ApplyOptions): ApplyReport {
  const { documents, problems } = readManifests(text);
  const report = {
    lines: [] as string[],
    warnings: [] as string[],
    problems: problems.map((problem) => ({ ...problem, message: `error parsing ${options.source}: ${problem.message}` })),
  };
  if (problems.length > 0) return report;
  if (documents.length === 0) report.problems.push({ message: 'no objects passed to apply', line: 1, column: 1 });
  for (const document of documents) {
    for (const item of itemsOf(document)) {
      const found = applyOne(host, item, options, report.warnings);
      if (typeof found === 'string') report.lines.push(found);
      else report.problems.push(found);
    }
  }
  return report;
}

/** The objects of a document: itself, or the items of a List. */
export function itemsOf(document: ManifestDocument): readonly ManifestDocument[] {
  const { kind, items } = document.value as { readonly kind?: unknown; readonly items?: unknown };
  if (kind !== 'List' || !Array.isArray(items)) return [document];
  return items.map((value: unknown, index) => ({
    value,
    line: document.place(`items[${index}]`).line,
    place: (path) => document.place(`items[${index}].${path}`),
  }));
}

function applyOne(host: ShellHost, document: ManifestDocument, options: ApplyOptions, warnings: string[]): string | ApplyProblem {
  const kind = kindOf(host, document, options.source);
  if ('message' in kind) return kind;
  const object = document.value as ApiObject;
  const session = { host, namespace: object.metadata?.namespace ?? options.namespace, warn: (text: string) => warnings.push(text) };
  const name = object.metadata?.name ?? '';
  if (name === '')
    return {
      message: `error: error when retrieving current configuration of ${kind.kind}: resource name may not be empty`,
      ...document.place('metadata'),
    };
  try {
    return write(session, { kind, object, name }, options);
  } catch (error) {
    if (isRefused(error)) return { message: refusedText(host), line: document.line, column: 1 };
    if (!(error instanceof ServerProblem)) throw error;
    const isNew = error.status.code === 404 || !findObject(session, kind, name);
    return describeRefusal({ status: error.status, isNew }, document, options.source);
  }
}

/** The kind that a document names, or what is wrong with it. */
export function kindOf(host: ShellHost, document: ManifestDocument, source: string): AnyKind | ApplyProblem {
  const place = { line: document.line, column: 1 };
  const { apiVersion, kind } = (typeof document.value === 'object' && document.value !== null ? document.value : {}) as {
    readonly apiVersion?: unknown;
    readonly kind?: unknown;
  };
  if (typeof kind !== 'string' || kind === '')
    return {
      ...place,
      message: `error validating "${source}": error validating data: kind not set; if you choose to ignore these errors, turn validation off with --validate=false`,
    };
  if (typeof apiVersion !== 'string' || apiVersion === '')
    return {
      ...place,
      message: `error validating "${source}": error validating data: apiVersion not set; if you choose to ignore these errors, turn validation off with --validate=false`,
    };
  const found = host.kinds.findKind(apiVersion, kind);
  if (found) return found;
  return {
    ...document.place('kind'),
    message: `resource mapping not found for name: "${String((document.value as ApiObject).metadata?.name ?? '')}" namespace: "${String((document.value as ApiObject).metadata?.namespace ?? '')}" from "${source}": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`,
  };
}

interface Wanted {
  readonly kind: AnyKind;
  readonly object: ApiObject;
  readonly name: string;
}

function write(
  session: { readonly host: ShellHost; readonly namespace: string; warn(text: string): void },
  { kind, object, name }: Wanted,
  { dryRun }: ApplyOptions,
): string {
  const suffix = dryRun === 'server' ? ' (server dry run)' : dryRun === 'client' ? ' (dry run)' : '';
  const current = findObject(session, kind, name);
  const modified = withLastApplied(object, session.namespace, kind);
  const options = { fieldManager: 'kubectl-client-side-apply', ...(dryRun && { dryRun: true }) };
  if (!current) {
    call(session, 'create', kind, { name, body: modified, options });
    return `${shownName(kind, name)} created${suffix}`;
  }
  const last = current.metadata?.annotations?.[lastAppliedAnnotation];
  if (last === undefined) {
    session.warn(
      `Warning: resource ${kind.plural}/${name} is missing the ${lastAppliedAnnotation} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`,
    );
  }
  const patch = threeWayPatch(kind.model, { original: last === undefined ? undefined : (JSON.parse(last) as unknown), modified, current });
  if (!patch) return `${shownName(kind, name)} unchanged${suffix}`;
  const written = call(session, 'patch', kind, { name, body: patch, options: { ...options, patchType: 'strategic' } }) as ApiObject;
  return `${shownName(kind, name)} ${written.metadata?.resourceVersion === current.metadata?.resourceVersion && !dryRun ? 'unchanged' : 'configured'}${suffix}`;
}

function withLastApplied(object: ApiObject, namespace: string, kind: AnyKind): ApiObject {
  const { [lastAppliedAnnotation]: _, ...annotations } = object.metadata?.annotations ?? {};
  const plain = { ...object, metadata: { ...object.metadata, annotations, ...(kind.namespaced && { namespace }) } };
  return {
    ...plain,
    metadata: { ...plain.metadata, annotations: { ...annotations, [lastAppliedAnnotation]: `${JSON.stringify(sorted(plain))}\n` } },
  };
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  );
}

interface Refusal {
  readonly status: Status;
  /** Whether the object was to be created, not patched. */
  readonly isNew: boolean;
}

/** A refusal with the place in the text that it is about: the first cause's field, or the first unknown field. */
function describeRefusal({ status, isNew }: Refusal, document: ManifestDocument, source: string): ApplyProblem {
  const message = status.message ?? '';
  const field =
    status.details?.causes?.[0]?.field ??
    /unknown field "([^"]+)"/.exec(message)?.[1] ??
    /Go struct field \w+\.([\w.]+) of type/.exec(message)?.[1] ??
    '';
  return { message: refusalText(status, `error when ${isNew ? 'creating' : 'patching'} "${source}": `), ...document.place(field) };
}
