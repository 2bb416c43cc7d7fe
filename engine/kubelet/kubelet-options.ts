import type { Heartbeats } from '../client/heartbeat.ts';
import type { Network } from '../network/network.ts';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import type { NodeMachine } from './node-machine.ts';

/** What a kubelet is started with. Everything else it reads from the API and from the files of its node. */
export interface KubeletOptions {
  readonly node: string;
  readonly machine: NodeMachine;
  readonly runtime: ContainerRuntime;
  readonly network: Network;
  readonly heartbeats: Heartbeats;
  /** `v1.36.0`. */
  readonly version: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  /** With `external` the node starts with the taint node.cloudprovider.kubernetes.io/uninitialized, until the cloud controller manager lifts it. */
  readonly cloudProvider?: 'external';
  readonly capacity: NodeCapacity;
  /** The address of the kube-dns Service. */
  readonly clusterDns: string;
  readonly clusterDomain: string;
}

export interface NodeCapacity {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly ephemeralStorageGiB: number;
  readonly pods: number;
}
