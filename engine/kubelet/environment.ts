import type { Service } from '../kinds/core/service.ts';
import { decodeBase64 } from '../schema/base64.ts';
import type { V1Container, V1EnvVarSource, V1Pod } from '../schema/generated/models.ts';
import { cpuMillis, wholeUnits } from '../schema/quantity.ts';
import type { PodObjects } from './pod-objects.ts';

/** The variables of a container, or what is missing. */
export type Environment =
  | { readonly kind: 'ready'; readonly env: Readonly<Record<string, string>> }
  | { readonly kind: 'missing'; readonly message: string };

export interface EnvironmentInput {
  readonly pod: V1Pod;
  readonly container: V1Container;
  readonly objects: PodObjects;
  readonly podAddress: string;
  readonly hostAddress: string;
  readonly allocatable: { readonly cpuMillis: number; readonly memoryBytes: number };
}

/** Kubernetes: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables (1.36). */
export function environmentOf(input: EnvironmentInput): Environment {
  const shared = serviceVariables(input);
  if (!input.container.env?.length && !input.container.envFrom?.length) return { kind: 'ready', env: shared };
  const env: Record<string, string> = { ...shared };
  for (const source of input.container.envFrom ?? []) {
    const from = readEnvFrom(input, source);
    if (typeof from === 'string') return { kind: 'missing', message: from };
    for (const [key, value] of Object.entries(from)) env[`${source.prefix ?? ''}${key}`] = value;
  }
  for (const { name, value, valueFrom } of input.container.env ?? []) {
    if (!valueFrom) {
      env[name] = expandVariables(value ?? '', env);
      continue;
    }
    const found = readSource(input, valueFrom);
    if (found.kind === 'missing') return found;
    if (found.value !== undefined) env[name] = found.value;
  }
  return { kind: 'ready', env };
}

/** Replaces `$(NAME)` by a variable's value; `$$(NAME)` stays as `$(NAME)`, unknown names stay as they are. */
export function expandVariables(text: string, env: Readonly<Record<string, string>>): string {
  if (!text.includes('$')) return text;
  return text.replace(/\$\$|\$\(([^()]+)\)/g, (whole, name: string | undefined) => {
    if (whole === '$$') return '$';
    return (name === undefined ? undefined : env[name]) ?? whole;
  });
}

/** Variables for the same Services, by the first of these. Derived, never part of the state. */
const remembered = new WeakMap<Service, { readonly services: readonly Service[]; readonly env: Readonly<Record<string, string>> }>();

function serviceVariables({ pod, objects }: EnvironmentInput): Readonly<Record<string, string>> {
  const services = objects.services(pod.metadata?.namespace ?? '', pod.spec?.enableServiceLinks !== false);
  const [first] = services;
  if (!first) return {};
  const known = remembered.get(first);
  if (known?.services.length === services.length && known.services.every((service, index) => service === services[index])) return known.env;
  const env = Object.freeze(variablesOf(services));
  remembered.set(first, { services, env });
  return env;
}

function variablesOf(services: readonly Service[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const service of services) {
    const address = service.spec?.clusterIP;
    const ports = service.spec?.ports ?? [];
    const first = ports[0];
    if (!address || address === 'None' || !first) continue;
    const name = (service.metadata?.name ?? '').toUpperCase().replaceAll('-', '_');
    env[`${name}_SERVICE_HOST`] = address;
    env[`${name}_SERVICE_PORT`] = String(first.port);
    for (const port of ports)
      if (port.name) env[`${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`] = String(port.port);
    env[`${name}_PORT`] = `${(first.protocol ?? 'TCP').toLowerCase()}://${address}:${first.port}`;
    for (const { port, protocol = 'TCP' } of ports) {
      const prefix = `${name}_PORT_${port}_${protocol}`;
      env[prefix] = `${protocol.toLowerCase()}://${address}:${port}`;
      env[`${prefix}_PROTO`] = protocol.toLowerCase();
      env[`${prefix}_PORT`] = String(port);
      env[`${prefix}_ADDR`] = address;
    }
  }
  return env;
}

