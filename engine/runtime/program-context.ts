import type { DnsAnswer, DnsQuestion, Exchange, Outcome } from '../images/exchange.ts';
import type { ComponentControl, FileSystem, ImageDefinition, ProgramContext, RecordSource } from '../images/image-program.ts';
import type { Network } from '../network/network.ts';
import type { DeviceContext } from '../sim/device.ts';
import type { Millis } from '../sim/simulation.ts';
import { ContainerFiles } from './container-files.ts';
import type { ContainerRecord, RuntimeState, SandboxRecord } from './runtime-state.ts';

/** What the runtime lends to the programs of one container. */
export interface ProgramHost {
  readonly device: DeviceContext<RuntimeState>;
  readonly network: Network;
  readonly components: ComponentControl;
  readonly node: string;
  readonly hostFiles: Map<string, string>;
  imageOf(record: ContainerRecord): ImageDefinition | undefined;
  touched(record: ContainerRecord): void;
  hostFileWritten(path: string): void;
  exited(record: ContainerRecord, code: number, reason: string): void;
}

const maxLogLines = 1000;

interface ChildProcess {
  readonly argv: readonly string[];
  readonly state: object;
  readonly onExit: (code: number) => void;
  readonly files: FileSystem;
}

/** The view that a container's programs have of the world. Made when first needed; holds nothing of its own. */
export class ContainerProgramContext implements ProgramContext {
  readonly #host: ProgramHost;
  readonly #record: ContainerRecord;
  readonly #sandbox: SandboxRecord;
  readonly #child: ChildProcess | undefined;
  /** Put together when first asked for. */
  #env: Readonly<Record<string, string>> | undefined;
  readonly files: FileSystem;

  constructor(host: ProgramHost, record: ContainerRecord, sandbox: SandboxRecord, child?: ChildProcess) {
    this.#host = host;
    this.#record = record;
    this.#sandbox = sandbox;
    this.#child = child;
    this.files =
      child?.files ??
      new ContainerFiles({
        image: host.imageOf(record)?.files(record.imageTag) ?? {},
        mounts: record.config.mounts,
        readOnlyRoot: record.config.readOnlyRoot,
        volume: (name) => sandbox.volumes.get(name),
        host: host.hostFiles,
        own: () => record.writes,
        ownForWriting: () => (record.writes ??= new Map()),
        written(path, onHost) {
          host.touched(record);
          if (onHost) host.hostFileWritten(path);
        },
      });
  }

  get state(): object {
    return this.#child?.state ?? this.#record.program;
  }
  get argv(): readonly string[] {
    return this.#child?.argv ?? this.#record.argv;
  }
  get env(): Readonly<Record<string, string>> {
    this.#env ??= Object.freeze({ ...this.#host.imageOf(this.#record)?.env, HOSTNAME: this.hostname, ...this.#record.config.env });
    return this.#env;
  }
  get workdir(): string {
    return this.#record.config.workdir || (this.#host.imageOf(this.#record)?.workdir ?? '/');
  }
  get hostname(): string {
    return this.#sandbox.hostname;
  }
  get address(): string {
    return this.#sandbox.address;
  }
  get node(): string {
    return this.#host.node;
  }
  get imageTag(): string {
    return this.#record.imageTag;
  }
  get memoryLimitBytes(): number | undefined {
    return this.#record.config.memoryLimitBytes;
  }
  get user(): number {
    return this.#record.config.user ?? (Number(this.#host.imageOf(this.#record)?.user) || 0);
  }
  get now(): Millis {
    return this.#host.device.now;
  }
  get startedAtMs(): Millis {
    return this.#record.startedAtMs;
  }
  get records(): RecordSource {
    return { resolve: (question) => this.#host.network.nameServer?.answer(question) };
  }
  get components(): ComponentControl {
    return this.#host.components;
  }

  log(line: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    const { logs } = this.#record;
    for (const text of line.split('\n')) logs.push(Object.freeze({ atMs: this.now, stream, text }));
    // Cut in halves, so that a flood costs little per line.
    if (logs.length > 2 * maxLogLines) this.#record.logs = logs.slice(-maxLogLines);
  }

  exit(code: number, reason: 'Completed' | 'Error' | 'OOMKilled' = code === 0 ? 'Completed' : 'Error'): void {
    if (this.#child && reason !== 'OOMKilled') this.#child.onExit(code);
    else this.#host.exited(this.#record, code, reason);
  }

  listen(port: number, protocol: 'TCP' | 'UDP' = 'TCP'): void {
    const socket = `${port}/${protocol}`;
    if (this.#record.ports.includes(socket)) return;
    this.#record.ports.push(socket);
    this.#host.device.state.sockets.set(`${this.address}:${socket}`, this.#record.id);
    this.#host.touched(this.#record);
  }

  close(port: number): void {
    this.#record.ports = this.#record.ports.filter((socket) => !socket.startsWith(`${port}/`));
    for (const protocol of ['TCP', 'UDP']) this.#host.device.state.sockets.delete(`${this.address}:${port}/${protocol}`);
    this.#host.touched(this.#record);
  }

  setTimer(key: string, delayMs: Millis): void {
    if (!this.#record.timers.includes(key)) this.#record.timers.push(key);
    this.#host.device.setTimer(timerKey(this.#record.id, key), delayMs, { periodic: this.#record.config.background && delayMs > 0 });
  }

  cancelTimer(key: string): void {
    this.#record.timers = this.#record.timers.filter((known) => known !== key);
    this.#host.device.cancelTimer(timerKey(this.#record.id, key));
  }

  random(): number {
    return this.#host.device.random();
  }

  changed(): void {
    this.#host.touched(this.#record);
  }

  setMemory(bytes: number): void {
    this.#record.memoryBytes = bytes;
    const limit = this.memoryLimitBytes;
    if (limit !== undefined && bytes > limit) this.exit(137, 'OOMKilled');
  }

  connect(host: string, port: number, exchange: Exchange): Outcome {
    return this.#host.network.connect(this.#place(), host, port, exchange).outcome;
  }

  lookup(name: string): readonly string[] | undefined {
    return this.#host.network.lookup(this.#place(), name);
  }

  query(question: DnsQuestion): DnsAnswer | undefined {
    return this.#host.network.query(this.#place(), question);
  }

  fork<C extends object>(argv: readonly string[], state: C, onExit: (code: number) => void): ProgramContext<C> {
    return new ContainerProgramContext(this.#host, this.#record, this.#sandbox, {
      argv,
      state,
      onExit,
      files: this.files,
    }) as unknown as ProgramContext<C>;
  }

  #place(): { readonly node: string; readonly address: string } {
    return { node: this.#host.node, address: this.address };
  }
}

export function timerKey(containerId: string, key: string): string {
  return `${containerId}/${key}`;
}
