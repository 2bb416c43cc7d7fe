import { type ControllerDefinition, done } from '../../client/controller.ts';
import { type Node, node as nodeKind } from '../../kinds/core/node.ts';
import type { CloudProvider } from '../provider.ts';

export const shutdownTaint = 'node.cloudprovider.kubernetes.io/shutdown';

/**
 * Asks the cloud about nodes that have fallen silent: gone machines lose their Node, stopped ones are tainted.
 * Upstream asks every five seconds; here a node's own changes ask. Kubernetes: cloud-provider/controllers/nodelifecycle (1.36).
 */
export function cloudNodeLifecycleController(cloud: CloudProvider): ControllerDefinition {
  return {
    name: 'cloud-node-lifecycle-controller',
    watches: [{ kind: nodeKind, enqueue: 'self' }],
    initialState: () => ({}),
    reconcile(context, key) {
      const object = context.lister(nodeKind).byKey(key);
      if (!object?.spec?.providerID) return done;
      const isTainted = object.spec.taints?.some((taint) => taint.key === shutdownTaint) === true;
      if (isReady(object)) {
        if (isTainted) setShutdown(context.client, key, false);
        return done;
      }
      const instance = cloud.instance(key);
      if (!instance) {
        context.event(object, 'Normal', 'DeletingNode', `Deleting node ${key} because it does not exist in the cloud provider`);
        context.client.remove(nodeKind, '', key);
      } else if (instance.state === 'stopped' && !isTainted) setShutdown(context.client, key, true);
      return done;
    },
  };
}

function isReady({ status }: Node): boolean {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
}

function setShutdown(client: Parameters<ControllerDefinition['reconcile']>[0]['client'], name: string, isDown: boolean): void {
  client.modify(nodeKind, '', name, (draft) => {
    const others = (draft.spec?.taints ?? []).filter((taint) => taint.key !== shutdownTaint);
    draft.spec = { ...draft.spec, taints: isDown ? [...others, { key: shutdownTaint, effect: 'NoSchedule' }] : others };
  });
}
