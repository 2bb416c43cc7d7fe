import type { LogOptions } from './apiserver/request.ts';
import type { ExecResult, FileSystem } from './images/image-program.ts';
import type { Pod } from './kinds/core/pod.ts';
import type { NodeMachine } from './kubelet/node-machine.ts';
import type { Network } from './network/network.ts';
import { type Container, type ContainerRuntime, RuntimeUnavailable } from './runtime/container-runtime.ts';
import { ApiError, badRequest } from './schema/api-error.ts';
import { formatMicroTime } from './sim/simulation.ts';

export interface NodeAccessParts {
  readonly network: Network;
  machine(node: string): NodeMachine | undefined;
  runtime(node: string): ContainerRuntime | undefined;
  /** Whether the node's kubelet runs and answers. */
  isKubeletUp(node: string): boolean;
}

/** What the API server asks kubelets for: logs, commands in containers. Kubernetes: pkg/kubelet/server (1.36). */
export class NodeAccess {
  readonly #parts: NodeAccessParts;

  constructor(parts: NodeAccessParts) {
    this.#parts = parts;
  }

  readLog(pod: Pod, options: LogOptions): string {
    const name = options.container ?? this.#onlyContainer(pod);
    const runtime = this.#reach(pod, 'containerLogs', name);
    const status = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].find(
      (one) => one.name === name,
    );
    const containers = this.#containers(runtime, pod, name);
    const found = options.previous ? containers.at(-2) : containers.at(-1);
    if (!found) {
      if (options.previous) throw badRequest(`previous terminated container "${name}" in pod "${pod.metadata?.name ?? ''}" not found`);
      const reason = status?.state?.waiting?.message
        ? `trying and failing to pull image`
        : (status?.state?.waiting?.reason ?? 'ContainerCreating');
      const isPull = /ImagePull/.test(status?.state?.waiting?.reason ?? '');
      throw badRequest(
        `container "${name}" in pod "${pod.metadata?.name ?? ''}" is waiting to start: ${isPull ? 'trying and failing to pull image' : reason}`,
      );
    }
    const lines = runtime.logs(found.id);
    const shown = options.tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - options.tailLines));
    return shown.map((line) => `${options.timestamps ? `${formatMicroTime(line.atMs).replace('Z', '000Z')} ` : ''}${line.text}\n`).join('');
  }

  /** Runs a command in a container; a text says why that is not possible. */
  exec(pod: Pod, container: string, argv: readonly string[], stdin: string): ExecResult | string {
    try {
      const runtime = this.#reach(pod, 'exec', container);
      const found = this.#containers(runtime, pod, container).at(-1);
      if (found?.state !== 'running') return `unable to upgrade connection: container not found ("${container}")`;
      return runtime.exec(found.id, argv, stdin);
    } catch (error) {
      if (error instanceof ApiError || error instanceof RuntimeUnavailable) return error.message;
      throw error;
    }
  }

  /** The files of a running container. */
  files(pod: Pod, container: string): FileSystem | undefined {
    const runtime = this.#parts.runtime(pod.spec?.nodeName ?? '');
    const found = runtime && this.#containers(runtime, pod, container).at(-1);
    return found?.state === 'running' ? runtime?.fileSystem(found.id) : undefined;
  }

  runningContainer(pod: Pod, container: string): { readonly runtime: ContainerRuntime; readonly id: string } | undefined {
    const runtime = this.#parts.runtime(pod.spec?.nodeName ?? '');
    const found = runtime && this.#containers(runtime, pod, container).at(-1);
    return runtime && found?.state === 'running' ? { runtime, id: found.id } : undefined;
  }

  #containers(runtime: ContainerRuntime, pod: Pod, name: string): readonly Container[] {
    const { name: podName, namespace, uid, annotations } = pod.metadata ?? {};
    const isMirror = annotations?.['kubernetes.io/config.mirror'] !== undefined;
    const found: Container[] = [];
    // A static pod's mirror has a uid of its own: there, the name says which sandbox it is.
    for (const sandbox of runtime.sandboxes()) {
      if (isMirror ? sandbox.podName !== podName || sandbox.podNamespace !== namespace : sandbox.podUid !== uid) continue;
      for (const container of runtime.containersOf(sandbox.id)) if (container.config.name === name) found.push(container);
    }
    return found.sort((a, b) => a.createdAtMs - b.createdAtMs || a.config.attempt - b.config.attempt);
  }

  #onlyContainer(pod: Pod): string {
    const names = (pod.spec?.containers ?? []).map(({ name }) => name);
    if (names.length > 1)
      throw badRequest(`a container name must be specified for pod ${pod.metadata?.name ?? ''}, choose one of: [${names.join(' ')}]`);
    return names[0] ?? '';
  }

  /** The runtime of the pod's node, if the kubelet there answers. */
  #reach(pod: Pod, route: string, container: string): ContainerRuntime {
    const { nodeName = '' } = pod.spec ?? {};
    const { name = '', namespace = '' } = pod.metadata ?? {};
    if (nodeName === '') throw badRequest(`pod ${name} does not have a host assigned`);
    const runtime = this.#parts.runtime(nodeName);
    const node = this.#parts.network.node(nodeName);
    const url = `https://${node?.address ?? nodeName}:10250/${route}/${namespace}/${name}/${container}`;
    if (!runtime || !node?.reachable)
      throw new ApiError('InternalError', `Get "${url}": dial tcp ${node?.address ?? nodeName}:10250: connect: no route to host`);
    if (!this.#parts.isKubeletUp(nodeName))
      throw new ApiError('InternalError', `Get "${url}": dial tcp ${node.address}:10250: connect: connection refused`);
    return runtime;
  }
}
