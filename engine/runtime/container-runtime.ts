import type { ExecResult, FileSystem, Signal } from '../images/image-program.ts';
import type { NodeSockets } from '../network/network.ts';
import type { DeviceHandlers } from '../sim/device.ts';
import type { Millis } from '../sim/simulation.ts';

/** A pod's shared environment: network address, host name, volumes. Plain data. */
export interface Sandbox {
  readonly id: string;
  readonly podUid: string;
  readonly podName: string;
  readonly podNamespace: string;
  readonly hostname: string;
  readonly hostNetwork: boolean;
  /** The pod's address; the node's with host networking. */
  readonly address: string;
  readonly attempt: number;
  readonly createdAtMs: Millis;
  state: 'ready' | 'notReady';
  /** Contents by volume name. */
  readonly volumes: Map<string, Volume>;
  /** In order of creation. */
  readonly containers: string[];
}

/** Files of a volume by relative path. A frozen record is replaced as a whole; `shared` is written by the containers. */
export type Volume =
  | { readonly kind: 'content'; files: Readonly<Record<string, string>> }
  | { readonly kind: 'shared'; readonly files: Map<string, string> }
  | { readonly kind: 'host'; readonly path: string };

export interface Mount {
  readonly volume: string;
  readonly path: string;
  readonly subPath: string;
  readonly readOnly: boolean;
}

/** What the kubelet asks for. Frozen and shared. */
export interface ContainerConfig {
  readonly name: string;
  readonly attempt: number;
  /** As the pod names it. */
  readonly image: string;
  /** Replace the image's entrypoint and cmd when not empty. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly mounts: readonly Mount[];
  readonly readOnlyRoot: boolean;
  readonly memoryLimitBytes: number | undefined;
  readonly user: number | undefined;
  /** A service that runs on: its own timers do not keep `settle` waiting. */
  readonly background: boolean;
  readonly terminationMessagePath: string;
}

export interface Container {
  readonly id: string;
  readonly sandboxId: string;
  readonly config: ContainerConfig;
  readonly imageId: string;
  readonly createdAtMs: Millis;
  state: 'created' | 'running' | 'exited';
  startedAtMs: Millis;
  finishedAtMs: Millis;
  exitCode: number;
  /** `Completed`, `Error`, `OOMKilled`, `StartError`. */
  reason: string;
  message: string;
  /** Raised by whatever could change an answer: writes, signals, exec, exit. */
  epoch: number;
  /** Stopped by SIGSTOP. */
  frozen: boolean;
}

export interface LogLine {
  readonly atMs: Millis;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface ImageOnNode {
  /** `docker.io/library/nginx:1.25`. */
  readonly reference: string;
  /** `docker.io/library/nginx@sha256:…`. */
  readonly id: string;
  readonly sizeBytes: number;
}

/** A registry's reply to a pull. */
export type PullAnswer =
  | { readonly kind: 'found'; readonly image: ImageOnNode; readonly present: boolean }
  | { readonly kind: 'refused'; readonly message: string };

/** Told of what happens to containers without being asked. Acting on it later, from a timer, keeps changes of one moment together. */
export interface RuntimeListener {
  containerExited(podUid: string, containerId: string): void;
  /** An answer of the container may have changed. */
  containerTouched(podUid: string, containerId: string): void;
  /** containerd itself has started or stopped. */
  runtimeChanged(): void;
}

/**
 * containerd of one node. A device: what runs survives the kubelet. Calls throw `RuntimeUnavailable` while containerd is stopped.
 * Kubernetes: the CRI (cri-api/pkg/apis/runtime/v1).
 */
export interface ContainerRuntime extends DeviceHandlers, NodeSockets {
  readonly node: string;
  readonly isRunning: boolean;
  /** containerd's own process; containers go on while it is down. */
  setRunning(running: boolean): void;
  listen(listener: RuntimeListener | undefined): void;

  runSandbox(config: SandboxConfig): SandboxAnswer;
  stopSandbox(id: string): void;
  removeSandbox(id: string): void;
  sandbox(id: string): Sandbox | undefined;
  sandboxes(): Iterable<Sandbox>;
  sandboxesOf(podUid: string): readonly Sandbox[];
  setVolume(sandboxId: string, name: string, volume: Volume): void;

  imagePresent(image: string): ImageOnNode | undefined;
  /** Resolves a reference as the registry would answer now. */
  resolveImage(image: string): PullAnswer;
  storeImage(image: ImageOnNode): void;
  removeImage(reference: string): void;
  images(): readonly ImageOnNode[];

  /** Answers a refusal with the runtime's words: no such image, no such executable. */
  createContainer(sandboxId: string, config: ContainerConfig): { readonly id: string } | { readonly error: string };
  startContainer(id: string): { readonly error: string } | undefined;
  /** `docker kill`: the process ends by the signal, if it does not handle it. */
  signal(id: string, signal: Signal): void;
  /** Sends the image's stop signal, SIGTERM unless it names another. */
  stop(id: string): void;
  removeContainer(id: string): void;
  container(id: string): Container | undefined;
  containersOf(sandboxId: string): readonly Container[];
  exec(id: string, argv: readonly string[], stdin?: string): ExecResult;
  /** What is written to a file below the node's root by a container, for whoever watches files there. */
  onHostWrite(notify: ((path: string) => void) | undefined): void;
  logs(id: string): readonly LogLine[];
  /** The files as a process in the container sees them. */
  fileSystem(id: string): FileSystem;
  readFile(id: string, path: string): string | undefined;
  writeFile(id: string, path: string, content: string): string | undefined;

  /** Every process dies at once and nobody is told: the machine lost power. */
  powerOff(): void;
  usage(id: string): { readonly cpuMillis: number; readonly memoryBytes: number } | undefined;
}

export interface SandboxConfig {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly hostname: string;
  readonly hostNetwork: boolean;
  readonly attempt: number;
  readonly hostPorts: readonly { readonly hostPort: number; readonly containerPort: number; readonly protocol: 'TCP' | 'UDP' }[];
}

export type SandboxAnswer = { readonly kind: 'ready'; readonly sandbox: Sandbox } | { readonly kind: 'failed'; readonly message: string };

/** containerd does not answer on its socket. */
export class RuntimeUnavailable extends Error {
  override readonly name = 'RuntimeUnavailable';
}
