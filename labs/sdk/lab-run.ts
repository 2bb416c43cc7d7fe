import { applyManifests, Cluster } from '#engine';
import { performAction, writeStudentFile } from './action.ts';
import type { CheckKinds, CheckOutcome } from './check.ts';
import { evaluateExpectation, isLive } from './evaluate.ts';
import { type GradeResult, gradeLab } from './grade.ts';
import type { Lab } from './lab.ts';
import type { LabCheck } from './lab-schema.ts';
import { expandLab } from './vary.ts';

/** What a lab session remembers beside its cluster. Plain data. */
export interface LabProgress {
  readonly seed: number;
  /** The trace entry with which the student's own work begins. */
  readonly sinceEntry: number;
  /** When milestones were first true, by check, in virtual milliseconds. */
  readonly reached: Readonly<Record<string, number>>;
  /** What guards said when they first failed, by check. */
  readonly broken: Readonly<Record<string, CheckOutcome>>;
}

/** A live tick in the task list. */
export interface Tick {
  readonly check: string;
  readonly status: 'pass' | 'fail' | 'error' | 'skipped';
  readonly message?: string;
}

const setUpLimitMs = 600_000;
const pollMs = 1000;

/** A lab that somebody works on: its cluster, and what was reached so far. */
export class LabRun {
  readonly lab: Lab;
  readonly cluster: Cluster;
  readonly #kinds: CheckKinds;
  #progress: LabProgress;
  #isDirty = true;
  #polledAtMs = 0;
  /** Checks that are watched at every change: milestones, and guards that must not break. */
  readonly #watched: readonly LabCheck[];

  private constructor(lab: Lab, cluster: Cluster, kinds: CheckKinds, progress: LabProgress) {
    this.lab = lab;
    this.cluster = cluster;
    this.#kinds = kinds;
    this.#progress = progress;
    this.#watched = lab.checks.filter(({ mode, expect }) => mode !== 'goal' && isLive(expect, kinds));
    cluster.trace.onEntry(() => {
      this.#isDirty = true;
    });
  }

  /** Boots the lab's cluster with everything that the student finds there. Throws when the lab itself is wrong. */
  static open(lab: Lab, kinds: CheckKinds, options: { readonly seed: number; readonly latency?: 'instant' | 'realistic' }): LabRun {
    const expanded = expandLab(lab, options.seed);
    const { latency = options.latency ?? 'realistic', ...spec } = {
      ...expanded.cluster,
      ...(options.latency && { latency: options.latency }),
    };
    const cluster = Cluster.create({ ...clusterInput(spec), seed: options.seed, latency: 'instant' });
    for (const { path, text } of expanded.objects) {
      const { problems } = applyManifests(cluster.terminals.host, text, { namespace: 'default', source: path });
      if (problems[0]) throw new Error(`${lab.id}: ${path}:${problems[0].line}: ${problems[0].message}`);
    }
    cluster.settle(setUpLimitMs);
    for (const fault of expanded.faults) {
      const problem = performAction(cluster, fault, (ms) => cluster.advance(ms));
      if (problem !== undefined) throw new Error(`${lab.id}: a fault cannot be set: ${problem}`);
    }
    cluster.settle(setUpLimitMs);
    for (const { path, text } of expanded.files) writeStudentFile(cluster, path, text);
    cluster.setLatency(latency);
    return new LabRun(expanded, cluster, kinds, { seed: options.seed, sinceEntry: cluster.trace.nextId, reached: {}, broken: {} });
  }

  /** Goes on with a cluster that was written down. */
  static resume(lab: Lab, kinds: CheckKinds, cluster: Cluster, progress: LabProgress): LabRun {
    return new LabRun(expandLab(lab, progress.seed), cluster, kinds, progress);
  }

  static restore(lab: Lab, kinds: CheckKinds, snapshot: string): LabRun {
    const { cluster, progress } = JSON.parse(snapshot) as { readonly cluster: string; readonly progress: LabProgress };
    return LabRun.resume(lab, kinds, Cluster.restore(cluster), progress);
  }

  snapshot(): string {
    return JSON.stringify({ cluster: this.cluster.snapshot(), progress: this.#progress });
  }

  get progress(): LabProgress {
    return this.#progress;
  }

  /** Runs what is due within `ms`, at most `maxEvents`, and sees every state on the way. Gives the number of events. */
  advance(ms: number, maxEvents = Number.POSITIVE_INFINITY): number {
    const { cluster } = this;
    const untilMs = cluster.now + ms;
    this.observe();
    let events = 0;
    for (let due = cluster.nextDueMs; due !== undefined && due <= untilMs; due = cluster.nextDueMs) {
      if (events >= maxEvents) return events;
      cluster.step();
      this.observe();
      events++;
    }
    cluster.advance(Math.max(0, untilMs - cluster.now));
    return events;
  }

  /** Looks whether milestones were reached or guards broken. Called after whatever the student does; cheap when nothing happened. */
  observe(): void {
    const { now } = this.cluster;
    // What leaves no trace, like a served request, is looked at once a second.
    if (!this.#isDirty && now - this.#polledAtMs < pollMs) return;
    this.#isDirty = false;
    this.#polledAtMs = now;
    for (const check of this.#watched) {
      if (check.id in this.#progress.reached || check.id in this.#progress.broken) continue;
      const outcome = evaluateExpectation(this.cluster, this.#progress.sinceEntry, check.expect, this.#kinds);
      if (check.mode === 'milestone' && outcome.status === 'pass')
        this.#progress = { ...this.#progress, reached: { ...this.#progress.reached, [check.id]: now } };
      if (check.mode === 'guard' && outcome.status === 'fail' && !outcome.isUnanswered)
        this.#progress = { ...this.#progress, broken: { ...this.#progress.broken, [check.id]: outcome } };
    }
  }

  /** Where the student stands, by the checks that can be asked without touching anything. The grade decides. */
  ticks(): readonly Tick[] {
    this.observe();
    const { reached, broken } = this.#progress;
    return this.lab.checks
      .filter(({ visibility, expect, id }) => visibility === 'always' && (id in reached || isLive(expect, this.#kinds)))
      .map(({ id, mode, expect, message }): Tick => {
        if (mode === 'milestone') return { check: id, status: id in reached ? 'pass' : 'fail' };
        const outcome = broken[id] ?? evaluateExpectation(this.cluster, this.#progress.sinceEntry, expect, this.#kinds);
        if (outcome.status === 'pass') return { check: id, status: 'pass' };
        return { check: id, status: outcome.status, message: outcome.message ?? message };
      });
  }

  /** Grades on a copy; the student's cluster is not touched. */
  grade(): GradeResult {
    this.observe();
    return gradeLab(this.lab, this.cluster, this.#progress, this.#kinds);
  }
}

/** Without the keys that an author left out, so that the engine's defaults hold. */
function clusterInput({
  workers,
  nodes,
  cloud,
}: Pick<Lab['cluster'], 'workers' | 'nodes' | 'cloud'>): Parameters<typeof Cluster.create>[0] {
  const named = nodes?.map(({ name, cpu, memoryMiB, zone, labels }) => ({
    name,
    ...(cpu !== undefined && { cpu }),
    ...(memoryMiB !== undefined && { memoryMiB }),
    ...(zone !== undefined && { zone }),
    ...(labels && { labels }),
  }));
  return { cloud, ...(workers !== undefined && { workers }), ...(named && { nodes: named }) };
}
