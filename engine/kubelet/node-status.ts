import { lease } from '../kinds/coordination/lease.ts';
import { type Node, node as nodeKind } from '../kinds/core/node.ts';
import { isApiError } from '../schema/api-error.ts';
import type { V1NodeCondition, V1NodeStatus } from '../schema/generated/models.ts';
import { canonicalQuantity } from '../schema/quantity.ts';
import { deepEqual } from '../sim/plain.ts';
import { formatMicroTime } from '../sim/simulation.ts';
import type { NodeAgent } from './node-agent.ts';

/** The taint of a node that its cloud has not looked at. */
const uninitialized = { key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' };

/** Registers the node, keeps its status true and its Lease alive. Kubernetes: pkg/kubelet/kubelet_node_status.go, nodestatus (1.36). */
export class NodeReporter {
  readonly #agent: NodeAgent;

  constructor(agent: NodeAgent) {
    this.#agent = agent;
  }

  /** Writes what has changed; tried again later while the API is away. */
  report(): void {
    this.#agent.callApi(() => {
      const { client } = this.#agent.context;
      const { node } = this.#agent.options;
      const known = client.find(nodeKind, '', node);
      const object = known ?? this.#register();
      if (known && !this.#agent.state.registered) this.#announce(known);
      this.#agent.state.registered = true;
      this.#writeStatus(object);
      this.#renew(object);
    });
  }

  #register(): Node {
    const created = this.#agent.context.client.create(nodeKind, this.#initial());
    this.#announce(created);
    this.#agent.context.step(`registered node ${this.#agent.options.node}`, {
      apiVersion: 'v1',
      kind: 'Node',
      name: this.#agent.options.node,
    });
    return created;
  }

  #announce(object: Node): void {
    const { context, options } = this.#agent;
    context.event(object, 'Normal', 'Starting', 'Starting kubelet.');
    if (object.status?.nodeInfo?.bootID && object.status.nodeInfo.bootID !== options.machine.state.bootId) {
      context.event(object, 'Warning', 'Rebooted', `Node ${options.node} has been rebooted, boot id: ${options.machine.state.bootId}`);
    }
  }

  #initial(): Node {
    const { node, labels, taints, cloudProvider, network } = this.#agent.options;
    const podCidr = network.node(node)?.podCidr;
    const all = [...(taints ?? []), ...(cloudProvider === 'external' ? [uninitialized] : [])];
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: node,
        labels: {
          'beta.kubernetes.io/arch': 'amd64',
          'beta.kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'kubernetes.io/hostname': node,
          'kubernetes.io/os': 'linux',
          ...labels,
        },
        annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
      },
      spec: { ...(podCidr !== undefined && { podCIDR: podCidr, podCIDRs: [podCidr] }), ...(all.length > 0 && { taints: all }) },
      status: this.#status(undefined),
    };
  }

  #writeStatus(object: Node): void {
    const status = this.#status(object.status);
    if (deepEqual(status, object.status)) return;
    const before = readyOf(object);
    const { context, options } = this.#agent;
    try {
      context.client.updateStatus(nodeKind, { ...object, status });
    } catch (error) {
      if (!isApiError(error, 'Conflict')) throw error;
      context.client.modify(
        nodeKind,
        '',
        options.node,
        (draft) => {
          draft.status = this.#status(draft.status as V1NodeStatus | undefined) as NonNullable<typeof draft.status>;
        },
        'status',
      );
    }
    const after = status.conditions?.find(({ type }) => type === 'Ready')?.status;
    if (before === after) return;
    const reason = after === 'True' ? 'NodeReady' : 'NodeNotReady';
    context.event(object, 'Normal', reason, `Node ${options.node} status is now: ${reason}`);
  }

  #renew(object: Node): void {
    const { context, options, now } = this.#agent;
    const { node, heartbeats } = options;
    const name = `kube-node-lease/${node}`;
    if (!context.client.find(lease, 'kube-node-lease', node)) {
      try {
        context.client.create(lease, {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: {
            name: node,
            namespace: 'kube-node-lease',
            ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node, uid: object.metadata?.uid ?? '' }],
          },
          spec: { holderIdentity: node, leaseDurationSeconds: 40, renewTime: formatMicroTime(now) },
        });
      } catch (error) {
        // The namespace comes with the API server's first start; until then the node has no Lease.
        if (!isApiError(error, 'NotFound')) throw error;
        if (!context.hasTimer('retry')) context.setTimer('retry', 1000);
        return;
      }
    }
    heartbeats.keepAlive(name);
  }

  #status(current: V1NodeStatus | undefined): V1NodeStatus {
    const { options } = this.#agent;
    const { capacity, node, network, version, machine, runtime } = options;
    const resources = {
      cpu: String(capacity.cpu),
      'ephemeral-storage': canonicalQuantity(`${capacity.ephemeralStorageGiB}Gi`) ?? '',
      'hugepages-1Gi': '0',
      'hugepages-2Mi': '0',
      memory: canonicalQuantity(`${capacity.memoryMiB}Mi`) ?? '',
      pods: String(capacity.pods),
    };
    return {
      ...current,
      addresses: current?.addresses?.some(({ type }) => type === 'ExternalIP')
        ? current.addresses
        : [
            { type: 'InternalIP', address: network.node(node)?.address ?? '' },
            { type: 'Hostname', address: node },
          ],
      capacity: resources,
      allocatable: resources,
      conditions: this.#conditions(current?.conditions ?? []),
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      images: current?.images ?? [],
      nodeInfo: {
        architecture: 'amd64',
        bootID: machine.state.bootId,
        containerRuntimeVersion: 'containerd://2.2.1',
        kernelVersion: '6.8.0-90-generic',
        kubeProxyVersion: '',
        kubeletVersion: version,
        machineID: machine.state.machineId,
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 13 (trixie)',
        systemUUID: machine.state.machineId,
      },
      ...(runtime.isRunning && { runtimeHandlers: [{ name: '', features: { recursiveReadOnlyMounts: true, userNamespaces: true } }] }),
    };
  }

  #conditions(current: readonly V1NodeCondition[]): V1NodeCondition[] {
    const problem = this.#notReadyBecause();
    const { timestamp } = this.#agent.context;
    const wanted: readonly [type: string, status: 'True' | 'False', reason: string, message: string][] = [
      ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
      ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
      ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
      [
        'Ready',
        problem === undefined ? 'True' : 'False',
        problem === undefined ? 'KubeletReady' : 'KubeletNotReady',
        problem ?? 'kubelet is posting ready status',
      ],
    ];
    const own = wanted.map(([type, status, reason, message]): V1NodeCondition => {
      const before = current.find((condition) => condition.type === type);
      if (before?.status === status && before.reason === reason && before.message === message) return before;
      return {
        type,
        status,
        reason,
        message,
        lastHeartbeatTime: timestamp,
        lastTransitionTime: before?.status === status ? (before.lastTransitionTime ?? timestamp) : timestamp,
      };
    });
    return [...current.filter(({ type }) => !wanted.some(([known]) => known === type)), ...own];
  }

  #notReadyBecause(): string | undefined {
    const { runtime, machine } = this.#agent.options;
    if (!runtime.isRunning)
      return '[container runtime is down, PLEG is not healthy: pleg was last seen active 3m0s ago; threshold is 3m0s]';
    if (!machine.hasNetworkPlugin)
      return 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';
    return undefined;
  }
}

function readyOf(object: Node): string | undefined {
  return object.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
}