function readEnvFrom(
  { pod, objects }: EnvironmentInput,
  source: NonNullable<V1Container['envFrom']>[number],
): Readonly<Record<string, string>> | string {
  const namespace = pod.metadata?.namespace ?? '';
  if (source.configMapRef) {
    const name = source.configMapRef.name ?? '';
    const data = objects.configMap(namespace, name)?.data;
    if (data) return data;
    return source.configMapRef.optional || objects.configMap(namespace, name) ? {} : `configmap "${name}" not found`;
  }
  if (source.secretRef) {
    const name = source.secretRef.name ?? '';
    const secret = objects.secret(namespace, name);
    if (secret) return Object.fromEntries(Object.entries(secret.data ?? {}).map(([key, value]) => [key, decodeBase64(value) ?? '']));
    return source.secretRef.optional ? {} : `secret "${name}" not found`;
  }
  return {};
}

type Found = { readonly kind: 'value'; readonly value: string | undefined } | { readonly kind: 'missing'; readonly message: string };

function readSource(input: EnvironmentInput, source: V1EnvVarSource): Found {
  const namespace = input.pod.metadata?.namespace ?? '';
  if (source.fieldRef) return { kind: 'value', value: podField(input, source.fieldRef.fieldPath) };
  if (source.resourceFieldRef) return { kind: 'value', value: resourceField(input, source.resourceFieldRef) };
  if (source.configMapKeyRef) {
    const { name = '', key, optional } = source.configMapKeyRef;
    const found = input.objects.configMap(namespace, name);
    const value = found?.data?.[key];
    if (value !== undefined || optional) return { kind: 'value', value };
    return {
      kind: 'missing',
      message: found ? `couldn't find key ${key} in ConfigMap ${namespace}/${name}` : `configmap "${name}" not found`,
    };
  }
  if (source.secretKeyRef) {
    const { name = '', key, optional } = source.secretKeyRef;
    const found = input.objects.secret(namespace, name);
    const value = found?.data?.[key];
    if (value !== undefined) return { kind: 'value', value: decodeBase64(value) ?? '' };
    if (optional) return { kind: 'value', value: undefined };
    return { kind: 'missing', message: found ? `couldn't find key ${key} in Secret ${namespace}/${name}` : `secret "${name}" not found` };
  }
  return { kind: 'value', value: undefined };
}

/** The fields that the downward API offers. Kubernetes: pkg/fieldpath. */
export function podField(
  { pod, podAddress, hostAddress }: Pick<EnvironmentInput, 'pod' | 'podAddress' | 'hostAddress'>,
  path: string,
): string {
  const { metadata, spec } = pod;
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (subscript) return metadata?.[subscript[1] as 'labels' | 'annotations']?.[subscript[2] as string] ?? '';
  switch (path) {
    case 'metadata.name':
      return metadata?.name ?? '';
    case 'metadata.namespace':
      return metadata?.namespace ?? '';
    case 'metadata.uid':
      return metadata?.uid ?? '';
    case 'metadata.labels':
      return formatMap(metadata?.labels);
    case 'metadata.annotations':
      return formatMap(metadata?.annotations);
    case 'spec.nodeName':
      return spec?.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec?.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostAddress;
    case 'status.podIP':
    case 'status.podIPs':
      return podAddress;
    default:
      return '';
  }
}

function formatMap(map: Readonly<Record<string, string>> | undefined): string {
  return Object.keys(map ?? {})
    .sort()
    .map((key) => `${key}=${JSON.stringify(map?.[key])}`)
    .join('\n');
}

/** A limit or request as a number; limits that are not set are what the node has. */
export function resourceField(
  { pod, container, allocatable }: Pick<EnvironmentInput, 'pod' | 'container' | 'allocatable'>,
  { containerName, resource, divisor }: { readonly containerName?: string; readonly resource: string; readonly divisor?: string },
): string {
  const subject =
    containerName === undefined
      ? container
      : [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].find(({ name }) => name === containerName);
  const [side, name = ''] = resource.split('.') as ['limits' | 'requests', string | undefined];
  const text = subject?.resources?.[side]?.[name];
  if (name === 'cpu') {
    const millis = text === undefined ? (side === 'limits' ? allocatable.cpuMillis : 0) : cpuMillis(text);
    return String(Math.ceil(millis / (cpuMillis(divisor && divisor !== '0' ? divisor : '1') || 1000)));
  }
  const units = text === undefined ? (side === 'limits' && name === 'memory' ? allocatable.memoryBytes : 0) : wholeUnits(text);
  return String(Math.ceil(units / (wholeUnits(divisor && divisor !== '0' ? divisor : '1') || 1)));
}
