import { type Cluster, type models, parseUrl, type Source } from '#engine';
import { findObjects } from './find-objects.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** `outside`, `node/NAME`, `pod/NAMESPACE/NAME`. */
export function readSource(text: string): Source {
  const [kind, first = '', second = ''] = text.split('/');
  if (kind === 'node') return { kind: 'node', node: first };
  if (kind === 'pod')
    return second === '' ? { kind: 'pod', namespace: 'default', name: first } : { kind: 'pod', namespace: first, name: second };
  return { kind: 'outside' };
}

/** A URL with its placeholders filled in from the cluster; a text says what is missing there. */
export function resolveUrl(cluster: Cluster, url: string): Endpoint | string {
  let missing: string | undefined;
  const text = url.replace(/\$\{(nodePort|clusterIP|loadBalancer|podIP)\/([^}]+)\}/g, (_, property: string, of: string) => {
    const found = findAddress(cluster, property, of);
    if (found === undefined) missing ??= describeMissing(property, of);
    return found ?? '';
  });
  if (missing !== undefined) return missing;
  return parseUrl(text) ?? `"${text}" is no URL`;
}

function findAddress(cluster: Cluster, property: string, of: string): string | undefined {
  const [namespace, name] = of.includes('/') ? (of.split('/') as [string, string]) : ['default', of];
  if (property === 'podIP') {
    const [pod] = findObjects(cluster, {
      kind: 'pod',
      namespace,
      ...(name.includes('=') ? { selector: name } : { name }),
    }) as readonly models.V1Pod[];
    return pod?.status?.podIP;
  }
  const [service] = findObjects(cluster, { kind: 'service', namespace, name }) as readonly models.V1Service[];
  if (property === 'nodePort') return service?.spec?.ports?.find((port) => port.nodePort !== undefined)?.nodePort?.toString();
  if (property === 'loadBalancer') return service?.status?.loadBalancer?.ingress?.[0]?.ip;
  const address = service?.spec?.clusterIP;
  return address === '' || address === 'None' ? undefined : address;
}

function describeMissing(property: string, of: string): string {
  if (property === 'podIP') return `there is no pod ${of} with an address`;
  const wanted = property === 'nodePort' ? 'node port' : property === 'loadBalancer' ? 'address of a load balancer' : 'cluster address';
  return `there is no Service ${of} with a ${wanted}`;
}
