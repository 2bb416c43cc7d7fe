import { type Pod, pod } from '../../kinds/core/pod.ts';
import { serviceAccount } from '../../kinds/core/service-account.ts';
import { forbiddenRequest } from '../../schema/api-error.ts';
import type { V1Volume } from '../../schema/generated/models.ts';
import type { Mutable } from '../../sim/plain.ts';
import type { AdmissionPlugin } from './admission.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Gives pods their ServiceAccount, its image pull secrets and its token volume. Kubernetes: plugin/pkg/admission/serviceaccount (1.36). */
export const serviceAccountAdmission: AdmissionPlugin = {
  name: 'ServiceAccount',
  mutate({ request, find }, draft) {
    if (request.kind !== pod || request.verb !== 'create' || request.subresource !== undefined) return;
    const { spec, metadata } = draft as Mutable<Pod>;
    // Mirror pods show what a kubelet runs anyway; they never use the API.
    if (!spec || metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined) return;
    const name = spec.serviceAccountName || 'default';
    const account = find(serviceAccount, request.namespace, name);
    if (!account) {
      const podName = metadata?.name || metadata?.generateName || '';
      throw forbiddenRequest(
        { group: '', resource: 'pods' },
        podName,
        `error looking up service account ${request.namespace}/${name}: serviceaccount "${name}" not found`,
      );
    }
    spec.serviceAccountName = name;
    spec.serviceAccount = name;
    if (!spec.imagePullSecrets && account.imagePullSecrets)
      spec.imagePullSecrets = account.imagePullSecrets.map((reference) => ({ ...reference }));
    const automount = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
    if (automount) mountToken(spec, request.namespace, metadata?.uid ?? '');
  },
};

function mountToken(spec: Mutable<NonNullable<Pod['spec']>>, namespace: string, uid: string): void {
  // Upstream draws the suffix; ours follows from the pod's own seeded uid, which is as unique.
  const volumeName = `kube-api-access-${uid.replaceAll('-', '').slice(0, 5) || namespace.slice(0, 5)}`;
  let isMounted = false;
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    if (container.volumeMounts?.some((mount) => mount.mountPath === mountPath)) continue;
    container.volumeMounts = [...(container.volumeMounts ?? []), { name: volumeName, readOnly: true, mountPath }];
    isMounted = true;
  }
  if (isMounted) spec.volumes = [...(spec.volumes ?? []), tokenVolume(volumeName)];
}

function tokenVolume(name: string): Mutable<V1Volume> {
  return {
    name,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
      ],
    },
  };
}
