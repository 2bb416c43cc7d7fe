import { SimCloud } from './cloud/simulated-cloud.ts';
import type { ClusterCore } from './cluster-core.ts';
import type { ClusterState } from './cluster-parts.ts';
import type { NodeSpec } from './cluster-spec.ts';
import { createDeviceContext } from './device-context.ts';
import type { ComponentControl } from './images/image-program.ts';
import { builtInImages } from './images/registry.ts';
import { kubeletProcess } from './kubelet/kubelet.ts';
import { NodeMachine } from './kubelet/node-machine.ts';
import { ClusterNetwork } from './network/cluster-network.ts';
import { Containerd } from './runtime/containerd.ts';
import { ImageRegistry } from './runtime/image-registry.ts';
import type { DeviceHandlers } from './sim/device.ts';
import { invariant } from './sim/invariant.ts';

/** The images that exist, shared by all clusters of a process. */
const registry = new ImageRegistry(builtInImages);

/** The machines of a cluster, their runtimes, the network between them, and the cloud that rents them out. */
export class ClusterNodes {
  readonly network: ClusterNetwork;
  readonly cloud: SimCloud;
  readonly devices = new Map<string, DeviceHandlers>();
  readonly #core: ClusterCore;
  readonly #state: ClusterState;
  readonly #components: ComponentControl;
  readonly #machines = new Map<string, NodeMachine>();
  readonly #runtimes = new Map<string, Containerd>();

  constructor(core: ClusterCore, state: ClusterState, components: ComponentControl) {
    this.#core = core;
    this.#state = state;
    this.#components = components;
    const { podCIDR, serviceCIDR } = state.spec;
    this.network = new ClusterNetwork(createDeviceContext(core, 'network', state.network), {
      podPrefix: podCIDR.split('.').slice(0, 2).join('.'),
      nodePrefix: '172.18.0',
      servicePrefix: serviceCIDR.split('.').slice(0, 2).join('.'),
    });
    this.cloud = new SimCloud(createDeviceContext(core, 'cloud', state.cloud), this.network);
    this.devices.set('network', this.network);
    this.devices.set('cloud', this.cloud);
    for (const spec of state.spec.nodes) this.#wire(spec);
  }

  machine(name: string): NodeMachine | undefined {
    return this.#machines.get(name);
  }

  runtime(name: string): Containerd | undefined {
    return this.#runtimes.get(name);
  }

  /** Gives every machine its address and, in a cloud, its contract. Once per cluster, not after a restore. */
  install(): void {
    for (const { name, zone } of this.#state.spec.nodes) {
      this.network.addNode(name);
      if (this.#state.spec.cloud) this.cloud.createInstance(name, zone ?? 'sim-1a');
    }
  }

  #wire(spec: NodeSpec): void {
    const { name } = spec;
    const machineState = this.#state.machines.get(name);
    const runtimeState = this.#state.runtimes.get(name);
    invariant(machineState && runtimeState, `node ${name} has no state`);
    const deviceName = `containerd/${name}`;
    const runtime = new Containerd(createDeviceContext(this.#core, deviceName, runtimeState), {
      node: name,
      network: this.network,
      registry,
      components: this.#components,
      hostFiles: machineState.files,
    });
    const machine = new NodeMachine({
      node: name,
      state: machineState,
      runtime,
      network: this.network,
      newId: () => this.#core.sim.uid(),
      control: {
        startKubelet: () => this.#core.processes.start(`kubelet/${name}`),
        stopKubelet: () => this.#core.processes.stop(`kubelet/${name}`),
      },
    });
    this.network.attach(name, runtime);
    this.devices.set(deviceName, runtime);
    this.#runtimes.set(name, runtime);
    this.#machines.set(name, machine);
    this.#defineKubelet(spec, machine, runtime);
  }

  #defineKubelet(spec: NodeSpec, machine: NodeMachine, runtime: Containerd): void {
    const { version, cloud, clusterDns, clusterDomain } = this.#state.spec;
    const isControlPlane = spec.role === 'control-plane';
    const taints = [
      ...(spec.taints ?? []),
      ...(isControlPlane ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] : []),
    ];
    this.#core.processes.define(
      kubeletProcess({
        node: spec.name,
        machine,
        runtime,
        network: this.network,
        heartbeats: this.#core.heartbeats,
        version: `v${version}`,
        labels: { ...spec.labels, ...(isControlPlane && { 'node-role.kubernetes.io/control-plane': '' }) },
        ...(taints.length > 0 && { taints }),
        ...(cloud && { cloudProvider: 'external' as const }),
        capacity: { cpu: spec.cpu, memoryMiB: spec.memoryMiB, ephemeralStorageGiB: 40, pods: spec.pods },
        clusterDns,
        clusterDomain,
      }),
    );
  }
}
