import type { ProcessContext, ProcessDefinition, ProcessHandlers, WatchChange } from '../client/process.ts';
import { configMap } from '../kinds/core/config-map.ts';
import { type Pod, pod as podKind } from '../kinds/core/pod.ts';
import { secret } from '../kinds/core/secret.ts';
import { service } from '../kinds/core/service.ts';
import type { AnyKind } from '../kinds/define-kind.ts';
import { ContainerStarter, specOf } from './container-starter.ts';
import { ImagePuller } from './image-puller.ts';
import type { KubeletOptions } from './kubelet-options.ts';
import { type ContainerWorker, type KubeletState, kubeletState, type PodWorker } from './kubelet-state.ts';
import { NodeAgent, removePod } from './node-agent.ts';
import { cniFolder, manifestFolder } from './node-machine.ts';
import { NodeReporter } from './node-status.ts';
import { podObjects } from './pod-objects.ts';
import { PodRegistry } from './pod-registry.ts';
import { PodSyncer } from './pod-syncer.ts';
import { PodTerminator } from './pod-terminator.ts';
import { Prober } from './prober.ts';
import { isMirror, StaticPods } from './static-pods.ts';
import { StatusReporter } from './status-reporter.ts';

/** The kubelet of one node. Kubernetes: pkg/kubelet (1.36). */
export function kubeletProcess(options: KubeletOptions): ProcessDefinition<KubeletState> {
  return {
    name: `kubelet/${options.node}`,
    user: `system:node:${options.node}`,
    groups: ['system:nodes', 'system:authenticated'],
    node: options.node,
    watches: [{ kind: podKind, nodeName: options.node }, { kind: service }, { kind: configMap }, { kind: secret }],
    initialState: kubeletState,
    create: (context) => new Kubelet(context, options),
  };
}

/** Wires the parts together and hands them what happens. All memory is in the context's state. */
class Kubelet implements ProcessHandlers {
  readonly #agent: NodeAgent;
  readonly #context: ProcessContext<KubeletState>;
  readonly #options: KubeletOptions;
  readonly #puller: ImagePuller;
  readonly #prober: Prober;
  readonly #registry: PodRegistry;
  readonly #reporter: StatusReporter;
  readonly #nodeReporter: NodeReporter;
  readonly #static: StaticPods;
  readonly #syncer: PodSyncer;
  readonly #terminator: PodTerminator;
  readonly #starter: ContainerStarter;

