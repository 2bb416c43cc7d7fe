import { createDeviceContext } from '../device-context.ts';
import type { ImageDefinition } from '../images/image-program.ts';
import { builtInImages } from '../images/registry.ts';
import { event } from '../kinds/core/event.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import { serviceAccount } from '../kinds/core/service-account.ts';
import { ClusterNetwork } from '../network/cluster-network.ts';
import { coreDnsProcess } from '../network/coredns.ts';
import { kubeProxyProcess } from '../network/kube-proxy.ts';
import { networkState } from '../network/network-state.ts';
import { Containerd } from '../runtime/containerd.ts';
import { ImageRegistry } from '../runtime/image-registry.ts';
import { runtimeState } from '../runtime/runtime-state.ts';
import type { V1Container, V1PodSpec } from '../schema/generated/models.ts';
import type { DeviceContext } from '../sim/device.ts';
import type { Millis } from '../sim/simulation.ts';
import { createCore, type TestCore } from '../testing/index.ts';
import { kubeletProcess } from './kubelet.ts';
import { cniFolder, NodeMachine, nodeMachineState } from './node-machine.ts';

export interface TestNode {
  readonly name: string;
  readonly machine: NodeMachine;
  readonly runtime: Containerd;
}

export interface TestNodes extends TestCore {
  readonly nodes: readonly TestNode[];
  readonly network: ClusterNetwork;
  readonly components: Set<string>;
  /** The plain memory of devices and processes. */
  readonly states: unknown;
  createPod(
    name: string,
    spec: Partial<V1PodSpec> & { readonly containers: readonly V1Container[] },
    metadata?: Partial<NonNullable<Pod['metadata']>>,
  ): Pod;
  getPod(name: string): Pod;
  findPod(name: string): Pod | undefined;
  /** `reason: message` of the events about a pod, oldest first. */
  events(name: string): readonly string[];
  containerId(podName: string, container?: string): string;
  /** As the cluster does it: processes first, then devices. */
  advance(ms: Millis): void;
}

/** Nodes with kubelets, runtimes and proxies on a bare API server: pods are bound by the tests themselves. */
export function createNodes(
  options: {
    readonly count?: number;
    readonly images?: readonly ImageDefinition[];
    readonly realistic?: boolean;
    readonly dns?: boolean;
    readonly hasCni?: boolean;
  } = {},
): TestNodes {
  const test = createCore();
  const { core, client } = test;
  if (options.realistic) core.state.latency = 'realistic';
  client.create(serviceAccount, { metadata: { name: 'default', namespace: 'default' } });
  const components = new Set<string>();
  const states = new Map<string, object>();
  const device = <S extends object>(name: string, state: S): DeviceContext<S> => {
    states.set(name, state);
    return createDeviceContext(core, name, state);
  };
  const network = new ClusterNetwork(device('network', networkState()), {
    podPrefix: '10.244',
    nodePrefix: '172.18.0',
    servicePrefix: '10.96',
  });
  const registry = new ImageRegistry([...builtInImages, ...(options.images ?? [])]);
  const control = {
    start: (name: string) => void components.add(name),
    stop: (name: string) => void components.delete(name),
    isRunning: (name: string) => components.has(name),
  };
  const nodes = Array.from({ length: options.count ?? 1 }, (_, index): TestNode => {
    const name = `node-${index + 1}`;
    network.addNode(name);
    const state = nodeMachineState({ machineId: core.sim.uid(), bootId: core.sim.uid() });
    if (options.hasCni !== false) state.files.set(`${cniFolder}10-kindnet.conflist`, '{}');
    const runtime = new Containerd(device(`containerd/${name}`, runtimeState()), {
      node: name,
      network,
      registry,
      components: control,
      hostFiles: state.files,
    });
    network.attach(name, runtime);
    const machine = new NodeMachine({
      node: name,
      state,
      runtime,
      network,
      newId: () => core.sim.uid(),
      control: {
        startKubelet: (node) => core.processes.start(`kubelet/${node}`),
        stopKubelet: (node) => core.processes.stop(`kubelet/${node}`),
      },
    });
    core.processes.define(
      kubeletProcess({
        node: name,
        machine,
        runtime,
        network,
        heartbeats: core.heartbeats,
        version: 'v1.36.0',
        clusterDns: '10.96.0.10',
        clusterDomain: 'cluster.local',
        capacity: { cpu: 4, memoryMiB: 8192, ephemeralStorageGiB: 50, pods: 110 },
      }),
    );
    core.processes.define(kubeProxyProcess({ node: name, network }));
    machine.startKubelet();
    core.processes.start(`kube-proxy/${name}`);
    return { name, machine, runtime };
  });
  if (options.dns) {
    core.processes.define(coreDnsProcess({ node: 'node-1', network, domain: 'cluster.local' }));
    core.processes.start('coredns');
    components.add('coredns');
  }
  const run = (untilMs: Millis, isDone: () => boolean): void => {
    let steps = 0;
    for (let next = core.sim.peek(); next && next.due <= untilMs && !isDone(); next = core.sim.peek()) {
      const timer = core.sim.take();
      if (++steps > 200_000) throw new Error(`does not come to rest: ${timer?.process} ${timer?.key}`);
      if (!timer || core.dispatch(timer)) continue;
      nodes.find(({ name }) => timer.process === `containerd/${name}`)?.runtime.onTimer(timer.key);
    }
  };
  const findPod = (name: string): Pod | undefined => client.find(pod, 'default', name);
  const nodesTest: TestNodes = {
    ...test,
    nodes,
    network,
    components,
    get states() {
      return { devices: states, processes: core.state.processes };
    },
    findPod,
    settle: (withinMs = 3_600_000) => run(core.sim.now + withinMs, () => core.sim.isSettled),
    advance(ms) {
      const untilMs = core.sim.now + ms;
      run(untilMs, () => false);
      core.sim.skipTo(untilMs);
    },
    createPod: (name, spec, metadata) =>
      client.create(pod, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default', ...metadata },
        spec: { nodeName: 'node-1', ...spec },
      }),
    getPod: (name) => client.get(pod, 'default', name),
    events: (name) =>
      client
        .list(event, 'default')
        .filter(({ involvedObject }) => involvedObject.name === name)
        .map(({ reason, message }) => `${reason}: ${message}`),
    containerId(podName, container) {
      const statuses = client.get(pod, 'default', podName).status?.containerStatuses ?? [];
      const status = container === undefined ? statuses[0] : statuses.find(({ name }) => name === container);
      return (status?.containerID ?? '').replace('containerd://', '');
    },
  };
  nodesTest.settle();
  return nodesTest;
}
