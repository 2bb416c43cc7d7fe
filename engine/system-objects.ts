import type { Client } from './client/client.ts';
import { namespace } from './kinds/core/namespace.ts';
import { service } from './kinds/core/service.ts';
import { endpointSlice } from './kinds/discovery/endpoint-slice.ts';

/** The namespaces that the API server makes sure of at each start. Kubernetes: pkg/controlplane/controller/systemnamespaces (1.36). */
const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

export interface ApiAddress {
  readonly serviceIP: string;
  readonly addresses: readonly string[];
}

/** What the API server itself keeps in the store: its namespaces and its own Service with the addresses behind it. */
export function ensureApiServerObjects(client: Client, { serviceIP, addresses }: ApiAddress): void {
  for (const name of systemNamespaces) if (!client.find(namespace, '', name)) client.create(namespace, { metadata: { name } });
  if (!client.find(service, 'default', 'kubernetes')) {
    client.create(service, {
      metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
      spec: { clusterIP: serviceIP, ports: [{ name: 'https', port: 443, targetPort: 6443, protocol: 'TCP' }], type: 'ClusterIP' },
    });
  }
  if (client.find(endpointSlice, 'default', 'kubernetes')) return;
  client.create(endpointSlice, {
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  });
}