  constructor(context: ProcessContext<KubeletState>, options: KubeletOptions) {
    this.#context = context;
    this.#options = options;
    const agent = new NodeAgent(context, options);
    this.#agent = agent;
    const objects = podObjects(context);
    this.#puller = new ImagePuller(agent);
    this.#registry = new PodRegistry(agent, (worker, container) =>
      this.#prober.containerAdopted(worker, specOf(worker, container.name), container),
    );
    this.#reporter = new StatusReporter(agent);
    this.#nodeReporter = new NodeReporter(agent);
    this.#terminator = new PodTerminator(agent, this.#puller, () => this.#prober, { ended: (worker) => this.#ended(worker) });
    this.#prober = new Prober(agent, {
      failed: (worker, container, message, graceSeconds) => this.#probeFailed(worker, container, message, graceSeconds),
    });
    this.#starter = new ContainerStarter({ agent, puller: this.#puller, prober: this.#prober, objects });
    this.#syncer = new PodSyncer({
      agent,
      starter: this.#starter,
      prober: this.#prober,
      terminator: this.#terminator,
      reporter: this.#reporter,
      objects,
    });
    this.#static = new StaticPods(agent, this.#registry, this.#terminator);
    this.#listen();
  }

  #listen(): void {
    const { runtime, machine } = this.#options;
    runtime.listen({
      containerExited: (uid, id) => this.#containerExited(uid, id),
      containerTouched: (uid, id) => this.#containerTouched(uid, id),
      runtimeChanged: () => {
        this.#context.setTimer('node', 0);
        for (const uid of this.#agent.state.pods.keys()) this.#agent.wake(uid);
      },
    });
    runtime.onHostWrite((path) => this.#fileChanged(path));
    machine.watchFiles((path) => this.#fileChanged(path));
  }

  onStart(): void {
    this.#agent.state.startedAtMs = this.#agent.now;
    this.#static.sync();
  }

  onSynced(): void {
    this.#nodeReporter.report();
    const { runtime } = this.#options;
    if (runtime.isRunning) {
      // What runs for pods that are no more has nobody else to end it.
      for (const sandbox of [...runtime.sandboxes()]) {
        const isKnown =
          this.#agent.state.pods.has(sandbox.podUid) ||
          this.#context.lister(podKind).get(sandbox.podNamespace, sandbox.podName)?.metadata?.uid === sandbox.podUid;
        if (!isKnown) runtime.removeSandbox(sandbox.id);
      }
    }
    for (const uid of this.#agent.state.pods.keys()) this.#agent.wake(uid);
  }

  onStop(): void {
    const { runtime, machine, heartbeats, node } = this.#options;
    runtime.listen(undefined);
    runtime.onHostWrite(undefined);
    machine.watchFiles(undefined);
    heartbeats.release(`kube-node-lease/${node}`);
  }

  onChange(kind: AnyKind, change: WatchChange): void {
    if (kind === podKind) this.#podChanged(change.object as Pod, change.type === 'deleted');
    else if (kind === configMap || kind === secret) this.#dataChanged(kind, change);
  }

  onTimer(key: string): void {
    const slash = key.indexOf('/');
    const name = slash < 0 ? key : key.slice(0, slash);
    const rest = key.slice(slash + 1);
    switch (name) {
      case 'pod':
      case 'again':
        this.#withWorker(rest.split('/')[0] as string, (worker) => this.#sync(worker));
        break;
      case 'busy':
        this.#withWorker(rest, (worker) => this.#syncer.busyFinished(worker));
        break;
      case 'volumes':
        this.#withWorker(rest, (worker) => this.#syncer.refreshVolumes(worker));
        break;
      case 'probe':
      case 'stop':
        this.#containerTimer(name, rest);
        break;
      case 'pull':
        this.#pullFinished();
        break;
      case 'node':
        this.#nodeReporter.report();
        break;
      case 'files':
        this.#static.sync();
        break;
      default:
        this.#retry();
    }
  }

  #containerTimer(name: 'probe' | 'stop', rest: string): void {
    const [uid = '', container = '', probe = ''] = rest.split('/');
    this.#withWorker(uid, (worker) => {
      const tracked = worker.containers.get(container);
      if (!tracked) return;
      if (name === 'stop') this.#terminator.onStopTimer(worker, tracked);
      else this.#prober.tick(worker, `${container}/${probe}`, specOf(worker, container), tracked);
    });
  }

  #withWorker(uid: string, act: (worker: PodWorker) => void): void {
    const worker = this.#agent.state.pods.get(uid);
    if (worker) act(worker);
  }

  #sync(worker: PodWorker): void {
    if (worker.manifest !== undefined) this.#static.mirror(worker);
    this.#syncer.sync(worker);
    if (worker.stage === 'finished' && worker.termination?.removes) this.#removeFromApi(worker);
  }

  #retry(): void {
    if (!this.#context.isSynced) return;
    this.#nodeReporter.report();
    for (const uid of this.#agent.state.pods.keys()) this.#agent.wake(uid);
  }

  #podChanged(pod: Pod, isDeleted: boolean): void {
    const { uid = '', namespace = '', name = '' } = pod.metadata ?? {};
    if (isMirror(pod)) {
      this.#mirrorChanged(pod, isDeleted);
      return;
    }
    const worker = this.#agent.state.pods.get(uid);
    if (isDeleted) {
      if (worker) this.#objectGone(worker);
      return;
    }
    if (!worker) {
      // A pod of the same name that is still going away keeps its name's files and address.
      if (this.#agent.state.names.has(`${namespace}/${name}`)) return;
      this.#registry.add(pod, undefined);
    } else if (isNewer(pod, worker.pod)) this.#specChanged(worker, pod);
    // Writing the status may have read this version before the watch brought it: its deletion is news all the same.
    else if (worker.pod.metadata?.deletionTimestamp === undefined) return;
    this.#noticeDeletion(uid);
    this.#agent.wake(uid);
  }

  /** A corrected pod is tried at once. */
  #specChanged(worker: PodWorker, pod: Pod): void {
    if (worker.pod.metadata?.generation !== pod.metadata?.generation)
      for (const tracked of worker.containers.values()) tracked.notBeforeMs = 0;
    worker.pod = pod;
  }

  #noticeDeletion(uid: string): void {
    this.#withWorker(uid, (worker) => {
      const { deletionTimestamp, deletionGracePeriodSeconds } = worker.pod.metadata ?? {};
      if (deletionTimestamp === undefined) return;
      const graceSeconds = deletionGracePeriodSeconds ?? worker.pod.spec?.terminationGracePeriodSeconds ?? 30;
      if (worker.termination?.removes && worker.termination.graceSeconds <= graceSeconds) return;
      this.#terminator.begin(worker, { graceSeconds, removes: true });
    });
  }

  #mirrorChanged(mirror: Pod, isDeleted: boolean): void {
    const uid = this.#agent.state.names.get(`${mirror.metadata?.namespace}/${mirror.metadata?.name}`);
    const worker = uid === undefined ? undefined : this.#agent.state.pods.get(uid);
    if (!worker || worker.manifest === undefined) {
      if (!isDeleted && this.#context.isSynced) this.#removeOrphan(mirror);
      return;
    }
    if (isDeleted) {
      if (worker.mirror?.metadata?.uid === mirror.metadata?.uid) worker.mirror = undefined;
    } else if (mirror.metadata?.deletionTimestamp !== undefined) {
      // Deleting a mirror does not end the pod: the mirror goes and comes again.
      this.#removeOrphan(mirror);
      worker.mirror = undefined;
    } else if (!worker.mirror || isNewer(mirror, worker.mirror)) worker.mirror = mirror;
    this.#agent.wake(worker.uid);
  }

  #removeOrphan(mirror: Pod): void {
    removePod(this.#agent, mirror);
  }

  /** The object went before its pod has: whatever still runs gets two seconds. */
  #objectGone(worker: PodWorker): void {
    if (worker.stage === 'finished') {
      this.#forget(worker);
      return;
    }
    this.#terminator.begin(worker, { graceSeconds: 2, removes: true });
    this.#agent.wake(worker.uid);
  }

  #dataChanged(kind: AnyKind, change: WatchChange): void {
    const { namespace, name } = change.object.metadata ?? {};
    const users = this.#agent.state.references.get(`${kind.kind}/${namespace}/${name}`);
    // The kubelet looks at the objects of running pods once in a while, not at once.
    for (const uid of users ?? [])
      this.#context.setTimer(`volumes/${uid}`, change.type === 'added' ? 0 : this.#context.latency('volumeSync'));
  }

  #containerExited(uid: string, id: string): void {
    this.#withWorker(uid, (worker) => {
      for (const tracked of worker.containers.values()) if (tracked.containerId === id) this.#terminator.containerExited(worker, tracked);
      this.#agent.wake(uid);
    });
  }

  #containerTouched(uid: string, id: string): void {
    this.#withWorker(uid, (worker) => {
      if (worker.probes.size === 0) return;
      for (const tracked of worker.containers.values()) if (tracked.containerId === id) this.#prober.containerTouched(worker, tracked.name);
    });
  }

  #probeFailed(worker: PodWorker, container: string, message: string, graceSeconds: number | undefined): void {
    const tracked: ContainerWorker | undefined = worker.containers.get(container);
    if (!tracked || worker.stage !== 'active') return;
    const seconds = graceSeconds ?? worker.pod.spec?.terminationGracePeriodSeconds ?? 30;
    this.#terminator.stopContainer(worker, tracked, message, seconds * 1000);
  }

  #pullFinished(): void {
    const finished = this.#puller.finish((uid) => this.#agent.state.pods.get(uid));
    if (!finished) return;
    this.#withWorker(finished.job.uid, (worker) => {
      if (worker.busy?.kind === 'pull') this.#syncer.pullFinished(worker, finished.job.container, finished.answer);
    });
  }

  #fileChanged(path: string): void {
    if (path.startsWith(manifestFolder)) this.#context.setTimer('files', 0);
    if (!path.startsWith(cniFolder)) return;
    this.#context.setTimer('node', 0);
    for (const worker of this.#agent.state.pods.values()) if (worker.sandboxId === undefined) this.#agent.wake(worker.uid);
  }

  /** Nothing of the pod runs any more. */
  #ended(worker: PodWorker): void {
    this.#registry.release(worker);
    this.#agent.wake(worker.uid);
  }

  /** Deletion ends here: the final status is written, the object goes. */
  #removeFromApi(worker: PodWorker): void {
    if (worker.manifest !== undefined) {
      this.#static.removeMirror(worker);
      this.#forget(worker);
      this.#static.sync();
      return;
    }
    if (removePod(this.#agent, worker.pod)) this.#forget(worker);
  }

  #forget(worker: PodWorker): void {
    const { runtime } = this.#options;
    if (runtime.isRunning) for (const { id } of runtime.sandboxesOf(worker.uid)) runtime.removeSandbox(id);
    this.#registry.remove(worker);
    const [namespace = '', name = ''] = worker.key.split('/');
    const next = this.#context.lister(podKind).get(namespace, name);
    if (next && next.metadata?.uid !== worker.uid) this.#podChanged(next, false);
  }
}

/** Resource versions of this API are ascending numbers. */
function isNewer(a: Pod, b: Pod): boolean {
  return Number(a.metadata?.resourceVersion ?? 0) > Number(b.metadata?.resourceVersion ?? 0);
}
