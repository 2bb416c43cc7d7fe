import type { DeviceHandlers } from '../sim/device.ts';

/** A virtual machine as its cloud knows it. */
export interface Instance {
  readonly providerId: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly region: string;
  readonly addresses: readonly { readonly type: 'InternalIP' | 'ExternalIP' | 'Hostname'; readonly address: string }[];
  readonly state: 'running' | 'stopped';
}

export interface LoadBalancerSpec {
  /** Stable name, from the Service's uid. */
  readonly name: string;
  /** `namespace/name`. */
  readonly service: string;
  readonly ports: readonly { readonly port: number; readonly nodePort: number; readonly protocol: string }[];
  /** Names of the nodes that take traffic, sorted. */
  readonly nodes: readonly string[];
  readonly requestedAddress?: string;
}

export interface LoadBalancer {
  readonly name: string;
  readonly address: string;
  readonly spec: LoadBalancerSpec;
}

export type CloudAnswer<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'failed'; readonly message: string };

/**
 * What the cloud controller manager asks of a cloud. Kubernetes: cloud-provider/cloud.go. Calls are immediate; the caller waits the latency
 * `cloudCall` first. A plugin may bring its own.
 */
export interface CloudProvider {
  /** As in `providerID`: `sim://…`. */
  readonly name: string;
  instance(node: string): Instance | undefined;
  ensureLoadBalancer(spec: LoadBalancerSpec): CloudAnswer<LoadBalancer>;
  loadBalancer(name: string): LoadBalancer | undefined;
  deleteLoadBalancer(name: string): void;
  routes(): readonly CloudRoute[];
  ensureRoute(route: CloudRoute): void;
  deleteRoute(node: string): void;
}

export interface CloudRoute {
  readonly node: string;
  readonly cidr: string;
}

/** The simulated cloud: also has levers that a lab or a test pulls. */
export interface SimulatedCloud extends CloudProvider, DeviceHandlers {
  /** Buys a machine for the node. */
  createInstance(node: string, zone: string, instanceType?: string): Instance;
  setInstanceState(node: string, state: 'running' | 'stopped'): void;
  /** The machine is gone; the node controller will find out. */
  terminateInstance(node: string): void;
  /** The next calls fail with this message, until `undefined`. */
  setFailure(message: string | undefined): void;
}
