import type { Volume } from '../runtime/container-runtime.ts';
import { decodeBase64 } from '../schema/base64.ts';
import type { V1KeyToPath, V1Pod, V1Volume, V1VolumeProjection } from '../schema/generated/models.ts';
import { podField, resourceField } from './environment.ts';
import type { PodObjects } from './pod-objects.ts';

export type VolumeAnswer =
  | { readonly kind: 'ready'; readonly volume: Volume }
  /** What the mount error says after `MountVolume.SetUp failed for volume "…" : `. */
  | { readonly kind: 'missing'; readonly message: string };

export interface VolumeInput {
  readonly pod: V1Pod;
  readonly objects: PodObjects;
  readonly podAddress: string;
  readonly hostAddress: string;
  readonly allocatable: { readonly cpuMillis: number; readonly memoryBytes: number };
  readonly hostFiles: ReadonlyMap<string, string>;
}

type Files = Record<string, string>;

/** Fills one volume of a pod. Kubernetes: pkg/volume/* (1.36). */
export function volumeOf(input: VolumeInput, volume: V1Volume): VolumeAnswer {
  if (volume.emptyDir) return { kind: 'ready', volume: { kind: 'shared', files: new Map() } };
  if (volume.hostPath) return hostVolume(input, volume.hostPath.path, volume.hostPath.type ?? '');
  const sources: readonly V1VolumeProjection[] | undefined = volume.projected?.sources ?? single(volume);
  if (!sources) return { kind: 'missing', message: 'this kind of volume is not simulated' };
  const files: Files = {};
  for (const source of sources) {
    const problem = project(input, source, files);
    if (problem !== undefined) return { kind: 'missing', message: problem };
  }
  return { kind: 'ready', volume: { kind: 'content', files: Object.freeze(files) } };
}

/** `ConfigMap/namespace/name` of each object whose change changes the pod's files. */
export function referencesOf(pod: V1Pod): string[] {
  const namespace = pod.metadata?.namespace ?? '';
  const found: string[] = [];
  for (const volume of pod.spec?.volumes ?? []) {
    for (const source of volume.projected?.sources ?? single(volume) ?? []) {
      if (source.configMap?.name) found.push(`ConfigMap/${namespace}/${source.configMap.name}`);
      if (source.secret?.name) found.push(`Secret/${namespace}/${source.secret.name}`);
    }
  }
  return found;
}

/** A plain volume as the one-source projection that it is. */
function single(volume: V1Volume): readonly V1VolumeProjection[] | undefined {
  if (volume.configMap) return [{ configMap: volume.configMap }];
  if (volume.secret) {
    const { secretName, items, optional } = volume.secret;
    return [
      {
        secret: {
          ...(secretName !== undefined && { name: secretName }),
          ...(items && { items }),
          ...(optional !== undefined && { optional }),
        },
      },
    ];
  }
  return volume.downwardAPI ? [{ downwardAPI: volume.downwardAPI }] : undefined;
}

function project(input: VolumeInput, source: V1VolumeProjection, files: Files): string | undefined {
  const namespace = input.pod.metadata?.namespace ?? '';
  if (source.configMap) {
    const { name = '', items, optional } = source.configMap;
    const found = input.objects.configMap(namespace, name);
    if (found) return pick({ ...found.data, ...decodeAll(found.binaryData) }, items, optional, files);
    // The API server's certificate means nothing to simulated connections, so a cluster without its publisher can still start pods.
    return optional || name === 'kube-root-ca.crt' ? undefined : `configmap "${name}" not found`;
  }
  if (source.secret) {
    const { name = '', items, optional } = source.secret;
    const found = input.objects.secret(namespace, name);
    if (found) return pick(decodeAll(found.data), items, optional, files);
    return optional ? undefined : `secret "${name}" not found`;
  }
  if (source.serviceAccountToken) {
    files[source.serviceAccountToken.path] =
      `${namespace}:${input.pod.spec?.serviceAccountName ?? 'default'}:${input.pod.metadata?.uid ?? ''}`;
  }
  for (const { path, fieldRef, resourceFieldRef } of source.downwardAPI?.items ?? []) {
    const container = input.pod.spec?.containers[0];
    if (fieldRef) files[path] = podField(input, fieldRef.fieldPath);
    else if (resourceFieldRef && container) files[path] = resourceField({ ...input, container }, resourceFieldRef);
  }
  return undefined;
}

function pick(
  data: Readonly<Record<string, string>>,
  items: readonly V1KeyToPath[] | undefined,
  optional: boolean | undefined,
  files: Files,
): string | undefined {
  if (!items || items.length === 0) {
    Object.assign(files, data);
    return undefined;
  }
  for (const { key, path } of items) {
    const value = data[key];
    if (value !== undefined) files[path] = value;
    else if (!optional) return `references non-existent config key: ${key}`;
  }
  return undefined;
}

function decodeAll(data: Readonly<Record<string, string>> | undefined): Files {
  const decoded: Files = {};
  for (const [key, value] of Object.entries(data ?? {})) decoded[key] = decodeBase64(value) ?? '';
  return decoded;
}

function hostVolume({ hostFiles }: VolumeInput, path: string, type: string): VolumeAnswer {
  const isFile = hostFiles.has(path);
  let isDirectory = false;
  for (const known of hostFiles.keys()) if (known.startsWith(`${path}/`)) isDirectory = true;
  if (type === 'Directory' && !isDirectory) return { kind: 'missing', message: `hostPath type check failed: ${path} is not a directory` };
  if (type === 'File' && !isFile) return { kind: 'missing', message: `hostPath type check failed: ${path} is not a file` };
  return { kind: 'ready', volume: { kind: 'host', path: path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path } };
}
