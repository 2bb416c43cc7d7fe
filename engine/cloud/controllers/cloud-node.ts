import { again, type ControllerDefinition, done } from '../../client/controller.ts';
import { type Node, node as nodeKind } from '../../kinds/core/node.ts';
import type { Millis } from '../../sim/simulation.ts';
import type { CloudProvider, Instance } from '../provider.ts';

export const uninitializedTaint = 'node.cloudprovider.kubernetes.io/uninitialized';

/** Nodes whose cloud call is under way, with when it is answered. */
export interface CloudNodeState {
  readonly due: Map<string, Millis>;
}

const unknownRetryMs: Millis = 10_000;

/** Tells each new node what the cloud knows of it. Kubernetes: cloud-provider/controllers/node (1.36). */
export function cloudNodeController(cloud: CloudProvider): ControllerDefinition<CloudNodeState> {
  return {
    name: 'cloud-node-controller',
    watches: [
      {
        kind: nodeKind,
        enqueue: (_context, { type, object }) =>
          type !== 'deleted' && isUninitialized(object as Node) ? [object.metadata?.name ?? ''] : [],
      },
    ],
    initialState: () => ({ due: new Map() }),
    reconcile(context, key) {
      const object = context.lister(nodeKind).byKey(key);
      if (!object || !isUninitialized(object)) {
        context.state.due.delete(key);
        return done;
      }
      const dueMs = context.state.due.get(key);
      if (dueMs === undefined) {
        const delayMs = context.latency('cloudCall');
        context.state.due.set(key, context.now + delayMs);
        return again(delayMs);
      }
      if (dueMs > context.now) return again(dueMs - context.now);
      context.state.due.delete(key);
      const about = { apiVersion: 'v1', kind: 'Node', name: key };
      const instance = cloud.instance(key);
      if (!instance) {
        context.finding(about, 'cloud', `The cloud has no machine called ${key}; the node stays uninitialized.`);
        return again(unknownRetryMs);
      }
      context.finding(about, 'cloud', undefined);
      context.client.modify(nodeKind, '', key, (draft) => {
        draft.spec = {
          ...draft.spec,
          providerID: instance.providerId,
          taints: (draft.spec?.taints ?? []).filter((taint) => taint.key !== uninitializedTaint),
        };
        draft.metadata = { ...draft.metadata, labels: { ...draft.metadata?.labels, ...labelsOf(instance) } };
      });
      context.client.modify(
        nodeKind,
        '',
        key,
        (draft) => {
          draft.status = { ...draft.status, addresses: instance.addresses.map((address) => ({ ...address })) };
        },
        'status',
      );
      context.event(object, 'Normal', 'Synced', 'Node synced successfully');
      return done;
    },
  };
}

function isUninitialized({ spec }: Node): boolean {
  return spec?.taints?.some(({ key }) => key === uninitializedTaint) === true;
}

function labelsOf({ zone, region, instanceType }: Instance): Readonly<Record<string, string>> {
  return {
    'node.kubernetes.io/instance-type': instanceType,
    'beta.kubernetes.io/instance-type': instanceType,
    'topology.kubernetes.io/region': region,
    'topology.kubernetes.io/zone': zone,
    'failure-domain.beta.kubernetes.io/region': region,
    'failure-domain.beta.kubernetes.io/zone': zone,
  };
}
