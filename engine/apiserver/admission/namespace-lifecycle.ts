import { namespace as namespaceKind } from '../../kinds/core/namespace.ts';
import { forbiddenRequest, notFound } from '../../schema/api-error.ts';
import type { AdmissionPlugin } from './admission.ts';

const immortal = ['default', 'kube-system', 'kube-public'];

/** Objects are created in living namespaces only, and the first namespaces stay. Kubernetes: plugin/pkg/admission/namespace/lifecycle (1.36). */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  validate({ request, find }) {
    const resource = { group: request.kind.group, resource: request.kind.plural };
    if (request.verb === 'delete' && request.kind === namespaceKind && immortal.includes(request.name)) {
      throw forbiddenRequest(resource, request.name, 'this namespace may not be deleted');
    }
    if (request.verb !== 'create' || !request.kind.namespaced) return;
    const home = find(namespaceKind, '', request.namespace);
    if (!home) throw notFound({ group: '', resource: 'namespaces' }, request.namespace);
    if (home.metadata?.deletionTimestamp !== undefined) {
      throw forbiddenRequest(
        resource,
        request.name,
        `unable to create new content in namespace ${request.namespace} because it is being terminated`,
      );
    }
  },
};
