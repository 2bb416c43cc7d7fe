import { type ControllerContext, type ControllerDefinition, done } from '../client/controller.ts';
import type { WatchChange } from '../client/process.ts';
import { namespace } from '../kinds/core/namespace.ts';
import { serviceAccount } from '../kinds/core/service-account.ts';
import { ApiError } from '../schema/api-error.ts';
import { isDeleting, metaOf, namespaceOf } from './stored-object.ts';

const name = 'default';

/** Gives every namespace its `default` ServiceAccount. Kubernetes: pkg/controller/serviceaccount (1.36). */
export const serviceAccountController: ControllerDefinition = {
  name: 'service-account-controller',
  watches: [
    { kind: namespace, enqueue: 'self' },
    { kind: serviceAccount, enqueue: keysForAccount },
  ],
  initialState: () => ({}),

  reconcile(context, key) {
    const home = context.lister(namespace).byKey(key);
    if (!home || isDeleting(home) || context.lister(serviceAccount).get(key, name)) return done;
    try {
      context.client.create(serviceAccount, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: key } });
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
    }
    return done;
  },
};

function keysForAccount(_context: ControllerContext, { type, object }: WatchChange): readonly string[] {
  return type === 'deleted' && metaOf(object).name === name ? [namespaceOf(object)] : [];
}
