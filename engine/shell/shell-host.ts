import type { ApiRequest, ApiResponse } from '../apiserver/request.ts';
import type { ExecResult, FileSystem } from '../images/image-program.ts';
import type { KindIndex } from '../kinds/kind-index.ts';
import type { PacketRequest, PacketResult } from '../network/packet.ts';
import type { Millis } from '../sim/simulation.ts';
import type { CommandContext } from './command.ts';
import type { Program } from './task.ts';

/** What the machine (or container) below a shell offers. All of it belongs to the simulation; nothing reaches the real host. */
export interface ShellHost {
  readonly hostname: string;
  readonly user: string;
  readonly home: string;
  readonly now: Millis;
  /** The store's revision, for programs that wait for changes. */
  readonly revision: number;
  random(): number;
  readonly files: FileSystem;
  readonly kinds: KindIndex;
  /** Kubernetes' version, e.g. `1.36.0`. */
  readonly version: string;
  /** The API server's URL as the kubeconfig has it. */
  readonly serverUrl: string;
  /** Throws `ConnectionRefused` when nobody listens. */
  api(request: Omit<ApiRequest, 'user' | 'actor'>): ApiResponse;
  request(request: Omit<PacketRequest, 'from'>): PacketResult;
  /** Runs a command in a container; a text says why that is not possible. */
  exec(namespace: string, pod: string, container: string, argv: readonly string[], stdin: string): ExecResult | string;
  /** The file system of a container, for a shell inside of it. */
  containerFiles(namespace: string, pod: string, container: string): FileSystem | undefined;
  /** Commands that this machine has beside the shell's own; `undefined` when there is no such program. */
  run(context: CommandContext): Program | undefined;
  /** Names of those commands, for completion. */
  readonly commandNames: readonly string[];
}
