import type { ApiRequest, ApiResponse, ObjectList, RequestOptions } from '../../apiserver/request.ts';
import { type AnyKind, type ApiObject, apiVersionOf } from '../../kinds/define-kind.ts';
import { ConnectionRefused, type Status } from '../../schema/api-error.ts';
import { readManifests } from '../../schema/yaml-input.ts';
import type { CommandContext } from '../command.ts';
import type { ShellHost } from '../shell-host.ts';
import { flag, isSet, type ParsedFlags, UsageProblem } from './flags.ts';

/** What kubectl prints for a refusal. Kubernetes: kubectl/pkg/cmd/util/helpers.go checkErr (1.36). */
export function refusalText({ reason = '', message = 'unknown', details }: Status, context = ''): string {
  if (reason !== 'Invalid') return `Error from server${reason === '' ? '' : ` (${reason})`}: ${context}${message}`;
  const subject = details?.kind ? `The ${details.kind} "${details.name ?? ''}" is invalid` : 'The request is invalid';
  const causes = [...new Set(details?.causes?.map((cause) => `${cause.field ?? ''}: ${cause.message}`))];
  if (causes.length === 0) return `${subject}: ${message}`;
  return causes.length === 1 ? `${subject}: ${causes[0]}` : `${subject}: \n${causes.map((cause) => `* ${cause}`).join('\n')}`;
}

/** The API said no. */
export class ServerProblem extends Error {
  override readonly name = 'ServerProblem';
  readonly status: Status;
  constructor(status: Status, context = '') {
    super(refusalText(status, context));
    this.status = status;
  }
}

/** What one invocation of kubectl works with. */
export interface Session {
  readonly context: CommandContext;
  readonly host: ShellHost;
  readonly parsed: ParsedFlags;
  /** The namespace of namespaced requests; empty with `-A`. */
  readonly namespace: string;
  print(text: string): void;
  warn(text: string): void;
}

export function openSession(context: CommandContext, parsed: ParsedFlags): Session {
  const isAll = isSet(parsed, 'all-namespaces');
  return {
    context,
    host: context.host,
    parsed,
    namespace: isAll ? '' : (flag(parsed, 'namespace') ?? defaultNamespace(context)),
    print: (text) => context.stdout.write(text),
    warn: (text) => context.stderr.write(`${text}\n`),
  };
}

export interface KubeConfig {
  'current-context'?: string;
  contexts?: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
}

export function kubeConfigPath({ env, host }: CommandContext): string {
  return env['KUBECONFIG'] ?? `${host.home}/.kube/config`;
}

export function readKubeConfig(context: CommandContext): KubeConfig {
  const text = context.host.files.read(kubeConfigPath(context));
  return ((text === undefined ? undefined : readManifests(text).documents[0]?.value) ?? {}) as KubeConfig;
}

function defaultNamespace(context: CommandContext): string {
  const config = readKubeConfig(context);
  return config.contexts?.find(({ name }) => name === config['current-context'])?.context.namespace ?? 'default';
}

export interface Call extends Partial<Pick<ApiRequest, 'namespace' | 'name' | 'body' | 'subresource'>> {
  readonly options?: RequestOptions;
}

/** A request to the API; refusals are thrown as `ServerProblem`. */
export function call(
  session: Pick<Session, 'host' | 'namespace' | 'warn'>,
  verb: ApiRequest['verb'],
  kind: AnyKind,
  { options = {}, ...parts }: Call = {},
): unknown {
  const namespace = kind.namespaced ? (parts.namespace ?? session.namespace) : '';
  const response: ApiResponse = session.host.api({
    verb,
    kind,
    name: parts.name ?? '',
    namespace,
    options: { fieldValidation: 'Strict', ...options },
    ...(parts.body !== undefined && { body: parts.body }),
    ...(parts.subresource !== undefined && { subresource: parts.subresource }),
  });
  for (const warning of response.warnings) session.warn(`Warning: ${warning}`);
  if (response.code >= 400) throw new ServerProblem(response.body as Status);
  return response.body;
}

export function getObject(session: Session, kind: AnyKind, name: string, namespace?: string): ApiObject {
  return call(session, 'get', kind, { name, ...(namespace !== undefined && { namespace }) }) as ApiObject;
}

/** Like `getObject`, but an absent object is `undefined`. */
export function findObject(
  session: Pick<Session, 'host' | 'namespace' | 'warn'>,
  kind: AnyKind,
  name: string,
  namespace?: string,
): ApiObject | undefined {
  try {
    return call(session, 'get', kind, { name, ...(namespace !== undefined && { namespace }) }) as ApiObject;
  } catch (error) {
    if (error instanceof ServerProblem && error.status.code === 404) return undefined;
    throw error;
  }
}

export function listObjects(session: Session, kind: AnyKind, options: RequestOptions = {}, namespace?: string): readonly ApiObject[] {
  return (call(session, 'list', kind, { options, ...(namespace !== undefined && { namespace }) }) as ObjectList).items;
}

/** What a command is about: a kind, and names when they were given. */
export interface Target {
  readonly kind: AnyKind;
  readonly names: readonly string[];
}

/** Reads `pods web db`, `pod/web svc/web`, `po,svc`, `deploy/web`. */
export function readTargets(session: Session, words: readonly string[]): readonly Target[] {
  if (words.length === 0) throw new UsageProblem('Required resource not specified.');
  if (words.some((word) => word.includes('/'))) {
    return words.map((word) => {
      const [type = '', name = ''] = word.split('/');
      if (name === '')
        throw new UsageProblem(
          "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
        );
      return { kind: requireKind(session.host, type), names: [name] };
    });
  }
  const [types = '', ...names] = words;
  return types
    .split(',')
    .flatMap((type) =>
      type === 'all'
        ? session.host.kinds.all.filter((kind) => kind.categories.includes('all')).map((kind) => ({ kind, names }))
        : [{ kind: requireKind(session.host, type), names }],
    );
}

export function requireKind(host: ShellHost, type: string): AnyKind {
  const kind = host.kinds.findName(type);
  if (!kind) throw new UsageProblem(`the server doesn't have a resource type "${type}"`);
  return kind;
}

/** One object per target name. */
export function readNamed(session: Session, words: readonly string[]): readonly { readonly kind: AnyKind; readonly name: string }[] {
  return readTargets(session, words).flatMap(({ kind, names }) => names.map((name) => ({ kind, name })));
}

/** `deployment.apps/web`, as kubectl names objects in its messages. */
export function shownName(kind: AnyKind, name: string): string {
  return `${kind.singular}${kind.group === '' ? '' : `.${kind.group}`}/${name}`;
}

/** The name in messages that quote it: `deployment.apps "web"`. */
export function quotedName(kind: AnyKind, name: string): string {
  return `${kind.singular}${kind.group === '' ? '' : `.${kind.group}`} "${name}"`;
}

/** Adds what a stored object of the kind always carries. */
export function typed(kind: AnyKind, object: object): ApiObject {
  return { apiVersion: apiVersionOf(kind), kind: kind.kind, ...object };
}

/** What kubectl prints when nobody answers at the server's address. */
export function refusedText(host: ShellHost): string {
  return `The connection to the server ${host.serverUrl.replace(/^https:\/\//, '')} was refused - did you specify the right host or port?`;
}

export function isRefused(error: unknown): error is ConnectionRefused {
  return error instanceof ConnectionRefused;
}
