import { createApiClient } from './client/api-client.ts';
import type { ClusterCore } from './cluster-core.ts';
import type { ClusterState } from './cluster-parts.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { type Pod, pod } from './kinds/core/pod.ts';
import { MachineFiles } from './machine/machine-files.ts';
import type { Network } from './network/network.ts';
import type { NodeAccess } from './node-access.ts';
import { toYaml } from './schema/yaml-output.ts';
import { Interpreter } from './shell/interpreter.ts';
import type { ShellHost } from './shell/shell-host.ts';
import { shellState } from './shell/shell-state.ts';
import { Pipe } from './shell/streams.ts';
import { TaskRunner } from './shell/task.ts';
import { Terminal, terminalState } from './shell/terminal.ts';
import { runWorkstationCommand, workstationCommandNames } from './shell/workstation-commands.ts';
import type { Millis, Timer } from './sim/simulation.ts';

export interface TerminalsParts {
  readonly core: ClusterCore;
  readonly state: ClusterState;
  readonly access: NodeAccess;
  readonly network: Network;
}

/** What a script printed and how it ended. */
export interface ScriptResult {
  /** Standard output and standard error, as they came. */
  readonly output: string;
  readonly exitCode: number;
}

export const studentHome = '/home/student';
const processName = 'workstation';

/** The student's workstation: its files, its terminals, and scripts that are run on it. */
export class Terminals {
  readonly files: MachineFiles;
  readonly host: ShellHost;
  readonly #parts: TerminalsParts;
  readonly #open = new Map<string, Terminal>();
  #onOutput: (terminal: string, text: string) => void = () => {};
  #onFileChange: (path: string) => void = () => {};

