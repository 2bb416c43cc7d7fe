import type { Exchange, Outcome } from '../images/exchange.ts';
import type { ComponentControl, ExecResult, FileSystem, Signal } from '../images/image-program.ts';
import type { Network } from '../network/network.ts';
import type { DeviceContext } from '../sim/device.ts';
import { invariant } from '../sim/invariant.ts';
import {
  type Container,
  type ContainerConfig,
  type ContainerRuntime,
  type ImageOnNode,
  type LogLine,
  type PullAnswer,
  type RuntimeListener,
  RuntimeUnavailable,
  type Sandbox,
  type SandboxAnswer,
  type SandboxConfig,
  type Volume,
} from './container-runtime.ts';
import { parseImageReference } from './image-reference.ts';
import type { ImageRegistry } from './image-registry.ts';
import { ImageStore } from './image-store.ts';
import { exchangeWith, missingExecutable } from './program-calls.ts';
import { type ProgramHost, timerKey } from './program-context.ts';
import { ProgramTable } from './program-table.ts';
import { type ContainerRecord, newContainer, type RuntimeState } from './runtime-state.ts';
import { SandboxStore } from './sandbox-store.ts';

export interface ContainerdOptions {
  readonly node: string;
  readonly network: Network;
  readonly registry: ImageRegistry;
  readonly components: ComponentControl;
  /** The node's files by absolute path: what hostPath volumes show. */
  readonly hostFiles: Map<string, string>;
}

const refused: Outcome = Object.freeze({ kind: 'failed', failure: 'refused' });
const timedOut: Outcome = Object.freeze({ kind: 'failed', failure: 'timeout' });

/** containerd 2 with runc on one node. Kubernetes: the CRI side of pkg/kubelet/kuberuntime (1.36). */
export class Containerd implements ContainerRuntime {
  readonly node: string;
  readonly #device: DeviceContext<RuntimeState>;
  readonly #options: ContainerdOptions;
  readonly #programs: ProgramTable;
  readonly #images: ImageStore;
  readonly #sandboxes: SandboxStore;
  #listener: RuntimeListener | undefined;
  #notifyHostWrite: ((path: string) => void) | undefined;

  constructor(device: DeviceContext<RuntimeState>, options: ContainerdOptions) {
    this.node = options.node;
    this.#device = device;
    this.#options = options;
    const host: ProgramHost = {
      device,
      network: options.network,
      components: options.components,
      node: options.node,
      hostFiles: options.hostFiles,
      imageOf: (record) => options.registry.definitionOf(record.imageReference),
      touched: (record) => this.#touched(record),
      hostFileWritten: (path) => this.#notifyHostWrite?.(path),
      exited: (record, code, reason) => this.#finish(record, code, reason),
    };
    this.#programs = new ProgramTable(host, options.registry);
    this.#images = new ImageStore(device.state, options.registry);
    this.#sandboxes = new SandboxStore(device, options.node, options.network);
  }

  get isRunning(): boolean {
    return this.#device.state.running;
  }

