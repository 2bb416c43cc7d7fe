/** How a list is merged by strategic merge patches and by server-side apply. Kubernetes: patchStrategy and patchMergeKey tags of api types (1.36). */
export type ListStrategy = { readonly type: 'byKey'; readonly key: string } | { readonly type: 'set' } | { readonly type: 'atomic' };

const byKey: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  V1PodSpec: {
    containers: 'name',
    initContainers: 'name',
    ephemeralContainers: 'name',
    volumes: 'name',
    imagePullSecrets: 'name',
    hostAliases: 'ip',
    topologySpreadConstraints: 'topologyKey',
    schedulingGates: 'name',
    resourceClaims: 'name',
  },
  V1Container: { env: 'name', ports: 'containerPort', volumeMounts: 'mountPath', volumeDevices: 'devicePath' },
  V1EphemeralContainer: { env: 'name', ports: 'containerPort', volumeMounts: 'mountPath', volumeDevices: 'devicePath' },
  V1PodStatus: { conditions: 'type', podIPs: 'ip', hostIPs: 'ip', resourceClaimStatuses: 'name' },
  V1ServiceSpec: { ports: 'port' },
  V1ServiceStatus: { conditions: 'type' },
  V1NodeStatus: { conditions: 'type', addresses: 'type' },
  V1NamespaceStatus: { conditions: 'type' },
  V1DeploymentStatus: { conditions: 'type' },
  V1ReplicaSetStatus: { conditions: 'type' },
  V1DaemonSetStatus: { conditions: 'type' },
  V1ObjectMeta: { ownerReferences: 'uid' },
  V1ServiceAccount: { secrets: 'name' },
};
const sets: Readonly<Record<string, readonly string[]>> = { V1ObjectMeta: ['finalizers'], V1NodeSpec: ['podCIDRs'] };

const atomic: ListStrategy = { type: 'atomic' };
const set: ListStrategy = { type: 'set' };

export function listStrategy(model: string, field: string): ListStrategy {
  const key = byKey[model]?.[field];
  if (key) return { type: 'byKey', key };
  return sets[model]?.includes(field) ? set : atomic;
}
