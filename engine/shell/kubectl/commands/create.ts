import { deployment } from '../../../kinds/apps/deployment.ts';
import { configMap } from '../../../kinds/core/config-map.ts';
import { namespace } from '../../../kinds/core/namespace.ts';
import { pod } from '../../../kinds/core/pod.ts';
import { secret } from '../../../kinds/core/secret.ts';
import { service } from '../../../kinds/core/service.ts';
import { serviceAccount } from '../../../kinds/core/service-account.ts';
import type { AnyKind, ApiObject } from '../../../kinds/define-kind.ts';
import { resolvePath } from '../../../machine/machine-files.ts';
import { encodeBase64 } from '../../../schema/base64.ts';
import type { V1LabelSelector, V1ServicePort } from '../../../schema/generated/models.ts';
import type { Program } from '../../task.ts';
import { flag, isSet, listFlag, UsageProblem } from '../flags.ts';
import { call, getObject, readNamed, type Session, typed } from '../session.ts';
import { dryRunFlag, fileFlags, immediateVerb, type KubectlVerb } from '../verb.ts';
import { attach } from './exec.ts';
import { createFromFiles, dryRunOf, report } from './manifests.ts';

/** Creates an object that a command line describes, or only shows it. */
export function createObject(session: Session, kind: AnyKind, object: object, happened = 'created'): void {
  const whole = typed(kind, object);
  const dryRun = dryRunOf(session);
  const create = (): ApiObject =>
    call(session, 'create', kind, { body: whole, options: { ...(dryRun === 'server' && { dryRun: true }) } }) as ApiObject;
  report(session, dryRun === 'client' ? whole : create(), happened);
}

function meta(session: Session, name: string, labels?: Readonly<Record<string, string>>): object {
  return { metadata: { name, ...(isSet(session.parsed, 'namespace') && { namespace: session.namespace }), ...(labels && { labels }) } };
}

type Creator = (session: Session, names: readonly string[]) => void;

const creators: Readonly<Record<string, Creator>> = {
  deployment: createDeployment,
  deploy: createDeployment,
  namespace: (session, [name]) => createObject(session, namespace, { metadata: { name: required(name) }, spec: {}, status: {} }),
  ns: (session, [name]) => createObject(session, namespace, { metadata: { name: required(name) }, spec: {}, status: {} }),
  serviceaccount: (session, [name]) => createObject(session, serviceAccount, meta(session, required(name))),
  sa: (session, [name]) => createObject(session, serviceAccount, meta(session, required(name))),
  configmap: (session, [name]) => createObject(session, configMap, { ...meta(session, required(name)), data: readLiterals(session) }),
  cm: (session, [name]) => createObject(session, configMap, { ...meta(session, required(name)), data: readLiterals(session) }),
  secret: createSecret,
  service: createService,
  svc: createService,
};

function required(name: string | undefined): string {
  if (name === undefined) throw new UsageProblem('exactly one NAME is required, got 0');
  return name;
}

function createDeployment(session: Session, [name]: readonly string[]): void {
  const wanted = required(name);
  const images = listFlag(session.parsed, 'image');
  if (images.length === 0) throw new UsageProblem('required flag(s) "image" not set');
  const labels = { app: wanted };
  const port = flag(session.parsed, 'port');
  const command = session.parsed.rest ?? [];
  const containers = images.map((image) => ({
    name: containerNameOf(image),
    image,
    resources: {},
    ...(port !== undefined && { ports: [{ containerPort: Number(port) }] }),
    ...(command.length > 0 && { command: [...command] }),
  }));
  createObject(session, deployment, {
    ...meta(session, wanted, labels),
    spec: {
      replicas: Number(flag(session.parsed, 'replicas') ?? 1),
      selector: { matchLabels: labels },
      strategy: {},
      template: { metadata: { labels }, spec: { containers } },
    },
    status: {},
  });
}

/** `nginx` of `docker.io/library/nginx:1.27`. */
function containerNameOf(image: string): string {
  return (
    (image.split('/').at(-1) as string)
      .split(/[:@]/)[0]
      ?.toLowerCase()
      .replaceAll(/[^a-z0-9-]/g, '-') ?? ''
  );
}

