import { type Pod, pod } from '../../kinds/core/pod.ts';
import type { Mutable } from '../../sim/plain.ts';
import type { AdmissionPlugin } from './admission.ts';

const conditions = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** Pods stay five minutes on a node that is not ready or unreachable. Kubernetes: plugin/pkg/admission/defaulttolerationseconds (1.36). */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  mutate({ request }, draft) {
    if (request.kind !== pod || request.subresource !== undefined || request.verb !== 'create') return;
    const { spec } = draft as Mutable<Pod>;
    if (!spec) return;
    for (const key of conditions) {
      const isTolerated = spec.tolerations?.some(
        (toleration) => (toleration.key === key || !toleration.key) && (toleration.effect === 'NoExecute' || !toleration.effect),
      );
      if (!isTolerated)
        spec.tolerations = [...(spec.tolerations ?? []), { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }];
    }
  },
};
