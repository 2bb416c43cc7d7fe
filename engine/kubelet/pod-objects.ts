import type { ProcessContext } from '../client/process.ts';
import { type ConfigMap, configMap } from '../kinds/core/config-map.ts';
import { type Secret, secret } from '../kinds/core/secret.ts';
import { type Service, service } from '../kinds/core/service.ts';
import { ConnectionRefused, isApiError } from '../schema/api-error.ts';

/** The objects that pods of this node read. */
export interface PodObjects {
  configMap(namespace: string, name: string): ConfigMap | undefined;
  secret(namespace: string, name: string): Secret | undefined;
  /** Services that become variables: the API's own, and those of the namespace when `links` is on. */
  services(namespace: string, links: boolean): readonly Service[];
}

/** Reads the caches, and the API itself for what a cache has not seen yet. */
export function podObjects<S extends object>(context: ProcessContext<S>): PodObjects {
  return {
    configMap: (namespace, name) =>
      context.lister(configMap).get(namespace, name) ?? ask(() => context.client.find(configMap, namespace, name)),
    secret: (namespace, name) => context.lister(secret).get(namespace, name) ?? ask(() => context.client.find(secret, namespace, name)),
    services(namespace, links) {
      const found: Service[] = [];
      const api = context.lister(service).get('default', 'kubernetes');
      if (api) found.push(api);
      if (links) for (const object of context.lister(service).inNamespace(namespace)) if (object !== api) found.push(object);
      return found;
    },
  };
}

/** While the API is away an unseen object counts as absent. */
function ask<T>(find: () => T | undefined): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof ConnectionRefused || isApiError(error)) return undefined;
    throw error;
  }
}