function readLiterals(session: Session): Record<string, string> {
  const data: Record<string, string> = {};
  for (const literal of session.parsed.flags['from-literal'] ?? []) {
    const equals = literal.indexOf('=');
    if (equals < 1) throw new UsageProblem(`invalid literal source ${literal}, expected key=value`);
    data[literal.slice(0, equals)] = literal.slice(equals + 1);
  }
  for (const source of session.parsed.flags['from-file'] ?? []) {
    const equals = source.indexOf('=');
    const path = source.slice(equals + 1);
    const text = session.host.files.read(resolvePath(session.context.cwd, path));
    if (text === undefined) throw new UsageProblem(`error reading ${path}: no such file or directory`);
    data[equals > 0 ? source.slice(0, equals) : (path.split('/').at(-1) as string)] = text;
  }
  return data;
}

function createSecret(session: Session, [type, name]: readonly string[]): void {
  if (type !== 'generic') throw new UsageProblem(`create secret ${type ?? ''} is not simulated; "generic" is`);
  const data = Object.fromEntries(Object.entries(readLiterals(session)).map(([key, value]) => [key, encodeBase64(value)]));
  createObject(session, secret, {
    ...meta(session, required(name)),
    data,
    ...(isSet(session.parsed, 'type') && { type: flag(session.parsed, 'type') }),
  });
}

function createService(session: Session, [type = '', name]: readonly string[]): void {
  const types: Readonly<Record<string, string>> = {
    clusterip: 'ClusterIP',
    nodeport: 'NodePort',
    loadbalancer: 'LoadBalancer',
    externalname: 'ExternalName',
  };
  const wanted = types[type];
  if (!wanted) throw new UsageProblem(`unknown service type ${JSON.stringify(type)}: clusterip, nodeport, loadbalancer or externalname`);
  const labels = { app: required(name) };
  const ports = listFlag(session.parsed, 'tcp').map((text) => {
    const [port = '', target = port] = text.split(':');
    const nodePort = flag(session.parsed, 'node-port');
    return {
      name: text.replace(':', '-'),
      port: Number(port),
      protocol: 'TCP',
      targetPort: Number(target),
      ...(nodePort !== undefined && { nodePort: Number(nodePort) }),
    };
  });
  const clusterIP = flag(session.parsed, 'clusterip');
  const externalName = flag(session.parsed, 'external-name');
  createObject(session, service, {
    ...meta(session, labels.app, labels),
    spec: {
      type: wanted,
      ...(ports.length > 0 && { ports }),
      ...(wanted === 'ExternalName' ? { externalName } : { selector: labels }),
      ...(clusterIP !== undefined && { clusterIP }),
    },
    status: { loadBalancer: {} },
  });
}

/** `kubectl create`. */
export const create: KubectlVerb = {
  name: 'create',
  summary: 'Create a resource from a file or from stdin',
  flags: {
    ...fileFlags,
    ...dryRunFlag,
    image: { type: 'list' },
    replicas: { short: 'r', type: 'value' },
    port: { type: 'value' },
    'from-literal': { type: 'list' },
    'from-file': { type: 'list' },
    type: { type: 'value' },
    tcp: { type: 'list' },
    'node-port': { type: 'value' },
    clusterip: { type: 'value' },
    'external-name': { type: 'value' },
    'save-config': { type: 'boolean' },
  },
  *run(session) {
    if (isSet(session.parsed, 'filename')) return yield* createFromFiles(session);
    const [type = '', ...names] = session.parsed.words;
    const creator = creators[type];
    if (!creator)
      throw new UsageProblem(type === '' ? 'must specify one of -f and -k' : `create ${type} is not simulated; apply a manifest instead`);
    creator(session, names);
    return 0;
  },
};

