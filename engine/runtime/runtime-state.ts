import type { Signal } from '../images/image-program.ts';
import type { Millis } from '../sim/simulation.ts';
import type { Container, ContainerConfig, ImageOnNode, LogLine, Sandbox } from './container-runtime.ts';

/** A container with what only the runtime needs. Plain data. */
export interface ContainerRecord extends Container {
  readonly argv: readonly string[];
  /** `docker.io/library/nginx:1.25`. */
  readonly imageReference: string;
  readonly imageTag: string;
  /** The program's whole memory. */
  program: object;
  /** Files written outside of mounts; `null` is removed. */
  writes: Map<string, string | null> | undefined;
  logs: LogLine[];
  /** `port/protocol` of what it listens on. */
  ports: string[];
  /** Keys of its set timers. */
  timers: string[];
  /** Timers and signals that came while frozen. */
  parkedTimers: string[];
  parkedSignals: Signal[];
  memoryBytes: number;
}

export interface HostPort {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: 'TCP' | 'UDP';
}

export interface SandboxRecord extends Sandbox {
  readonly hostPorts: readonly HostPort[];
}

export interface RuntimeState {
  running: boolean;
  readonly images: Map<string, ImageOnNode>;
  readonly sandboxes: Map<string, SandboxRecord>;
  readonly containers: Map<string, ContainerRecord>;
  /** Sandbox ids by pod uid, oldest first. */
  readonly byPod: Map<string, string[]>;
  /** `address:port/protocol` → container id. */
  readonly sockets: Map<string, string>;
  /** `hostPort/protocol` → `address:port/protocol`. */
  readonly forwards: Map<string, string>;
}

export function runtimeState(): RuntimeState {
  return {
    running: true,
    images: new Map(),
    sandboxes: new Map(),
    containers: new Map(),
    byPod: new Map(),
    sockets: new Map(),
    forwards: new Map(),
  };
}

/** A container that has been created and not yet started. */
export function newContainer(
  {
    id,
    sandboxId,
    config,
    argv,
    image,
    imageTag,
  }: {
    readonly id: string;
    readonly sandboxId: string;
    readonly config: ContainerConfig;
    readonly argv: readonly string[];
    readonly image: ImageOnNode;
    readonly imageTag: string;
  },
  createdAtMs: Millis,
  memoryBytes: number,
): ContainerRecord {
  return {
    id,
    sandboxId,
    config,
    argv: Object.freeze(argv),
    imageId: image.id,
    imageReference: image.reference,
    imageTag,
    createdAtMs,
    state: 'created',
    startedAtMs: 0,
    finishedAtMs: 0,
    exitCode: 0,
    reason: '',
    message: '',
    epoch: 0,
    frozen: false,
    program: {},
    writes: undefined,
    logs: [],
    ports: [],
    timers: [],
    parkedTimers: [],
    parkedSignals: [],
    memoryBytes,
  };
}
