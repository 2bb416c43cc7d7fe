import type { ImageProgram, Userland } from '../images/image-program.ts';
import { invariant } from '../sim/invariant.ts';
import type { ImageRegistry } from './image-registry.ts';
import { ContainerProgramContext, type ProgramHost } from './program-context.ts';
import type { ContainerRecord } from './runtime-state.ts';

const noProgram: ImageProgram = { initialState: () => ({}), start() {} };

/** Which program a container runs and what it sees. Made from the records when needed, so that nothing here has to be written down. */
export class ProgramTable {
  readonly #host: ProgramHost;
  readonly #registry: ImageRegistry;
  readonly #contexts = new Map<string, ContainerProgramContext>();
  readonly #programs = new Map<string, ImageProgram>();

  constructor(host: ProgramHost, registry: ImageRegistry) {
    this.#host = host;
    this.#registry = registry;
  }

  /** `undefined`: the image has no such executable. */
  find(record: ContainerRecord): ImageProgram | undefined {
    const definition = this.#registry.definitionOf(record.imageReference);
    const executable = record.argv[0] ?? '';
    return definition?.programs[executable] ?? this.userlandOf(record)?.find(executable);
  }

  of(record: ContainerRecord): ImageProgram {
    let program = this.#programs.get(record.id);
    if (!program) {
      program = this.find(record) ?? noProgram;
      this.#programs.set(record.id, program);
    }
    return program;
  }

  userlandOf(record: ContainerRecord): Userland | undefined {
    const definition = this.#registry.definitionOf(record.imageReference);
    return definition?.userlandOf ? definition.userlandOf(record.imageTag) : definition?.userland;
  }

  contextOf(record: ContainerRecord): ContainerProgramContext {
    let context = this.#contexts.get(record.id);
    if (!context) {
      const sandbox = this.#host.device.state.sandboxes.get(record.sandboxId);
      invariant(sandbox, `containerd: container ${record.id} without a sandbox`);
      context = new ContainerProgramContext(this.#host, record, sandbox);
      this.#contexts.set(record.id, context);
    }
    return context;
  }

  forget(id: string): void {
    this.#contexts.delete(id);
    this.#programs.delete(id);
  }
}
