import { type ControllerContext, type ControllerDefinition, done } from '../client/controller.ts';
import type { WatchChange } from '../client/process.ts';
import { configMap } from '../kinds/core/config-map.ts';
import { namespace } from '../kinds/core/namespace.ts';
import { deepEqual } from '../sim/plain.ts';
import { isDeleting, metaOf, namespaceOf } from './stored-object.ts';

const name = 'kube-root-ca.crt';
const annotations = {
  'kubernetes.io/description':
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
};

/** Publishes the cluster's certificate authority in every namespace. Kubernetes: pkg/controller/certificates/rootcacertpublisher (1.36). */
export function rootCaPublisher(certificate: string): ControllerDefinition {
  const data = { 'ca.crt': certificate };
  return {
    name: 'root-ca-certificate-publisher-controller',
    watches: [
      { kind: namespace, enqueue: 'self' },
      { kind: configMap, enqueue: keysForConfigMap },
    ],
    initialState: () => ({}),

    reconcile(context, key) {
      const home = context.lister(namespace).byKey(key);
      if (!home || isDeleting(home)) return done;
      const current = context.lister(configMap).get(key, name);
      if (!current)
        context.client.create(configMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: key, annotations }, data });
      else if (!deepEqual(current.data, data)) {
        context.client.update(configMap, {
          ...current,
          metadata: { ...current.metadata, annotations: { ...current.metadata?.annotations, ...annotations } },
          data,
        });
      }
      return done;
    },
  };
}

function keysForConfigMap(_context: ControllerContext, { object }: WatchChange): readonly string[] {
  return metaOf(object).name === name ? [namespaceOf(object)] : [];
}
