import type { Millis } from '../sim/simulation.ts';
import type { DnsAnswer, DnsQuestion, Exchange, HttpRequest, HttpResponse, Outcome, TcpRequest } from './exchange.ts';

/** Signals that the runtime delivers. SIGKILL and SIGSTOP never reach a program. */
export type Signal = 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** Until when the same command would answer the same, if nothing changes in the container; for ever when absent. */
  readonly stableUntilMs?: Millis;
  /** How long the command would have run. The reply is given at once, but who waits for it (a probe, a hook) takes this long. */
  readonly tookMs?: Millis;
}

/** The file system as a process in a container sees it: image, own writes and mounts. Paths are absolute. */
export interface FileSystem {
  read(path: string): string | undefined;
  /** Returns what is wrong (`Read-only file system`), or nothing. */
  write(path: string, content: string): string | undefined;
  append(path: string, content: string): string | undefined;
  makeDirectory(path: string): string | undefined;
  remove(path: string): string | undefined;
  /** Names directly inside a directory, sorted; `undefined` when it is none. */
  list(path: string): readonly string[] | undefined;
  isDirectory(path: string): boolean;
}

/** Starts and stops the real thing behind a control-plane container: `kube-scheduler`, `kube-proxy/node-1`, `coredns`. */
export interface ComponentControl {
  start(name: string, node: string): void;
  stop(name: string, node: string): void;
  isRunning(name: string, node: string): boolean;
}

/** Answers from the cluster's own records, for the program in the coredns container. */
export interface RecordSource {
  resolve(question: DnsQuestion): DnsAnswer | undefined;
}

/** What a running program may use. `state` is plain data and its whole memory. */
export interface ProgramContext<S extends object = object> {
  readonly state: S;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly hostname: string;
  /** The address that its sockets have; the node's own with host networking. */
  readonly address: string;
  readonly node: string;
  /** The image's tag: `1.25` of nginx:1.25. */
  readonly imageTag: string;
  readonly memoryLimitBytes: number | undefined;
  /** The numeric user; 0 is root. */
  readonly user: number;
  readonly files: FileSystem;
  readonly now: Millis;
  /** When the process started. */
  readonly startedAtMs: Millis;
  log(line: string, stream?: 'stdout' | 'stderr'): void;
  exit(code: number, reason?: 'Completed' | 'Error' | 'OOMKilled'): void;
  listen(port: number, protocol?: 'TCP' | 'UDP'): void;
  close(port: number): void;
  setTimer(key: string, delayMs: Millis): void;
  cancelTimer(key: string): void;
  random(): number;
  /** Says that an answer of this program may be another one from here on. Timers, signals and file writes say so by themselves. */
  changed(): void;
  /** Sets the memory in use; more than the limit ends the process as the kernel would. */
  setMemory(bytes: number): void;
  /** Speaks to `host:port` from inside the container. */
  connect(host: string, port: number, exchange: Exchange): Outcome;
  /** Asks the container's resolver for addresses. Absent: the name is unknown or no server answers. */
  lookup(name: string): readonly string[] | undefined;
  /** Asks a name server itself. */
  query(question: DnsQuestion): DnsAnswer | undefined;
  readonly components: ComponentControl;
  readonly records: RecordSource;
  /** The same container seen by a child process; `onExit` is told when that ends. */
  fork<C extends object>(argv: readonly string[], state: C, onExit: (code: number) => void): ProgramContext<C>;
}

/**
 * What an executable does: a state machine over plain state. Handlers run to completion; waiting is a timer.
 * Without `onSignal`, SIGTERM and friends are ignored, as the kernel does for a PID 1 that has no handler.
 */
export interface ImageProgram<S extends object = object> {
  initialState(): S;
  start(p: ProgramContext<S>): void;
  onTimer?(p: ProgramContext<S>, key: string): void;
  onSignal?(p: ProgramContext<S>, signal: Signal): void;
  http?(p: ProgramContext<S>, request: HttpRequest): HttpResponse;
  tcp?(p: ProgramContext<S>, request: TcpRequest): string;
  dns?(p: ProgramContext<S>, question: DnsQuestion): DnsAnswer;
  /** Tells what lies outside of the process whether it runs: true after a start or a thaw, false after a freeze and at every end. */
  onRunning?(p: ProgramContext<S>, running: boolean): void;
}

/** Runs one command inside a container to its end: `kubectl exec`, exec probes, hooks. `undefined`: there is no such executable. */
export interface Userland {
  readonly name: string;
  /** The process behind a name, when there is such an executable. */
  find(executable: string): ImageProgram | undefined;
  exec(p: ProgramContext, argv: readonly string[], stdin: string): ExecResult | undefined;
  /** The same from within a script, with the script's variables and folder. */
  run(
    p: ProgramContext,
    argv: readonly string[],
    how: { readonly stdin: string; readonly env: Readonly<Record<string, string>>; readonly workdir: string },
  ): ExecResult | undefined;
  /** Whether a name is one of the image's long-running programs, rather than a command. */
  isProgram(executable: string): boolean;
}

/** One published tag. Tags of equal `digestOf` are the same image. */
export interface ImageTag {
  readonly tag: string;
  readonly sizeBytes: number;
  /** The tag that this one is another name of. */
  readonly sameAs?: string;
}

/** A container image: what its registry offers and what its processes do. One file per image; a lab may bring its own. */
export interface ImageDefinition {
  /** Full repository: `docker.io/library/nginx`. */
  readonly repository: string;
  /** `any`: whatever tag is asked for exists (cluster components, whose tags follow the release). */
  readonly tags: readonly ImageTag[] | 'any';
  /** Size of images whose tags are not listed. */
  readonly sizeBytes?: number;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly exposedPorts: readonly number[];
  readonly user: string;
  readonly workdir: string;
  /** What a gentle stop sends; SIGTERM when absent. */
  readonly stopSignal?: Signal;
  /** Files of the image; a path that ends with `/` is an empty directory. */
  files(tag: string): Readonly<Record<string, string>>;
  /** Executables of its own, by name or path. */
  readonly programs: Readonly<Record<string, ImageProgram>>;
  /** The common commands it carries, if it has any. */
  readonly userland: Userland | undefined;
  /** Where tags differ in it: `1.27-alpine`. */
  userlandOf?(tag: string): Userland | undefined;
  readonly usage: ResourceUse;
}

/** What an idle process of the image takes. */
export interface ResourceUse {
  readonly cpuMillis: number;
  readonly memoryMiB: number;
}