/** `kubectl run`. */
export const run: KubectlVerb = {
  name: 'run',
  summary: 'Run a particular image on the cluster',
  flags: {
    ...dryRunFlag,
    image: { type: 'value' },
    port: { type: 'value' },
    labels: { short: 'l', type: 'list' },
    env: { type: 'list' },
    restart: { type: 'value' },
    command: { type: 'boolean' },
    rm: { type: 'boolean' },
    stdin: { short: 'i', type: 'boolean' },
    tty: { short: 't', type: 'boolean' },
    attach: { type: 'boolean' },
    quiet: { short: 'q', type: 'boolean' },
    expose: { type: 'boolean' },
    'image-pull-policy': { type: 'value' },
  },
  *run(session): Program {
    const [name] = session.parsed.words;
    const image = flag(session.parsed, 'image');
    if (name === undefined) throw new UsageProblem('NAME is required for run');
    if (image === undefined) throw new UsageProblem('required flag(s) "image" not set');
    const args = [...session.parsed.words.slice(1), ...(session.parsed.rest ?? [])];
    const port = flag(session.parsed, 'port');
    const policy = flag(session.parsed, 'image-pull-policy');
    const labels = Object.fromEntries(listFlag(session.parsed, 'labels').map((pair) => pair.split('=') as [string, string]));
    const isInteractive = isSet(session.parsed, 'stdin');
    const container = {
      name,
      image,
      ...(port !== undefined && { ports: [{ containerPort: Number(port) }] }),
      ...(args.length > 0 && (isSet(session.parsed, 'command') ? { command: args } : { args })),
      ...(isSet(session.parsed, 'env') && {
        env: (session.parsed.flags['env'] ?? []).map((pair) => ({ name: pair.split('=')[0], value: pair.slice(pair.indexOf('=') + 1) })),
      }),
      ...(isInteractive && { stdin: true, stdinOnce: true, ...(isSet(session.parsed, 'tty') && { tty: true }) }),
      ...(policy !== undefined && { imagePullPolicy: policy }),
      resources: {},
    };
    createObject(session, pod, {
      ...meta(session, name, isSet(session.parsed, 'labels') ? labels : { run: name }),
      spec: { containers: [container], restartPolicy: flag(session.parsed, 'restart') ?? 'Always', dnsPolicy: 'ClusterFirst' },
      status: {},
    });
    if (dryRunOf(session) !== 'none') return 0;
    if (isSet(session.parsed, 'expose')) exposeObject(session, pod, name, { name, port: port ?? '' });
    if (!isInteractive && !isSet(session.parsed, 'attach')) return 0;
    return yield* attach(session, name, { removeAfter: isSet(session.parsed, 'rm') });
  },
};

interface Exposure {
  readonly name: string;
  readonly port: string;
}

function exposeObject(session: Session, kind: AnyKind, target: string, { name, port }: Exposure): void {
  const object = getObject(session, kind, target) as ApiObject & {
    readonly spec?: {
      readonly selector?: V1LabelSelector & Readonly<Record<string, string>>;
      readonly template?: { readonly spec?: ContainerHolder };
    } & ContainerHolder;
  };
  const selector =
    kind === (pod as AnyKind)
      ? object.metadata?.labels
      : kind === (service as AnyKind)
        ? object.spec?.selector
        : object.spec?.selector?.matchLabels;
  if (!selector || Object.keys(selector).length === 0)
    throw new UsageProblem(
      `couldn't retrieve selectors via --selector flag or introspection: the ${kind.singular} has no labels and cannot be exposed`,
    );
  const holder = object.spec?.template?.spec ?? object.spec;
  const found = (holder?.containers ?? []).flatMap((container) => container.ports ?? []);
  const numbers = port === '' ? found.map(({ containerPort }) => containerPort) : port.split(',').map(Number);
  if (numbers.length === 0) throw new UsageProblem("couldn't find port via --port flag or introspection");
  const targetPort = flag(session.parsed, 'target-port');
  const ports: V1ServicePort[] = numbers.map((number, index) => ({
    ...(numbers.length > 1 && { name: `port-${index + 1}` }),
    port: number,
    protocol: flag(session.parsed, 'protocol') ?? 'TCP',
    targetPort: targetPort === undefined ? number : /^\d+$/.test(targetPort) ? Number(targetPort) : targetPort,
  }));
  const type = flag(session.parsed, 'type');
  const clusterIP = flag(session.parsed, 'cluster-ip');
  createObject(
    session,
    service,
    {
      ...meta(session, name, object.metadata?.labels ?? {}),
      spec: { selector, ports, ...(type !== undefined && { type }), ...(clusterIP !== undefined && { clusterIP }) },
      status: { loadBalancer: {} },
    },
    'exposed',
  );
}

interface ContainerHolder {
  readonly containers?: readonly { readonly ports?: readonly { readonly containerPort: number }[] }[];
}

/** `kubectl expose`. */
export const expose = immediateVerb({
  name: 'expose',
  summary: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  flags: {
    ...dryRunFlag,
    port: { type: 'value' },
    'target-port': { type: 'value' },
    name: { type: 'value' },
    type: { type: 'value' },
    protocol: { type: 'value' },
    'cluster-ip': { type: 'value' },
    selector: { type: 'value' },
  },
  run(session) {
    for (const { kind, name } of readNamed(session, session.parsed.words)) {
      exposeObject(session, kind, name, { name: flag(session.parsed, 'name') ?? name, port: flag(session.parsed, 'port') ?? '' });
    }
    return 0;
  },
});
