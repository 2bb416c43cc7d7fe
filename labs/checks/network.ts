import { z } from 'zod';
import { type Cluster, findPods, isReady, readSource, type Source } from '#labs/sdk';

export const from = z
  .string()
  .default('outside')
  .describe(
    'Where the request comes from: `outside` (a host that reaches the nodes), `node/NAME`, `pod/NAMESPACE/NAME`, `ready:SELECTOR` (the first Ready pod that matches), or `probe` (a pod that the grader starts on its copy).',
  );

export const failures = ['unknown-host', 'refused', 'timeout', 'unreachable', 'reset'] as const;
export type Failure = (typeof failures)[number];

const probeName = 'kube40-probe';
const probeStartMs = 60_000;

/** The source that a check names; a text says why there is none. */
export function findSource(cluster: Cluster, text: string): Source | string {
  if (text.startsWith('ready:')) {
    const selector = text.slice('ready:'.length);
    const pod = findPods(cluster, { selector }).find(isReady);
    return pod ? { kind: 'pod', namespace: 'default', name: pod.metadata?.name ?? '' } : `there is no Ready pod with ${selector}`;
  }
  return text === 'probe' ? startProbe(cluster) : readSource(text);
}

/** A pod of our own, so that reaching a Service does not depend on what else the student runs. */
function startProbe(cluster: Cluster): Source | string {
  const source: Source = { kind: 'pod', namespace: 'default', name: probeName };
  if (findPods(cluster, { name: probeName }).some(isReady)) return source;
  const kind = cluster.api.kinds.findName('pod');
  if (!kind) return 'pods are unknown';
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: probeName, namespace: 'default' },
    spec: { containers: [{ name: 'probe', image: 'busybox:1.36', command: ['sleep', '3600'] }], tolerations: [{ operator: 'Exists' }] },
  };
  if (findPods(cluster, { name: probeName }).length === 0) cluster.client('grader').create(kind, pod);
  cluster.settle(probeStartMs);
  return findPods(cluster, { name: probeName }).some(isReady) ? source : 'a pod that was started to look from did not become Ready';
}

const words: Readonly<Record<Failure, string>> = {
  'unknown-host': 'the name has no address',
  refused: 'the connection was refused',
  timeout: 'no answer came',
  unreachable: 'there is no route',
  reset: 'the connection was closed',
};

export function describeFailure(failure: Failure): string {
  return words[failure];
}

/** Texts that a URL asks the student for. */
export function literalsOfUrl(url: string): readonly string[] {
  const names = [...url.matchAll(/\$\{(?:nodePort|clusterIP|loadBalancer)\/([^}]+)\}/g)].map((match) => match[1] ?? '');
  const host = /^([a-z][a-z0-9-]*)[.:/]/.exec(url.replace(/^https?:\/\//, ''))?.[1];
  return host === undefined ? names : [...names, host];
}
