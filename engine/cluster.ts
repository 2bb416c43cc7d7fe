import { installAddons } from './addons.ts';
import type { ApiServer } from './apiserver/api-server.ts';
import type { ApiRequest, ApiResponse } from './apiserver/request.ts';
import { createApiClient } from './client/api-client.ts';
import type { Client } from './client/client.ts';
import { controllerManager } from './client/controller-host.ts';
import { cloudControllers } from './cloud/controllers/registry.ts';
import { ClusterComponents, type ComponentStatus } from './cluster-components.ts';
import { ClusterCore } from './cluster-core.ts';
import { ClusterNodes } from './cluster-nodes.ts';
import { type ClusterState, clusterState } from './cluster-parts.ts';
import { type ClusterInput, type ClusterSpec, completeSpec } from './cluster-spec.ts';
import { builtInControllers } from './controllers/registry.ts';
import { type Pod, pod } from './kinds/core/pod.ts';
import { builtInKinds } from './kinds/registry.ts';
import { manifestFolder } from './kubelet/node-machine.ts';
import { coreDnsProcess } from './network/coredns.ts';
import { kubeProxyProcess } from './network/kube-proxy.ts';
import type { PacketRequest, PacketResult } from './network/packet.ts';
import { NodeAccess } from './node-access.ts';
import { type Attempt, attemptsOf } from './scheduler/attempts.ts';
import { type SchedulerState, scheduler } from './scheduler/scheduler.ts';
import type { ObjectRef } from './sim/object-ref.ts';
import { copyPlain, decodePlain, encodePlain } from './sim/plain.ts';
import type { Millis, Timer } from './sim/simulation.ts';
import { staticPodManifests } from './static-pods.ts';
import { ensureApiServerObjects } from './system-objects.ts';
import { Terminals } from './terminals.ts';
import type { TraceRecorder } from './trace/recorder.ts';
import { type Explanation, explain } from './trace/why.ts';

/** Raised when restored clusters could go on differently than the snapshot's writer would have. */
export const engineVersion = '0.1.0';

/** How far a boot may take the clock before it counts as failed. */
const bootLimitMs: Millis = 600_000;
const bootstrapToken = 'The certificate authority of this cluster is simulated.';

/** A Kubernetes cluster: everything that runs, on one clock, in one plain state. */
export class Cluster {
  readonly #state: ClusterState;
  readonly #core: ClusterCore;
  readonly #nodes: ClusterNodes;
  readonly #components: ClusterComponents;
  readonly #access: NodeAccess;
  readonly terminals: Terminals;

