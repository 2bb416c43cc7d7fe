import { giveAnswer } from './answer-steps.ts';
import type { CheckKinds } from './check.ts';
import type { CheckResult, GradeResult } from './grade.ts';
import { LabRun } from './lab-run.ts';
import type { LabFolder, NearMiss, WrittenAnswer } from './load-lab.ts';
import { countVariants } from './vary.ts';

/** One thing that a lab must do, and whether it does. */
export interface Verdict {
  readonly lab: string;
  /** `start`, `solutions/01-…`, `near-misses/01-…`. */
  readonly what: string;
  readonly seed: number;
  readonly score: number;
  readonly max: number;
  readonly gradeMs: number;
  /** Why it is not proven; empty when it is. */
  readonly problems: readonly string[];
}

export interface VerifyOptions {
  /** How many seeds; at least as many as the lab has variants. */
  readonly seeds: number;
  /** Wall time, for the table; the grade itself knows only virtual time. */
  readonly now: () => number;
}

/** Proves a lab: its start scores nothing, its solutions score everything, its near-misses are told what is wrong. */
export function verifyLab(folder: LabFolder, kinds: CheckKinds, options: VerifyOptions): readonly Verdict[] {
  const seeds = Array.from({ length: Math.max(options.seeds, countVariants(folder.lab)) }, (_, index) => index + 1);
  return seeds.flatMap((seed) => [
    prove(folder, kinds, { what: 'start', seed, options, judge: judgeStart }),
    ...folder.solutions.map((answer) => prove(folder, kinds, { what: `solutions/${answer.name}`, answer, seed, options, judge: judgeSolution })),
    ...folder.nearMisses.map((answer) => prove(folder, kinds, { what: `near-misses/${answer.name}`, answer, seed, options, judge: (grade) => judgeNearMiss(grade, answer) })),
  ]);
}

interface Proof {
  readonly what: string;
  readonly answer?: WrittenAnswer;
  readonly seed: number;
  readonly options: VerifyOptions;
  readonly judge: (grade: GradeResult) => readonly string[];
}

function prove({ lab }: LabFolder, kinds: CheckKinds, { what, answer, seed, options, judge }: Proof): Verdict {
  const facts = { lab: `${lab.dayId}/${lab.id}`, what, seed };
  try {
    const run = LabRun.open(lab, kinds, { seed });
    const problem = answer && giveAnswer(run, answer);
    const startedAt = options.now();
    const grade = run.grade();
    const gradeMs = options.now() - startedAt;
    return { ...facts, score: grade.score, max: grade.max, gradeMs, problems: [...(problem === undefined ? [] : [problem]), ...judge(grade)] };
  } catch (error) {
    return { ...facts, score: 0, max: 0, gradeMs: 0, problems: [error instanceof Error ? error.message : String(error)] };
  }
}

function judgeStart({ checks, because }: GradeResult): readonly string[] {
  if (because !== undefined) return [because];
  const passed = checks.filter(({ mode, status }) => mode !== 'guard' && status === 'pass').map(({ id }) => `"${id}" passes before anything was done`);
  const broken = checks.filter(({ mode, status }) => mode === 'guard' && status !== 'pass').map((check) => `the guard ${describe(check)}`);
  return [...passed, ...broken];
}

function judgeSolution({ checks, because }: GradeResult): readonly string[] {
  if (because !== undefined) return [because];
  return checks.filter(({ status }) => status !== 'pass').map(describe);
}

function judgeNearMiss({ checks, because }: GradeResult, { check: id, message }: NearMiss): readonly string[] {
  const found = checks.find((check) => check.id === id);
  if (!found) return because === undefined ? [`there is no check "${id}"`] : because.includes(message) ? [] : [because];
  if (found.status !== 'fail') return [`"${id}" should fail, but the result is ${found.status}`];
  const said = [found.message, found.expected, found.actual, ...(found.why ?? []).map(({ text }) => text)].join('\n');
  return said.includes(message) ? [] : [`"${id}" does not say "${message}" but: ${found.message ?? ''} (${found.actual ?? ''})`];
}

function describe({ id, status, message, expected, actual }: CheckResult): string {
  return `"${id}" is ${status}: ${message ?? ''}${expected === undefined ? '' : ` Expected ${expected}.`}${actual === undefined ? '' : ` Actual: ${actual}.`}`;
}
