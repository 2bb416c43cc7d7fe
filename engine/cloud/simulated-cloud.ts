import type { ExternalRoute, Network } from '../network/network.ts';
import type { DeviceContext } from '../sim/device.ts';
import { invariant } from '../sim/invariant.ts';
import type { CloudAnswer, CloudRoute, Instance, LoadBalancer, LoadBalancerSpec, SimulatedCloud } from './provider.ts';

/** What the cloud has rented out. Plain data. */
export interface CloudState {
  /** By node name. */
  readonly instances: Map<string, Instance>;
  readonly loadBalancers: Map<string, LoadBalancer>;
  readonly routes: Map<string, CloudRoute>;
  nextInstance: number;
  /** Addresses of load balancers are not given again, so that old ones are seen to be dead. */
  nextAddress: number;
  failure: string | undefined;
}

export function cloudState(): CloudState {
  return { instances: new Map(), loadBalancers: new Map(), routes: new Map(), nextInstance: 1, nextAddress: 1, failure: undefined };
}

const region = 'sim-1';
const addressBlock = '203.0.113';

/** A cloud with machines in zones and load balancers in front of node ports. */
export class SimCloud implements SimulatedCloud {
  readonly name = 'sim';
  readonly #device: DeviceContext<CloudState>;
  readonly #network: Network;

  constructor(device: DeviceContext<CloudState>, network: Network) {
    this.#device = device;
    this.#network = network;
  }

  createInstance(node: string, zone: string, instanceType = 'sim.medium'): Instance {
    const { state } = this.#device;
    const known = state.instances.get(node);
    if (known) return known;
    const number = String(state.nextInstance++).padStart(8, '0');
    const address = this.#network.node(node)?.address ?? '';
    const instance: Instance = Object.freeze({
      providerId: `sim:///${zone}/i-${number}`,
      instanceType,
      zone,
      region,
      state: 'running',
      addresses: Object.freeze([{ type: 'InternalIP', address } as const, { type: 'Hostname', address: node } as const]),
    });
    state.instances.set(node, instance);
    return instance;
  }

  setInstanceState(node: string, state: 'running' | 'stopped'): void {
    const instance = this.#device.state.instances.get(node);
    if (instance) this.#device.state.instances.set(node, Object.freeze({ ...instance, state }));
  }

  terminateInstance(node: string): void {
    this.#device.state.instances.delete(node);
  }

  setFailure(message: string | undefined): void {
    this.#device.state.failure = message;
  }

  instance(node: string): Instance | undefined {
    return this.#device.state.instances.get(node);
  }

  ensureLoadBalancer(spec: LoadBalancerSpec): CloudAnswer<LoadBalancer> {
    const { state } = this.#device;
    if (state.failure !== undefined) return { kind: 'failed', message: state.failure };
    const known = state.loadBalancers.get(spec.name);
    const address = known?.address ?? spec.requestedAddress ?? this.#newAddress();
    const balancer: LoadBalancer = Object.freeze({ name: spec.name, address, spec: Object.freeze(spec) });
    state.loadBalancers.set(spec.name, balancer);
    this.#network.setExternalRoutes(
      spec.service,
      spec.ports.map(
        ({ port, nodePort }): ExternalRoute => Object.freeze({ address, port, nodePort, nodes: spec.nodes, service: spec.service }),
      ),
    );
    if (!known) this.#device.step(`opened load balancer ${address} for Service ${spec.service}`);
    return { kind: 'done', value: balancer };
  }

  loadBalancer(name: string): LoadBalancer | undefined {
    return this.#device.state.loadBalancers.get(name);
  }

  deleteLoadBalancer(name: string): void {
    const { loadBalancers } = this.#device.state;
    const balancer = loadBalancers.get(name);
    if (!balancer) return;
    loadBalancers.delete(name);
    this.#network.setExternalRoutes(balancer.spec.service, []);
    this.#device.step(`closed load balancer ${balancer.address} of Service ${balancer.spec.service}`);
  }

  routes(): readonly CloudRoute[] {
    return [...this.#device.state.routes.values()];
  }

  ensureRoute(route: CloudRoute): void {
    this.#device.state.routes.set(route.node, route);
  }

  deleteRoute(node: string): void {
    this.#device.state.routes.delete(node);
  }

  onTimer(): void {
    invariant(false, 'cloud: sets no timers');
  }

  #newAddress(): string {
    const { state } = this.#device;
    const number = state.nextAddress++;
    return `${addressBlock}.${9 + (number % 245)}`;
  }
}