  setRunning(running: boolean): void {
    if (this.#device.state.running === running) return;
    this.#device.state.running = running;
    this.#listener?.runtimeChanged();
  }

  listen(listener: RuntimeListener | undefined): void {
    this.#listener = listener;
  }

  onHostWrite(notify: ((path: string) => void) | undefined): void {
    this.#notifyHostWrite = notify;
  }

  runSandbox(config: SandboxConfig): SandboxAnswer {
    this.#requireRunning();
    return this.#sandboxes.create(this.#newId(), config);
  }

  stopSandbox(id: string): void {
    this.#requireRunning();
    const sandbox = this.#device.state.sandboxes.get(id);
    if (sandbox?.state !== 'ready') return;
    for (const containerId of sandbox.containers) this.signal(containerId, 'SIGKILL');
    this.#sandboxes.release(sandbox);
  }

  removeSandbox(id: string): void {
    this.stopSandbox(id);
    const sandbox = this.#device.state.sandboxes.get(id);
    if (!sandbox) return;
    for (const containerId of sandbox.containers) this.#forget(containerId);
    this.#sandboxes.remove(sandbox);
  }

  sandbox(id: string): Sandbox | undefined {
    return this.#device.state.sandboxes.get(id);
  }

  sandboxes(): Iterable<Sandbox> {
    return this.#device.state.sandboxes.values();
  }

  sandboxesOf(podUid: string): readonly Sandbox[] {
    return this.#sandboxes.ofPod(podUid);
  }

  setVolume(sandboxId: string, name: string, volume: Volume): void {
    const sandbox = this.#device.state.sandboxes.get(sandboxId);
    if (!sandbox) return;
    const replaces = sandbox.volumes.has(name);
    sandbox.volumes.set(name, volume);
    if (!replaces) return;
    for (const id of sandbox.containers) {
      const record = this.#device.state.containers.get(id);
      if (record?.state === 'running') this.#touched(record);
    }
  }

  imagePresent(image: string): ImageOnNode | undefined {
    return this.#images.find(image);
  }

  resolveImage(image: string): PullAnswer {
    this.#requireRunning();
    return this.#images.resolve(image);
  }

  storeImage(image: ImageOnNode): void {
    this.#images.store(image);
  }

  removeImage(reference: string): void {
    this.#images.remove(reference);
  }

  images(): readonly ImageOnNode[] {
    return this.#images.list();
  }

  createContainer(sandboxId: string, config: ContainerConfig): { readonly id: string } | { readonly error: string } {
    this.#requireRunning();
    const { state, now } = this.#device;
    const sandbox = state.sandboxes.get(sandboxId);
    const image = this.imagePresent(config.image);
    invariant(sandbox, `containerd: no sandbox ${sandboxId}`);
    const definition = image && this.#options.registry.definitionOf(image.reference);
    if (!image || !definition) return { error: `failed to get image from containerd "${config.image}": image not found` };
    const argv =
      config.command.length > 0
        ? [...config.command, ...config.args]
        : [...definition.entrypoint, ...(config.args.length > 0 ? config.args : definition.cmd)];
    if (argv.length === 0) return { error: 'failed to generate container spec: no command specified' };
    const id = this.#newId();
    const imageTag = parseImageReference(image.reference)?.tag ?? 'latest';
    const record = newContainer({ id, sandboxId, config, argv, image, imageTag }, now, definition.usage.memoryMiB * 1_048_576);
    state.containers.set(id, record);
    sandbox.containers.push(id);
    return { id };
  }

  startContainer(id: string): { readonly error: string } | undefined {
    this.#requireRunning();
    const record = this.#record(id);
    const program = this.#programs.find(record);
    record.startedAtMs = this.#device.now;
    if (!program) {
      const error = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${missingExecutable(record.argv[0] ?? '')}: unknown`;
      record.startedAtMs = 0;
      record.message = error;
      this.#finish(record, 128, 'StartError');
      return { error };
    }
    record.state = 'running';
    record.program = program.initialState();
    const context = this.#programs.contextOf(record);
    program.start(context);
    if (this.#isRunning(record)) program.onRunning?.(context, true);
    return undefined;
  }

  signal(id: string, signal: Signal): void {
    const record = this.#device.state.containers.get(id);
    if (record?.state !== 'running') return;
    if (signal === 'SIGKILL') this.#finish(record, 137, 'Error');
    else if (signal === 'SIGSTOP') this.#freeze(record);
    else if (signal === 'SIGCONT') this.#thaw(record);
    else if (record.frozen) record.parkedSignals.push(signal);
    else {
      this.#programs.of(record).onSignal?.(this.#programs.contextOf(record), signal);
      this.#touched(record);
    }
  }

  stop(id: string): void {
    const record = this.#device.state.containers.get(id);
    if (record) this.signal(id, this.#options.registry.definitionOf(record.imageReference)?.stopSignal ?? 'SIGTERM');
  }

  removeContainer(id: string): void {
    const record = this.#device.state.containers.get(id);
    if (!record) return;
    this.signal(id, 'SIGKILL');
    const sandbox = this.#device.state.sandboxes.get(record.sandboxId);
    const at = sandbox?.containers.indexOf(id) ?? -1;
    if (sandbox && at >= 0) sandbox.containers.splice(at, 1);
    this.#forget(id);
  }

  container(id: string): Container | undefined {
    return this.#device.state.containers.get(id);
  }

  containersOf(sandboxId: string): readonly Container[] {
    const { sandboxes, containers } = this.#device.state;
    return (sandboxes.get(sandboxId)?.containers ?? []).map((id) => containers.get(id) as Container);
  }

  exec(id: string, argv: readonly string[], stdin = ''): ExecResult {
    const record = this.#device.state.containers.get(id);
    if (record?.state !== 'running') return { stdout: '', stderr: `container not found ("${id}")`, exitCode: 1 };
    const result = this.#programs.userlandOf(record)?.exec(this.#programs.contextOf(record), argv, stdin);
    if (result) return result;
    return {
      stdout: '',
      stderr: `OCI runtime exec failed: exec failed: unable to start container process: ${missingExecutable(argv[0] ?? '')}: unknown`,
      exitCode: 126,
    };
  }

  logs(id: string): readonly LogLine[] {
    return this.#device.state.containers.get(id)?.logs ?? [];
  }

  fileSystem(id: string): FileSystem {
    return this.#programs.contextOf(this.#record(id)).files;
  }

  readFile(id: string, path: string): string | undefined {
    const record = this.#device.state.containers.get(id);
    return record && this.#programs.contextOf(record).files.read(path);
  }

  writeFile(id: string, path: string, content: string): string | undefined {
    return this.#programs.contextOf(this.#record(id)).files.write(path, content);
  }

  usage(id: string): { readonly cpuMillis: number; readonly memoryBytes: number } | undefined {
    const record = this.#device.state.containers.get(id);
    if (record?.state !== 'running') return undefined;
    return { cpuMillis: this.#options.registry.definitionOf(record.imageReference)?.usage.cpuMillis ?? 0, memoryBytes: record.memoryBytes };
  }

  powerOff(): void {
    const listener = this.#listener;
    this.#listener = undefined;
    for (const record of this.#device.state.containers.values()) if (record.state !== 'exited') this.#finish(record, 255, 'Unknown');
    for (const sandbox of this.#device.state.sandboxes.values()) if (sandbox.state === 'ready') this.#sandboxes.release(sandbox);
    this.#device.state.running = false;
    this.#listener = listener;
  }

  deliver(
    to: { readonly address: string; readonly port: number; readonly protocol: 'TCP' | 'UDP' },
    clientAddress: string,
    exchange: Exchange,
  ): Outcome {
    const { sockets, containers, forwards } = this.#device.state;
    const socket = `${to.address}:${to.port}/${to.protocol}`;
    let id = sockets.get(socket);
    if (id === undefined && forwards.size > 0 && to.address === this.#options.network.node(this.node)?.address) {
      id = sockets.get(forwards.get(`${to.port}/${to.protocol}`) ?? '');
    }
    const record = id === undefined ? undefined : containers.get(id);
    if (!record) return refused;
    if (record.frozen) return timedOut;
    return exchangeWith(this.#programs.of(record), this.#programs.contextOf(record), { port: to.port, clientAddress, exchange });
  }

  onTimer(key: string): void {
    const slash = key.indexOf('/');
    const record = this.#device.state.containers.get(key.slice(0, slash));
    const name = key.slice(slash + 1);
    if (record?.state !== 'running') return;
    if (record.frozen) {
      record.parkedTimers.push(name);
      return;
    }
    record.timers = record.timers.filter((known) => known !== name);
    this.#programs.of(record).onTimer?.(this.#programs.contextOf(record), name);
    if (this.#isRunning(record)) this.#touched(record);
  }

  #freeze(record: ContainerRecord): void {
    if (record.frozen) return;
    record.frozen = true;
    this.#programs.of(record).onRunning?.(this.#programs.contextOf(record), false);
    this.#touched(record);
  }

  #thaw(record: ContainerRecord): void {
    if (!record.frozen) return;
    record.frozen = false;
    this.#programs.of(record).onRunning?.(this.#programs.contextOf(record), true);
    this.#touched(record);
    const { parkedTimers, parkedSignals } = record;
    record.parkedTimers = [];
    record.parkedSignals = [];
    for (const key of parkedTimers) this.onTimer(timerKey(record.id, key));
    for (const signal of parkedSignals) this.signal(record.id, signal);
  }

  /** Programs end inside of their own handlers, so the state may have changed since the caller looked. */
  #isRunning(record: ContainerRecord): boolean {
    return record.state === 'running';
  }

  #finish(record: ContainerRecord, exitCode: number, reason: string): void {
    if (record.state === 'exited') return;
    const wasRunning = record.state === 'running';
    record.state = 'exited';
    record.exitCode = exitCode;
    record.reason = reason;
    record.finishedAtMs = this.#device.now;
    record.epoch++;
    record.frozen = false;
    const sandbox = this.#device.state.sandboxes.get(record.sandboxId);
    for (const socket of record.ports) this.#device.state.sockets.delete(`${sandbox?.address}:${socket}`);
    for (const key of record.timers) this.#device.cancelTimer(timerKey(record.id, key));
    record.ports = [];
    record.timers = [];
    if (wasRunning) this.#programs.of(record).onRunning?.(this.#programs.contextOf(record), false);
    if (sandbox) this.#listener?.containerExited(sandbox.podUid, record.id);
  }

  #touched(record: ContainerRecord): void {
    record.epoch++;
    const sandbox = this.#device.state.sandboxes.get(record.sandboxId);
    if (sandbox) this.#listener?.containerTouched(sandbox.podUid, record.id);
  }

  #forget(id: string): void {
    this.#device.state.containers.delete(id);
    this.#programs.forget(id);
  }

  #record(id: string): ContainerRecord {
    const record = this.#device.state.containers.get(id);
    invariant(record, `containerd: no container ${id}`);
    return record;
  }

  #requireRunning(): void {
    if (!this.#device.state.running) {
      throw new RuntimeUnavailable(
        'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused"',
      );
    }
  }

  /** 64 hexadecimal digits, as containerd names things. */
  #newId(): string {
    return (this.#device.uid() + this.#device.uid()).replaceAll('-', '');
  }
}
