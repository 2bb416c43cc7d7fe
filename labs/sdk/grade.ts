import { type Cluster, engineVersion, type ObjectRef, readManifests, studentHome, type WhyLink } from '#engine';
import { durationMs, performAction } from './action.ts';
import type { CheckKinds, CheckOutcome, Finding } from './check.ts';
import { evaluateExpectation } from './evaluate.ts';
import type { Lab } from './lab.ts';
import type { LabProgress } from './lab-run.ts';
import type { LabCheck } from './lab-schema.ts';

export interface CheckResult {
  readonly id: string;
  readonly task: string;
  readonly title: string;
  readonly mode: LabCheck['mode'];
  readonly status: 'pass' | 'fail' | 'error' | 'skipped';
  readonly points: number;
  readonly max: number;
  readonly message?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly where?: string;
  readonly whereObject?: ObjectRef;
  readonly why?: readonly WhyLink[];
  readonly hint?: string;
}

export interface GradeResult {
  readonly gradable: boolean;
  /** Why it could not be graded: the attempt is not counted. */
  readonly because?: string;
  readonly score: number;
  readonly max: number;
  readonly checks: readonly CheckResult[];
  readonly lab: string;
  /** Of the lab's content. */
  readonly version: string;
  readonly engine: string;
  readonly seed: number;
}

/** Most events that grading one check may take; a deterministic stand-in for time. */
const eventBudget = 50_000;
const afterSettleMs = 120_000;

class BudgetSpent extends Error {}

/** Grades a lab on copies of its cluster, in virtual time. Equal clusters give equal results. */
export function gradeLab(lab: Lab, cluster: Cluster, progress: LabProgress, kinds: CheckKinds): GradeResult {
  const facts = { lab: `${lab.dayId}/${lab.id}`, version: lab.hash, engine: engineVersion, seed: progress.seed };
  const max = lab.checks.reduce((sum, check) => sum + maxOf(check), 0);
  const broken = findBrokenFile(lab, cluster);
  if (broken !== undefined) return { gradable: false, because: broken, score: 0, max, checks: [], ...facts };

  const grader = new Grader(lab, cluster, progress, kinds);
  const checks = lab.checks.map((check) => grader.result(check));
  const failed = checks.find(({ status }) => status === 'error');
  const score = Math.max(
    0,
    checks.reduce((sum, { points }) => sum + points, 0),
  );
  return {
    gradable: failed === undefined,
    ...(failed && {
      because: `The check "${failed.title}" broke: ${failed.message ?? ''}. That is our fault; the attempt is not counted.`,
    }),
    score: Math.min(score, max + lab.checks.reduce((sum, { bonus, points }) => sum + (bonus ? points : 0), 0)),
    max,
    checks,
    ...facts,
  };
}

/** A file that the student changed and that is no YAML: with such a file nobody knows what they mean. */
function findBrokenFile(lab: Lab, cluster: Cluster): string | undefined {
  const { files } = cluster.terminals;
  for (const { path, text: original } of lab.files) {
    if (!/\.ya?ml$/.test(path)) continue;
    const text = files.read(`${studentHome}/${path}`);
    const [problem] = text === undefined || text === original ? [] : readManifests(text).problems;
    if (problem)
      return `${path}, line ${problem.line}, column ${problem.column}: ${problem.message}. Mend the file and check again; this attempt is not counted.`;
  }
  return undefined;
}

class Grader {
  readonly #lab: Lab;
  readonly #progress: LabProgress;
  readonly #kinds: CheckKinds;
  readonly #settled: Cluster;
  readonly #outcomes = new Map<string, CheckOutcome | 'skipped'>();

  constructor(lab: Lab, cluster: Cluster, progress: LabProgress, kinds: CheckKinds) {
    this.#lab = lab;
    this.#progress = progress;
    this.#kinds = kinds;
    this.#settled = cluster.fork();
    this.#settled.setLatency('instant');
    this.#settled.settle(durationMs(lab.settle));
  }

  result(check: LabCheck): CheckResult {
    const outcome = this.#outcomeOf(check);
    const { id, task, title, mode } = check;
    const common = { id, task, title, mode, max: maxOf(check) };
    if (outcome === 'skipped') return { ...common, status: 'skipped', points: 0, message: `First: ${this.#unmet(check).join(', ')}.` };
    if (outcome.status === 'pass') return { ...common, status: 'pass', points: mode === 'guard' ? 0 : check.points };
    const points = mode === 'guard' ? -check.points : 0;
    if (outcome.status === 'error') return { ...common, status: 'error', points: 0, message: outcome.message };
    return { ...common, status: 'fail', points, ...this.#explain(check, outcome) };
  }

  #outcomeOf(check: LabCheck): CheckOutcome | 'skipped' {
    let outcome = this.#outcomes.get(check.id);
    if (outcome === undefined) {
      outcome = this.#unmet(check).length > 0 ? 'skipped' : this.#ask(check);
      this.#outcomes.set(check.id, outcome);
    }
    return outcome;
  }

  #unmet(check: LabCheck): readonly string[] {
    const needed = this.#lab.checks.filter(({ id }) => check.needs.includes(id));
    return needed
      .filter((other) => {
        const outcome = this.#outcomeOf(other);
        return outcome === 'skipped' || outcome.status !== 'pass';
      })
      .map(({ title }) => title);
  }

  #ask(check: LabCheck): CheckOutcome {
    const { reached, broken, sinceEntry } = this.#progress;
    if (check.mode === 'milestone' && check.id in reached) return { status: 'pass' };
    const failure = broken[check.id];
    if (check.mode === 'guard' && failure) return failure;
    const { after = [], ...question } = check.expect;
    if (after.length === 0) return evaluateExpectation(this.#settled, sinceEntry, question, this.#kinds);
    return this.#askAfter(after, question);
  }

  #askAfter(after: NonNullable<LabCheck['expect']['after']>, question: Omit<LabCheck['expect'], 'after'>): CheckOutcome {
    const fork = this.#settled.fork();
    let left = eventBudget;
    function advance(ms: number): void {
      left -= fork.advance(ms, left);
      if (left <= 0) throw new BudgetSpent('the cluster was still busy after more events than a grade may take');
    }
    try {
      for (const action of after) {
        const problem = performAction(fork, action, advance);
        if (problem !== undefined) return { status: 'fail', message: `This could not be tried: ${problem}.`, actual: problem };
      }
    } catch (error) {
      if (error instanceof BudgetSpent) return { status: 'error', message: error.message };
      throw error;
    }
    fork.settle(afterSettleMs);
    return evaluateExpectation(fork, this.#progress.sinceEntry, question, this.#kinds);
  }

  #explain(check: LabCheck, { message = check.message, expected, actual, where, about }: Finding): Partial<CheckResult> {
    const links = about ? this.#settled.why(about).links : [];
    return {
      message,
      ...(expected !== undefined && { expected }),
      ...(actual !== undefined && { actual }),
      ...(where !== undefined && { where }),
      ...(about && { whereObject: about }),
      ...(links.length > 0 && { why: links }),
      ...(check.hints[0] !== undefined && { hint: check.hints[0] }),
    };
  }
}

function maxOf({ mode, bonus, points }: LabCheck): number {
  return mode === 'guard' || bonus ? 0 : points;
}
