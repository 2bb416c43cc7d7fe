import type { V1Container, V1Pod, V1PodSpec } from '../schema/generated/models.ts';
import { cpuMillis, wholeUnits } from '../schema/quantity.ts';
import type { Allocation } from './kubelet-state.ts';

/** Why the node does not take a pod; becomes reason and message of a failed pod. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

export interface AdmissionInput {
  readonly pod: V1Pod;
  readonly request: { readonly cpuMillis: number; readonly memoryBytes: number };
  readonly allocated: Allocation;
  readonly capacity: { readonly cpuMillis: number; readonly memoryBytes: number; readonly pods: number };
  readonly nodeLabels: Readonly<Record<string, string>>;
  portOwner(key: string): string | undefined;
}

/** The checks that the scheduler has made too, against what this node really runs. Kubernetes: pkg/kubelet/lifecycle/predicate.go (1.36). */
export function rejectionOf({ pod, request, allocated, capacity, nodeLabels, portOwner }: AdmissionInput): Rejection | undefined {
  const spec = pod.spec as V1PodSpec;
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) {
    if (nodeLabels[key] !== value)
      return { reason: 'NodeAffinity', message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector" };
  }
  for (const key of hostPortsOf(spec)) {
    const owner = portOwner(key);
    if (owner !== undefined && owner !== pod.metadata?.uid)
      return { reason: 'NodePorts', message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports" };
  }
  if (allocated.pods + 1 > capacity.pods) return outOf('pods', 1, allocated.pods, capacity.pods);
  if (request.cpuMillis > 0 && allocated.cpuMillis + request.cpuMillis > capacity.cpuMillis)
    return outOf('cpu', request.cpuMillis, allocated.cpuMillis, capacity.cpuMillis);
  if (request.memoryBytes > 0 && allocated.memoryBytes + request.memoryBytes > capacity.memoryBytes) {
    return outOf('memory', request.memoryBytes, allocated.memoryBytes, capacity.memoryBytes);
  }
  return undefined;
}

function outOf(resource: string, requested: number, used: number, capacity: number): Rejection {
  return {
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  };
}

/** `protocol/port` of each host port. */
export function hostPortsOf(spec: V1PodSpec): string[] {
  return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ ports }) =>
    (ports ?? []).filter(({ hostPort }) => hostPort).map(({ hostPort, protocol }) => `${protocol ?? 'TCP'}/${hostPort}`),
  );
}

/** What a pod asks for: the larger of its containers together and each init container, sidecars counted with both. Kubernetes: pkg/api/v1/resource. */
export function requestOf(spec: V1PodSpec): { readonly cpuMillis: number; readonly memoryBytes: number } {
  return {
    cpuMillis: total(spec, (container) => cpuMillis(container.resources?.requests?.['cpu'])) + cpuMillis(spec.overhead?.['cpu']),
    memoryBytes: total(spec, (container) => wholeUnits(container.resources?.requests?.['memory'])) + wholeUnits(spec.overhead?.['memory']),
  };
}

function total(spec: V1PodSpec, of: (container: V1Container) => number): number {
  let sidecars = 0;
  let largestInit = 0;
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') sidecars += of(container);
    else largestInit = Math.max(largestInit, sidecars + of(container));
  }
  let main = sidecars;
  for (const container of spec.containers) main += of(container);
  return Math.max(main, largestInit);
}
