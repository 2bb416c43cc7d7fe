import { pod as podKind } from '../../kinds/core/pod.ts';
import type { V1Binding } from '../../schema/generated/models.ts';
import type { SchedulerPlugin } from '../plugin.ts';

/** Binds a pod to its node through the API. Kubernetes: plugins/defaultbinder (1.36). */
export const defaultBinder: SchedulerPlugin = {
  name: 'DefaultBinder',
  bind({ process }, _state, pod, node) {
    const { name = '', namespace = '', uid = '' } = pod.metadata ?? {};
    const binding: V1Binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, uid },
      target: { kind: 'Node', name: node },
    };
    process.client.createSubresource(podKind, namespace, name, 'binding', binding);
    return 'bound';
  },
};
