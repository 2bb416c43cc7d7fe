import type { ClusterCore } from './cluster-core.ts';
import type { ClusterNodes } from './cluster-nodes.ts';
import type { ClusterState } from './cluster-parts.ts';
import type { ComponentControl, Signal } from './images/image-program.ts';
import { manifestFolder } from './kubelet/node-machine.ts';

/** A component as a person sees it. */
export interface ComponentStatus {
  readonly name: string;
  /** Absent for the control plane. */
  readonly node?: string;
  readonly health: 'running' | 'stopped' | 'failing';
  readonly detail: string;
}

const staticComponents = ['etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager'];
const leaderComponents = ['kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager'];

/** Starts and stops what stands behind the containers of components, and the levers with which a person does. */
export class ClusterComponents implements ComponentControl {
  readonly #core: ClusterCore;
  readonly #state: ClusterState;
  readonly #nodes: () => ClusterNodes;

  constructor(core: ClusterCore, state: ClusterState, nodes: () => ClusterNodes) {
    this.#core = core;
    this.#state = state;
    this.#nodes = nodes;
  }

  /** A container of the component has begun to run. */
  start(name: string, node: string): void {
    const count = this.#state.components.get(name) ?? 0;
    this.#state.components.set(name, count + 1);
    if (count > 0) return;
    if (name === 'etcd') this.#core.setStorageUp(true);
    else if (name === 'kube-apiserver') this.#core.setServing(true);
    else if (this.#core.processes.isDefined(name)) this.#core.processes.start(name);
    if (leaderComponents.includes(name)) this.#core.heartbeats.keepAlive(`kube-system/${name}`, `${node}_${this.#core.sim.uid()}`);
  }

  /** A container of the component has stopped running. */
  stop(name: string): void {
    const count = this.#state.components.get(name) ?? 0;
    this.#state.components.set(name, Math.max(0, count - 1));
    if (count !== 1) return;
    if (leaderComponents.includes(name)) this.#core.heartbeats.release(`kube-system/${name}`);
    if (name === 'etcd') this.#core.setStorageUp(false);
    else if (name === 'kube-apiserver') this.#core.setServing(false);
    else this.#core.processes.stop(name);
  }

  isRunning(name: string): boolean {
    return (this.#state.components.get(name) ?? 0) > 0;
  }

  list(): readonly ComponentStatus[] {
    const { spec } = this.#state;
    const control: ComponentStatus[] = staticComponents
      .filter((name) => name !== 'cloud-controller-manager' || spec.cloud)
      .map((name) => ({ name, ...this.#healthOf(name) }));
    const nodes = spec.nodes.flatMap(({ name: node }): ComponentStatus[] => {
      const machine = this.#nodes().machine(node);
      const isOn = machine?.state.poweredOn ?? false;
      const off = { health: 'stopped' as const, detail: `${node} has no power` };
      return [
        { name: 'kubelet', node, ...(isOn ? serviceHealth(machine?.state.kubelet ?? false) : off) },
        { name: 'containerd', node, ...(isOn ? serviceHealth(machine?.state.containerd ?? false) : off) },
        { name: 'kube-proxy', node, ...(isOn ? this.#healthOf(`kube-proxy/${node}`) : off) },
      ];
    });
    return [...control, ...nodes, { name: 'coredns', ...this.#healthOf('coredns') }];
  }

  #healthOf(name: string): Pick<ComponentStatus, 'health' | 'detail'> {
    if (!this.isRunning(name)) return { health: 'stopped', detail: 'its container does not run' };
    const needsApi = name !== 'etcd' && name !== 'kube-apiserver';
    if (name === 'kube-apiserver' && !this.#core.state.isStorageUp) return { health: 'failing', detail: 'cannot reach etcd' };
    if (needsApi && !this.#core.api.isAvailable) return { health: 'failing', detail: 'cannot reach the API server' };
    return { health: 'running', detail: '' };
  }

  /** Stops a component and keeps it stopped. The answer is a sentence for the person. */
  hold(name: string, node?: string): string {
    const nodes = this.#nodes();
    const home = node ?? this.#state.spec.nodes[0]?.name ?? '';
    const machine = nodes.machine(home);
    if (!machine) return `There is no node ${home}.`;
    this.#note(`${name}${node ? ` on ${node}` : ''} is stopped`);
    if (staticComponents.includes(name)) {
      const path = `${manifestFolder}${name}.yaml`;
      const text = machine.readFile(path);
      if (text === undefined) return `${name} is stopped already.`;
      this.#state.heldManifests.set(path, text);
      machine.removeFile(path);
      return `${path} was moved away on ${home}: the kubelet there stops ${name}.`;
    }
    if (name === 'kubelet') {
      machine.stopKubelet();
      return `The kubelet on ${home} was stopped. Its containers run on.`;
    }
    if (name === 'containerd') {
      machine.stopContainerd();
      return `containerd on ${home} was stopped. Its containers run on, but nobody can start or stop any.`;
    }
    const count = this.#signal(name, node, 'SIGSTOP');
    return count > 0
      ? `${name}${node ? ` on ${node}` : ''} was frozen (SIGSTOP).`
      : `No container of ${name} runs${node ? ` on ${node}` : ''}.`;
  }

  release(name: string, node?: string): string {
    const home = node ?? this.#state.spec.nodes[0]?.name ?? '';
    const machine = this.#nodes().machine(home);
    if (!machine) return `There is no node ${home}.`;
    this.#note(`${name}${node ? ` on ${node}` : ''} is started`);
    if (staticComponents.includes(name)) {
      const path = `${manifestFolder}${name}.yaml`;
      const text = this.#state.heldManifests.get(path);
      if (text === undefined) return `${name} was not stopped here.`;
      this.#state.heldManifests.delete(path);
      machine.writeFile(path, text);
      return `${path} is back on ${home}: the kubelet there starts ${name}.`;
    }
    if (name === 'kubelet') machine.startKubelet();
    else if (name === 'containerd') machine.startContainerd();
    else
      return this.#signal(name, node, 'SIGCONT') > 0
        ? `${name}${node ? ` on ${node}` : ''} goes on (SIGCONT).`
        : `No container of ${name} was frozen${node ? ` on ${node}` : ''}.`;
    return `${name === 'kubelet' ? 'The kubelet' : name} on ${home} was started.`;
  }

  /** Signals every container of a daemon; gives how many there were. */
  #signal(name: string, node: string | undefined, signal: Signal): number {
    let count = 0;
    for (const spec of this.#state.spec.nodes) {
      const runtime = this.#nodes().runtime(spec.name);
      if (!runtime || (node !== undefined && spec.name !== node)) continue;
      for (const sandbox of [...runtime.sandboxes()]) {
        for (const container of runtime.containersOf(sandbox.id)) {
          if (container.config.name !== name || container.state !== 'running') continue;
          runtime.signal(container.id, signal);
          count++;
        }
      }
    }
    return count;
  }

  #note(text: string): void {
    this.#core.sim.cause = this.#core.trace.record({ actor: 'you', verb: 'step', text });
  }
}

function serviceHealth(isRunning: boolean): Pick<ComponentStatus, 'health' | 'detail'> {
  return isRunning ? { health: 'running', detail: '' } : { health: 'stopped', detail: 'the service is stopped' };
}
