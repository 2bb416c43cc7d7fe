import type { Signal } from '../images/image-program.ts';
import type { Network } from '../network/network.ts';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';

/** What stays on a node's disk and which of its services run. Plain data. */
export interface NodeMachineState {
  poweredOn: boolean;
  /** Whether systemd has the kubelet running. */
  kubelet: boolean;
  containerd: boolean;
  /** By absolute path. */
  readonly files: Map<string, string>;
  /** Raised at every boot. */
  boots: number;
  bootId: string;
  readonly machineId: string;
}

/** Starts and stops the node's kubelet process; the cluster knows how. */
export interface KubeletControl {
  startKubelet(node: string): void;
  stopKubelet(node: string): void;
}

export interface NodeMachineOptions {
  readonly node: string;
  readonly state: NodeMachineState;
  readonly runtime: ContainerRuntime;
  readonly network: Network;
  readonly control: KubeletControl;
  newId(): string;
}

/** Where the kubelet looks for static pods. */
export const manifestFolder = '/etc/kubernetes/manifests/';
/** Where a network plugin leaves its configuration; without a file in it pods get no network. */
export const cniFolder = '/etc/cni/net.d/';

export function nodeMachineState(ids: { readonly machineId: string; readonly bootId: string }): NodeMachineState {
  return { poweredOn: true, kubelet: false, containerd: true, files: new Map(), boots: 1, bootId: ids.bootId, machineId: ids.machineId };
}

/** A node as a machine: power, services, files. Losing power leaves no trace in the API; others must find out. */
export class NodeMachine {
  readonly node: string;
  readonly #options: NodeMachineOptions;
  #onFileChange: ((path: string) => void) | undefined;

  constructor(options: NodeMachineOptions) {
    this.node = options.node;
    this.#options = options;
  }

  get state(): NodeMachineState {
    return this.#options.state;
  }

  powerOff(): void {
    const { state, runtime, network } = this.#options;
    if (!state.poweredOn) return;
    state.poweredOn = false;
    this.#options.control.stopKubelet(this.node);
    network.setReachable(this.node, false);
    network.clearRules(this.node);
    runtime.powerOff();
  }

  powerOn(): void {
    const { state, runtime, network } = this.#options;
    if (state.poweredOn) return;
    state.poweredOn = true;
    state.boots++;
    state.bootId = this.#options.newId();
    network.setReachable(this.node, true);
    runtime.setRunning(state.containerd);
    if (state.kubelet) this.#options.control.startKubelet(this.node);
  }

  startKubelet(): void {
    this.state.kubelet = true;
    if (this.state.poweredOn) this.#options.control.startKubelet(this.node);
  }

  stopKubelet(): void {
    this.state.kubelet = false;
    this.#options.control.stopKubelet(this.node);
  }

  startContainerd(): void {
    this.state.containerd = true;
    if (this.state.poweredOn) this.#options.runtime.setRunning(true);
  }

  stopContainerd(): void {
    this.state.containerd = false;
    this.#options.runtime.setRunning(false);
  }

  /** Ends a container's main process by a signal, as `crictl` or an administrator's `kill` would. */
  killContainer(id: string, signal: Signal = 'SIGKILL'): void {
    this.#options.runtime.signal(id, signal);
  }

  readFile(path: string): string | undefined {
    return this.state.files.get(path);
  }

  writeFile(path: string, content: string): void {
    this.state.files.set(path, content);
    this.#onFileChange?.(path);
  }

  removeFile(path: string): void {
    if (this.state.files.delete(path)) this.#onFileChange?.(path);
  }

  /** Paths below a folder, sorted. */
  filesIn(folder: string): readonly string[] {
    return [...this.state.files.keys()].filter((path) => path.startsWith(folder)).sort();
  }

  get hasNetworkPlugin(): boolean {
    for (const path of this.state.files.keys()) if (path.startsWith(cniFolder)) return true;
    return false;
  }

  /** The kubelet watches files through this; one watcher at a time. */
  watchFiles(onChange: ((path: string) => void) | undefined): void {
    this.#onFileChange = onChange;
  }
}
