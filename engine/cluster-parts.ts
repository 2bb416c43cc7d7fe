import { type CloudState, cloudState } from './cloud/simulated-cloud.ts';
import { type CoreState, coreState } from './cluster-core.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { type NodeMachineState, nodeMachineState } from './kubelet/node-machine.ts';
import type { MachineFilesState } from './machine/machine-files.ts';
import { type NetworkState, networkState } from './network/network-state.ts';
import { type RuntimeState, runtimeState } from './runtime/runtime-state.ts';
import type { TerminalState } from './shell/terminal.ts';
import { deepFreeze } from './sim/plain.ts';
import { Simulation } from './sim/simulation.ts';

/** The whole memory of a cluster. Plain data: copied for a fork, written down for a snapshot. */
export interface ClusterState {
  readonly spec: ClusterSpec;
  readonly core: CoreState;
  readonly machines: Map<string, NodeMachineState>;
  readonly runtimes: Map<string, RuntimeState>;
  readonly network: NetworkState;
  readonly cloud: CloudState;
  /** How many containers of a component run: `kube-scheduler`, `kube-proxy/node-1`, `coredns`. */
  readonly components: Map<string, number>;
  /** Manifests that a lever has taken out of the kubelet's sight, by path. */
  readonly heldManifests: Map<string, string>;
  readonly workstation: { readonly files: MachineFilesState };
  readonly terminals: Map<string, TerminalState>;
  isInstalled: boolean;
}

export function clusterState(spec: ClusterSpec): ClusterState {
  const core = coreState(spec.seed, spec.startTimeMs);
  const sim = new Simulation(core.sim);
  return {
    spec: deepFreeze(spec),
    core,
    machines: new Map(
      spec.nodes.map(({ name }) => [name, nodeMachineState({ machineId: sim.uid().replaceAll('-', ''), bootId: sim.uid() })]),
    ),
    runtimes: new Map(spec.nodes.map(({ name }) => [name, runtimeState()])),
    network: networkState(),
    cloud: cloudState(),
    components: new Map(),
    heldManifests: new Map(),
    workstation: {
      files: new Map([
        ['/home/', ''],
        ['/home/student/', ''],
        ['/tmp/', ''],
        ['/etc/', ''],
      ]),
    },
    terminals: new Map(),
    isInstalled: false,
  };
}