  constructor(parts: TerminalsParts) {
    this.#parts = parts;
    this.files = new MachineFiles(parts.state.workstation.files, (path) => this.#onFileChange(path));
    this.host = createHost(parts, this.files);
    if (!parts.state.workstation.files.has(`${studentHome}/.kube/config`)) this.#writeKubeConfig();
    parts.core.store.onEvent(() => this.#clusterChanged());
  }

  /** Who is told what terminals print, and which files change. */
  listen(listeners: { readonly onOutput: (terminal: string, text: string) => void; readonly onFileChange: (path: string) => void }): void {
    this.#onOutput = listeners.onOutput;
    this.#onFileChange = listeners.onFileChange;
    for (const id of this.#parts.state.terminals.keys()) this.#terminal(id);
  }

  /** Opens a terminal, or resizes the one of that name. */
  open(id: string, cols: number, rows: number): void {
    const { terminals } = this.#parts.state;
    if (terminals.has(id)) {
      this.resize(id, cols, rows);
      return;
    }
    terminals.set(id, terminalState(this.host, cols, rows));
    this.#terminal(id)?.open();
  }

  /** The open terminals with their sizes. */
  list(): readonly { readonly id: string; readonly cols: number; readonly rows: number }[] {
    return [...this.#parts.state.terminals].map(([id, { cols, rows }]) => ({ id, cols, rows }));
  }

  input(id: string, data: string): void {
    this.#parts.core.sim.cause = 0;
    this.#terminal(id)?.input(data);
    this.#schedule();
  }

  resize(id: string, cols: number, rows: number): void {
    this.#terminal(id)?.resize(cols, rows);
  }

  close(id: string): void {
    this.#open.delete(id);
    this.#parts.state.terminals.delete(id);
  }

  /** Whether a command runs in some terminal. A snapshot taken now would end it. */
  get isBusy(): boolean {
    return [...this.#open.values()].some((terminal) => terminal.isBusy);
  }

  /**
   * Runs a script on the workstation to its end; the clock goes on while it waits, at most `withinMs`. For solutions and graders.
   */
  run(script: string, advance: (ms: Millis) => void, withinMs: Millis = 3_600_000): ScriptResult {
    const { sim } = this.#parts.core;
    const output = new Pipe();
    const tasks = new TaskRunner(this.host);
    const env = { HOME: studentHome, USER: 'student', PATH: '/usr/bin:/bin', PWD: studentHome };
    const shell = new Interpreter(shellState({ cwd: studentHome, env }), this.host, tasks);
    shell.state.aliases.set('k', 'kubectl');
    const task = tasks.spawn(shell.runScript(script, { stdin: Pipe.of(''), stdout: output, stderr: output }), script);
    const untilMs = sim.now + withinMs;
    sim.cause = 0;
    for (tasks.run(); task.exitCode === undefined; tasks.run()) {
      const due = Math.min(tasks.nextWakeMs ?? Number.POSITIVE_INFINITY, sim.peek()?.due ?? Number.POSITIVE_INFINITY);
      if (due > untilMs) {
        tasks.killAll(124);
        break;
      }
      advance(Math.max(0, due - sim.now));
    }
    return { output: output.take() ?? '', exitCode: task.exitCode ?? 124 };
  }

  /** Runs a timer of the workstation. */
  dispatch(timer: Timer): boolean {
    if (timer.process !== processName) return false;
    for (const terminal of this.#open.values()) terminal.wake();
    this.#schedule();
    return true;
  }

  #terminal(id: string): Terminal | undefined {
    const state = this.#parts.state.terminals.get(id);
    if (!state) return undefined;
    let terminal = this.#open.get(id);
    if (!terminal) {
      terminal = new Terminal(state, this.host, (text) => this.#onOutput(id, text));
      this.#open.set(id, terminal);
    }
    return terminal;
  }

  /** Programs that wait for a change look again once the writer is done. */
  #clusterChanged(): void {
    if ([...this.#open.values()].some((terminal) => terminal.waitsForChange)) this.#parts.core.sim.setTimer(processName, 'wake', 0);
  }

  #schedule(): void {
    const { sim } = this.#parts.core;
    let next: Millis | undefined;
    for (const { nextWakeMs } of this.#open.values())
      if (nextWakeMs !== undefined && (next === undefined || nextWakeMs < next)) next = nextWakeMs;
    if (next === undefined) return;
    const due = sim.timerDue(processName, 'wake');
    if (due === undefined || due > next) sim.setTimer(processName, 'wake', Math.max(0, next - sim.now));
  }

  #writeKubeConfig(): void {
    const { spec } = this.#parts.state;
    const name = 'kube40';
    this.#parts.state.workstation.files.set(
      `${studentHome}/.kube/config`,
      toYaml({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': name,
        preferences: {},
        clusters: [{ name, cluster: { server: serverUrl(this.#parts.network, spec) } }],
        contexts: [{ name, context: { cluster: name, user: 'student' } }],
        users: [{ name: 'student', user: {} }],
      }),
    );
  }
}

function serverUrl(network: Network, spec: ClusterSpec): string {
  const controlPlane = spec.nodes.find((node) => node.role === 'control-plane')?.name ?? '';
  return `https://${network.node(controlPlane)?.address ?? '172.18.0.2'}:6443`;
}

function createHost({ core, state, access, network }: TerminalsParts, files: MachineFiles): ShellHost {
  const client = createApiClient(core.api, { name: 'kubernetes-admin', groups: ['system:masters'] }, 'student');
  const find = (namespace: string, name: string): Pod | undefined => (core.api.isAvailable ? client.find(pod, namespace, name) : undefined);
  const host: ShellHost = {
    hostname: 'workstation',
    user: 'student',
    home: studentHome,
    files,
    kinds: core.api.kinds,
    version: state.spec.version,
    commandNames: workstationCommandNames,
    get serverUrl() {
      return serverUrl(network, state.spec);
    },
    get now() {
      return core.sim.now;
    },
    get revision() {
      return core.store.revision;
    },
    random: () => core.sim.random(),
    api(request) {
      // A person's request is a first cause, also when a timer or a reply woke the program that sends it.
      core.sim.cause = 0;
      return core.api.handle({
        ...request,
        user: { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
        actor: 'you',
      });
    },
    request: (request) => network.request({ ...request, from: { kind: 'outside' } }),
    exec: (namespace, name, container, argv, stdin) => {
      const found = find(namespace, name);
      return found ? access.exec(found, container, argv, stdin) : `pods "${name}" not found`;
    },
    containerFiles(namespace, name, container) {
      const found = find(namespace, name);
      return found && access.files(found, container);
    },
    run: (context) => runWorkstationCommand(context),
  };
  return host;
}
