import { type Node, node } from '../../kinds/core/node.ts';
import type { Mutable } from '../../sim/plain.ts';
import type { AdmissionPlugin } from './admission.ts';

/** New nodes are tainted until the node controller has seen them ready. Kubernetes: plugin/pkg/admission/nodetaint (1.36). */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  mutate({ request }, draft) {
    if (request.kind !== node || request.verb !== 'create' || request.subresource !== undefined) return;
    const fresh = draft as Mutable<Node>;
    fresh.spec ??= {};
    if (fresh.spec.taints?.some((taint) => taint.key === 'node.kubernetes.io/not-ready')) return;
    fresh.spec.taints = [...(fresh.spec.taints ?? []), { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }];
  },
};
