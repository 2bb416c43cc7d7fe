import type { Cluster } from '#engine';
import { type CheckKinds, type Lab, type LabProgress, LabRun } from '#labs/sdk';
import type { GradeView, TickView } from '../../gateway/protocol.ts';
import type { LabRules } from './lab-rules.ts';

export interface SdkLabOptions {
  readonly lab: Lab;
  readonly kinds: CheckKinds;
  readonly seed: number;
  /** Monotonic milliseconds, for the time that a grade took. */
  readonly wallClock: () => number;
}

/** The rules of a lab as its author wrote them, by labs/sdk. */
export class SdkLabRules implements LabRules {
  readonly #options: SdkLabOptions;
  #run: LabRun | undefined;
  #saved: LabProgress | undefined;

  constructor(options: SdkLabOptions) {
    this.#options = options;
  }

  open(): Cluster {
    const { lab, kinds, seed } = this.#options;
    this.#run = LabRun.open(lab, kinds, { seed });
    return this.#run.cluster;
  }

  observe(cluster: Cluster): void {
    this.#runOf(cluster).observe();
  }

  ticks(cluster: Cluster): readonly TickView[] {
    return this.#runOf(cluster).ticks();
  }

  grade(cluster: Cluster, attempt: number): GradeView {
    const startedAtMs = this.#options.wallClock();
    const { gradable, because, score, max, checks } = this.#runOf(cluster).grade();
    return {
      attempt,
      gradable,
      ...(because !== undefined && { because }),
      score,
      max,
      checks,
      milliseconds: Math.round(this.#options.wallClock() - startedAtMs),
    };
  }

  get memory(): unknown {
    return this.#run?.progress ?? this.#saved;
  }

  remember(memory: unknown): void {
    this.#saved = memory as LabProgress;
  }

  /** A restored or turned-back cluster is another one: what was reached goes over to it. */
  #runOf(cluster: Cluster): LabRun {
    if (this.#run?.cluster === cluster) return this.#run;
    const { lab, kinds, seed } = this.#options;
    const progress = this.#run?.progress ?? this.#saved ?? { seed, sinceEntry: cluster.trace.nextId, reached: {}, broken: {} };
    this.#run = LabRun.resume(lab, kinds, cluster, progress);
    return this.#run;
  }
}