  private constructor(state: ClusterState) {
    this.#state = state;
    this.#core = new ClusterCore(state.core, {
      serviceCIDR: state.spec.serviceCIDR,
      readLog: (found, options) => this.#access.readLog(found, options),
    });
    this.#components = new ClusterComponents(this.#core, state, () => this.#nodes);
    this.#nodes = new ClusterNodes(this.#core, state, this.#components);
    this.#access = new NodeAccess({
      network: this.#nodes.network,
      machine: (node) => this.#nodes.machine(node),
      runtime: (node) => this.#nodes.runtime(node),
      isKubeletUp: (node) => this.#core.processes.isRunning(`kubelet/${node}`),
    });
    this.#core.onApiUp(() => this.#onApiUp());
    this.#defineComponents();
    this.terminals = new Terminals({ core: this.#core, state, access: this.#access, network: this.#nodes.network });
  }

  /** Boots a cluster: from powered-off machines to all system pods Ready, at instant latencies. */
  static create(input: ClusterInput = {}): Cluster {
    const spec = completeSpec(input);
    const cluster = new Cluster(clusterState(spec));
    cluster.#boot();
    return cluster;
  }

  /** Goes on from a snapshot; what follows is what the original would have done. */
  static restore(snapshot: string): Cluster {
    return new Cluster(decodePlain(snapshot) as ClusterState);
  }

  get spec(): ClusterSpec {
    return this.#state.spec;
  }

  get now(): Millis {
    return this.#core.sim.now;
  }

  get timestamp(): string {
    return this.#core.sim.timestamp();
  }

  get api(): ApiServer {
    return this.#core.api;
  }

  get trace(): TraceRecorder {
    return this.#core.trace;
  }

  get nodes(): ClusterNodes {
    return this.#nodes;
  }

  /** When the next event is due; `undefined` when nothing will ever happen by itself. */
  get nextDueMs(): Millis | undefined {
    return this.#core.sim.peek()?.due;
  }

  /** Whether nothing but periodic work is left. */
  get isSettled(): boolean {
    return this.#core.sim.isSettled;
  }

  /** A hash over everything that was ever written to etcd. */
  get historyHash(): string {
    return this.#core.store.historyHash();
  }

  /** Runs the next event. */
  step(): boolean {
    const timer = this.#core.sim.take();
    if (!timer) return false;
    this.#dispatch(timer);
    // What somebody does from outside is not caused by what ran last.
    this.#core.sim.cause = 0;
    return true;
  }

  /** Runs everything that is due within the next `ms` and moves the clock there. Stops early after `maxEvents`; gives the number of events. */
  advance(ms: Millis, maxEvents = Number.POSITIVE_INFINITY): number {
    const untilMs = this.now + ms;
    let events = 0;
    for (let due = this.nextDueMs; due !== undefined && due <= untilMs; due = this.nextDueMs) {
      if (events >= maxEvents) return events;
      this.step();
      events++;
    }
    this.#core.sim.skipTo(untilMs);
    return events;
  }

  /** Runs until only periodic work is left, at most `withinMs` of virtual time. Says whether the cluster came to rest. */
  settle(withinMs: Millis): boolean {
    const untilMs = this.now + withinMs;
    for (let due = this.nextDueMs; due !== undefined && due <= untilMs && !this.isSettled; due = this.nextDueMs) this.step();
    return this.isSettled;
  }

  /** Sends a request through the API's pipeline as somebody from outside. */
  request(request: ApiRequest): ApiResponse {
    this.#core.sim.cause = 0;
    return this.#core.api.handle(request);
  }

  /** A client for somebody from outside, with every right. */
  client(user = 'kubernetes-admin'): Client {
    return createApiClient(this.#core.api, { name: user, groups: ['system:masters', 'system:authenticated'] }, user);
  }

  /** Sends a packet and follows it. */
  send(packet: PacketRequest): PacketResult {
    this.#core.sim.cause = 0;
    return this.#nodes.network.request(packet);
  }

  /** Why an object is as it is. */
  why(ref: ObjectRef): Explanation {
    return explain(this.#core.trace, ref);
  }

  /** The scheduler's latest attempts at a pod: every plugin's verdict and score for every node. */
  schedulingAttempts(namespace: string, name: string): readonly Attempt[] {
    const state = this.#core.processes.stateOf('kube-scheduler') as SchedulerState | undefined;
    return state ? attemptsOf(state, `${namespace}/${name}`) : [];
  }

  /** The health of every component. */
  components(): readonly ComponentStatus[] {
    return this.#components.list();
  }

  /** Stops a component where its node would: a static pod's manifest goes, a service is stopped, a daemon's process is frozen. */
  stopComponent(name: string, node?: string): string {
    this.#core.sim.cause = 0;
    return this.#components.hold(name, node);
  }

  startComponent(name: string, node?: string): string {
    this.#core.sim.cause = 0;
    return this.#components.release(name, node);
  }

  powerOffNode(name: string): boolean {
    const machine = this.#nodes.machine(name);
    if (!machine?.state.poweredOn) return false;
    this.#record(`power of ${name} goes off`);
    machine.powerOff();
    if (this.spec.cloud) this.#nodes.cloud.setInstanceState(name, 'stopped');
    return true;
  }

  powerOnNode(name: string): boolean {
    const machine = this.#nodes.machine(name);
    if (!machine || machine.state.poweredOn) return false;
    this.#record(`power of ${name} comes on`);
    machine.powerOn();
    if (this.spec.cloud) this.#nodes.cloud.setInstanceState(name, 'running');
    return true;
  }

  /** Ends a container's process by SIGKILL. */
  killContainer(namespace: string, podName: string, container: string): boolean {
    const found = this.#access.runningContainer(this.client().find(pod, namespace, podName) ?? ({} as Pod), container);
    if (!found) return false;
    this.#record(`process of container ${container} in ${namespace}/${podName} is killed`);
    found.runtime.signal(found.id, 'SIGKILL');
    return true;
  }

  /** Runs a command in a container; a text says why that is not possible. */
  exec(namespace: string, podName: string, container: string, argv: readonly string[], stdin = ''): ReturnType<NodeAccess['exec']> {
    const found = this.client().find(pod, namespace, podName);
    return found ? this.#access.exec(found, container, argv, stdin) : `pods "${podName}" not found`;
  }

  /** From here on things take as long as the profile says. */
  setLatency(profile: ClusterSpec['latency']): void {
    this.#state.core.latency = profile;
  }

  /** Everything that makes the cluster, as text. */
  snapshot(): string {
    return encodePlain(this.#state);
  }

  /** A second cluster that goes on from here by itself. API objects are shared. */
  fork(): Cluster {
    return new Cluster(copyPlain(this.#state));
  }

  #record(text: string): void {
    this.#core.sim.cause = 0;
    this.#core.sim.cause = this.#core.trace.record({ actor: 'you', verb: 'step', text });
  }

  #dispatch(timer: Timer): void {
    if (this.#core.dispatch(timer)) return;
    if (this.terminals.dispatch(timer)) return;
    this.#nodes.devices.get(timer.process)?.onTimer(timer.key, timer.payload);
  }

  #boot(): void {
    const controlPlane = this.spec.nodes.find((node) => node.role === 'control-plane');
    this.#nodes.install();
    for (const { name } of this.spec.nodes) {
      const machine = this.#nodes.machine(name);
      if (name === controlPlane?.name) {
        const address = this.#nodes.network.node(name)?.address ?? '';
        for (const [file, text] of staticPodManifests(this.spec, name, address)) machine?.writeFile(`${manifestFolder}${file}`, text);
      }
      machine?.startKubelet();
    }
    this.settle(bootLimitMs);
    // A cluster is handed over with its present; how it came up is in the trace.
    this.#core.store.compact(this.#core.store.revision);
    this.setLatency(this.spec.latency);
  }

  #onApiUp(): void {
    const controlPlane = this.spec.nodes.find((node) => node.role === 'control-plane')?.name ?? '';
    const client = this.client('kubernetes-admin');
    ensureApiServerObjects(client, {
      serviceIP: firstAddress(this.spec.serviceCIDR),
      addresses: [this.#nodes.network.node(controlPlane)?.address ?? ''],
    });
    if (this.#state.isInstalled) return;
    this.#state.isInstalled = true;
    installAddons(client, this.spec);
  }

  #defineComponents(): void {
    const { sim, api, heartbeats, processes } = this.#core;
    const node = this.spec.nodes[0]?.name ?? '';
    const common = { node, sim, api };
    processes.define(scheduler({ node }));
    processes.define(
      controllerManager({
        ...common,
        name: 'kube-controller-manager',
        user: 'system:kube-controller-manager',
        controllers: builtInControllers({
          kinds: builtInKinds,
          podNetwork: { clusterCidr: this.spec.podCIDR },
          rootCertificate: bootstrapToken,
          heartbeats: { isKeptAlive: (key) => heartbeats.isKeptAlive(key), lastBeatMs: (key) => heartbeats.lastBeatMs(key) },
        }),
      }),
    );
    if (this.spec.cloud) {
      processes.define(
        controllerManager({
          ...common,
          name: 'cloud-controller-manager',
          user: 'system:cloud-controller-manager',
          controllers: cloudControllers(this.#nodes.cloud),
        }),
      );
    }
    processes.define(coreDnsProcess({ node, network: this.#nodes.network, domain: this.spec.clusterDomain }));
    for (const { name } of this.spec.nodes) processes.define(kubeProxyProcess({ node: name, network: this.#nodes.network }));
  }
}

function firstAddress(cidr: string): string {
  return `${(cidr.split('/')[0] as string).split('.').slice(0, 3).join('.')}.1`;
}
