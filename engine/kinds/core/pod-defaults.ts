import type { V1Container, V1EphemeralContainer, V1PodSpec, V1Probe, V1Volume } from '../../schema/generated/models.ts';
import type { Mutable } from '../../sim/plain.ts';

/** The tag of an image reference: `nginx:1.27` → `1.27`, `nginx` → `latest`, digests → empty. */
function tagOf(image: string): string {
  if (image.includes('@')) return '';
  const afterSlash = image.slice(image.lastIndexOf('/') + 1);
  const colon = afterSlash.lastIndexOf(':');
  return colon < 0 ? 'latest' : afterSlash.slice(colon + 1);
}

function defaultProbe(probe: Mutable<V1Probe> | undefined): void {
  if (!probe) return;
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  if (probe.httpGet) {
    probe.httpGet.scheme ??= 'HTTP';
    probe.httpGet.path ??= '/';
  }
  if (probe.grpc) probe.grpc.service ??= '';
}

function defaultContainer(container: Mutable<V1Container> | Mutable<V1EphemeralContainer>, hostNetwork: boolean): void {
  container.resources ??= {};
  container.terminationMessagePath ||= '/dev/termination-log';
  container.terminationMessagePolicy ||= 'File';
  container.imagePullPolicy ||= tagOf(container.image ?? '') === 'latest' ? 'Always' : 'IfNotPresent';
  for (const port of container.ports ?? []) {
    port.protocol ||= 'TCP';
    if (hostNetwork) port.hostPort ??= port.containerPort;
  }
  const { limits, requests } = container.resources;
  if (limits) container.resources.requests = { ...limits, ...requests };
  for (const variable of container.env ?? []) if (variable.valueFrom?.fieldRef) variable.valueFrom.fieldRef.apiVersion ||= 'v1';
  defaultProbe(container.livenessProbe);
  defaultProbe(container.readinessProbe);
  defaultProbe(container.startupProbe);
  for (const hook of [container.lifecycle?.postStart, container.lifecycle?.preStop]) {
    if (!hook?.httpGet) continue;
    hook.httpGet.scheme ??= 'HTTP';
    hook.httpGet.path ??= '/';
  }
}

function defaultVolume(volume: Mutable<V1Volume>): void {
  if (Object.keys(volume).length === 1) volume.emptyDir = {};
  if (volume.secret) volume.secret.defaultMode ??= 420;
  if (volume.configMap) volume.configMap.defaultMode ??= 420;
  if (volume.downwardAPI) volume.downwardAPI.defaultMode ??= 420;
  if (volume.hostPath) volume.hostPath.type ??= '';
  if (!volume.projected) return;
  volume.projected.defaultMode ??= 420;
  for (const source of volume.projected.sources ?? []) {
    if (source.serviceAccountToken) source.serviceAccountToken.expirationSeconds ??= 3600;
    for (const item of source.downwardAPI?.items ?? []) if (item.fieldRef) item.fieldRef.apiVersion ||= 'v1';
  }
}

/** Kubernetes: pkg/apis/core/v1/defaults.go (1.36). Shared by pods and by the templates of workloads. */
export function defaultPodSpec(spec: Mutable<V1PodSpec>): void {
  spec.restartPolicy ||= 'Always';
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.schedulerName ||= 'default-scheduler';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.securityContext ??= {};
  if (spec.serviceAccountName) spec.serviceAccount ??= spec.serviceAccountName;
  else if (spec.serviceAccount) spec.serviceAccountName = spec.serviceAccount;
  for (const containers of [spec.initContainers, spec.containers, spec.ephemeralContainers]) {
    for (const container of containers ?? []) defaultContainer(container, spec.hostNetwork ?? false);
  }
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
}
