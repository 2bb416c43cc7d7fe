import type { Millis } from '../sim/simulation.ts';
import type { InputStream } from './streams.ts';

/** What a program may wait for. Everything else happens at once. */
export type Wait =
  | { readonly kind: 'sleep'; readonly untilMs: Millis }
  | { readonly kind: 'input'; readonly stream: InputStream }
  | { readonly kind: 'join'; readonly tasks: readonly Task[] }
  /** Something in the cluster changes, or the time is up. `revision` is what the waiter has seen. */
  | { readonly kind: 'change'; readonly revision: number; readonly untilMs: Millis | undefined };

/** A running program: it yields what it waits for and returns its exit code. */
export type Program = Generator<Wait, number, void>;

export interface Task {
  readonly id: number;
  readonly source: string;
  readonly program: Program;
  waiting: Wait | undefined;
  /** Set once the program has ended. */
  exitCode: number | undefined;
}

export interface TaskClock {
  readonly now: Millis;
  /** The store's revision. */
  readonly revision: number;
}

/** Most programs of one shell that may be alive together: a fork bomb ends here. */
const maxTasks = 128;

export class TooManyTasks extends Error {
  override readonly name = 'TooManyTasks';
}

/** Runs a shell's programs one at a time, in the order in which they were started, each until it must wait. */
export class TaskRunner {
  readonly #clock: TaskClock;
  #tasks: Task[] = [];
  #nextId = 1;

  constructor(clock: TaskClock) {
    this.#clock = clock;
  }

  spawn(program: Program, source: string): Task {
    if (this.#tasks.length >= maxTasks) throw new TooManyTasks('fork: Resource temporarily unavailable');
    const task: Task = { id: this.#nextId++, source, program, waiting: undefined, exitCode: undefined };
    this.#tasks.push(task);
    return task;
  }

  get tasks(): readonly Task[] {
    return this.#tasks;
  }

  /** Runs everything that can run, until all that is left waits. */
  run(): void {
    for (let hasMoved = true; hasMoved; ) {
      hasMoved = false;
      // Programs may start others while they run: those join the round.
      for (let index = 0; index < this.#tasks.length; index++) {
        const task = this.#tasks[index] as Task;
        if (task.exitCode !== undefined || (task.waiting && !this.#isOver(task.waiting))) continue;
        hasMoved = true;
        this.#resume(task);
      }
      this.#tasks = this.#tasks.filter((task) => task.exitCode === undefined);
    }
  }

  /** When the next sleeper wants to go on. */
  get nextWakeMs(): Millis | undefined {
    let next: Millis | undefined;
    for (const { waiting } of this.#tasks) {
      const at = waiting?.kind === 'sleep' || waiting?.kind === 'change' ? waiting.untilMs : undefined;
      if (at !== undefined && (next === undefined || at < next)) next = at;
    }
    return next;
  }

  /** Whether somebody waits for the cluster to change. */
  get waitsForChange(): boolean {
    return this.#tasks.some(({ waiting }) => waiting?.kind === 'change');
  }

  /** Ends a program where it waits; its `finally` blocks run. */
  kill(task: Task, exitCode: number): void {
    if (task.exitCode !== undefined) return;
    task.exitCode = exitCode;
    task.program.return(exitCode);
    this.#tasks = this.#tasks.filter((other) => other !== task);
  }

  killAll(exitCode: number): void {
    for (const task of [...this.#tasks]) this.kill(task, exitCode);
  }

  #resume(task: Task): void {
    const result = task.program.next();
    if (result.done) task.exitCode = result.value;
    else task.waiting = result.value;
  }

  #isOver(wait: Wait): boolean {
    switch (wait.kind) {
      case 'sleep':
        return this.#clock.now >= wait.untilMs;
      case 'input':
        return wait.stream.isReadable;
      case 'join':
        return wait.tasks.every((task) => task.exitCode !== undefined);
      case 'change':
        return this.#clock.revision !== wait.revision || (wait.untilMs !== undefined && this.#clock.now >= wait.untilMs);
    }
  }
}
