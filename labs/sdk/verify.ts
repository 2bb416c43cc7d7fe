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
  return seeds.flatMap((seed) => verifySeed(folder, kinds, { ...options, seed }));
}

interface SeedOptions {
  readonly seed: number;
  readonly now: () => number;
  /** Which of the answers are given; all of them when absent. */
  readonly only?: (index: number) => boolean;
}

/** Proves a lab with one seed. The cluster is booted once; each answer is given to a fork of it. */
export function verifySeed(
  { lab, solutions, nearMisses }: LabFolder,
  kinds: CheckKinds,
  { seed, now, only = () => true }: SeedOptions,
): readonly Verdict[] {
  let start: LabRun;
  try {
    start = LabRun.open(lab, kinds, { seed });
  } catch (error) {
    return [
      {
        lab: `${lab.dayId}/${lab.id}`,
        what: 'start',
        seed,
        score: 0,
        max: 0,
        gradeMs: 0,
        problems: [error instanceof Error ? error.message : String(error)],
      },
    ];
  }
  const proofs: readonly Proof[] = [
    { what: 'start', judge: judgeStart },
    ...solutions.map((answer): Proof => ({ what: `solutions/${answer.name}`, answer, judge: judgeSolution })),
    ...nearMisses.map((answer): Proof => ({ what: `near-misses/${answer.name}`, answer, judge: (grade) => judgeNearMiss(grade, answer) })),
  ];
  return proofs
    .filter((_, index) => only(index))
    .map((proof) => prove(LabRun.resume(lab, kinds, start.cluster.fork(), start.progress), proof, now));
}

interface Proof {
  readonly what: string;
  readonly answer?: WrittenAnswer;
  readonly judge: (grade: GradeResult) => readonly string[];
}

function prove(run: LabRun, { what, answer, judge }: Proof, now: () => number): Verdict {
  const facts = { lab: `${run.lab.dayId}/${run.lab.id}`, what, seed: run.progress.seed };
  try {
    const problem = answer && giveAnswer(run, answer);
    const startedAt = now();
    const grade = run.grade();
    return {
      ...facts,
      score: grade.score,
      max: grade.max,
      gradeMs: now() - startedAt,
      problems: [...(problem === undefined ? [] : [problem]), ...judge(grade)],
    };
  } catch (error) {
    return { ...facts, score: 0, max: 0, gradeMs: 0, problems: [error instanceof Error ? error.message : String(error)] };
  }
}

function judgeStart({ checks, because }: GradeResult): readonly string[] {
  if (because !== undefined) return [because];
  const passed = checks
    .filter(({ mode, status }) => mode !== 'guard' && status === 'pass')
    .map(({ id }) => `"${id}" passes before anything was done`);
  const broken = checks
    .filter(({ mode, status }) => mode === 'guard' && status !== 'pass')
    .map((check) => `the guard ${shownResult(check)}`);
  return [...passed, ...broken];
}

function judgeSolution({ checks, because }: GradeResult): readonly string[] {
  if (because !== undefined) return [because];
  return checks.filter(({ status }) => status !== 'pass').map(shownResult);
}

function judgeNearMiss({ checks, because }: GradeResult, { check: id, message }: NearMiss): readonly string[] {
  const found = checks.find((check) => check.id === id);
  if (!found) return because === undefined ? [`there is no check "${id}"`] : because.includes(message) ? [] : [because];
  if (found.status !== 'fail') return [`"${id}" should fail, but the result is ${found.status}`];
  const said = [found.message, found.expected, found.actual, ...(found.why ?? []).map(({ text }) => text)].join('\n');
  return said.includes(message) ? [] : [`"${id}" does not say "${message}" but: ${found.message ?? ''} (${found.actual ?? ''})`];
}

function shownResult({ id, status, message, expected, actual }: CheckResult): string {
  return `"${id}" is ${status}: ${message ?? ''}${expected === undefined ? '' : ` Expected ${expected}.`}${actual === undefined ? '' : ` Actual: ${actual}.`}`;
}
