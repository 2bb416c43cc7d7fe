import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import config from '../../kube40.config.ts';
import { jsonSchemas } from './json-schemas.ts';
import { lintCourse } from './lint.ts';
import { type Course, loadCourse } from './load-course.ts';
import type { LabFolder } from './load-lab.ts';
import { mutateLab } from './mutate.ts';
import { createLab } from './new-lab.ts';
import { collectChecks } from './plugin.ts';
import { previewLab } from './preview.ts';
import { formatProblem } from './problem.ts';
import { type Verdict, verifyLab } from './verify.ts';

const usage = `Usage: npm run lab -- COMMAND [DIR…] [--all] [--json] [--seeds N]

  new DIR      makes the folder of a lab, e.g. labs/day-10-namespaces/two-teams
  lint         reads everything and says what is wrong, with file, line and column
  verify       proves that starts score nothing, solutions everything, and near-misses are told why
  mutate       breaks the solutions and expects that to be seen; rewrites them and expects no change
  preview DIR  shows a lab as a student gets it
  schemas      writes labs/sdk/schemas for editors

DIR is a lab's or a day's folder; --all takes every one.`;

interface Options {
  readonly directories: readonly string[];
  readonly isAll: boolean;
  readonly isJson: boolean;
  readonly seeds: number;
}

const kinds = collectChecks(config.plugins);

function readOptions(words: readonly string[]): Options {
  const seedsAt = words.indexOf('--seeds');
  const directories = words.filter((word, index) => !word.startsWith('--') && (seedsAt < 0 || index !== seedsAt + 1));
  return {
    directories,
    isAll: words.includes('--all') || directories.length === 0,
    isJson: words.includes('--json'),
    seeds: seedsAt < 0 ? 20 : Number(words[seedsAt + 1]),
  };
}

function choose({ folders }: Course, { directories, isAll }: Options): readonly LabFolder[] {
  const labs = folders.flatMap((folder) => folder.labs);
  if (isAll) return labs;
  const wanted = directories.map((one) => one.replace(/^(\.\/)?labs\//, '').replace(/\/$/, ''));
  return labs.filter(({ lab }) => wanted.some((one) => one === lab.dayId || one === `${lab.dayId}/${lab.id}`));
}

function print(options: Options, value: unknown, text: string): void {
  console.log(options.isJson ? JSON.stringify(value, null, 2) : text);
}

function lint(options: Options): number {
  const problems = lintCourse(loadCourse(config.plugins), kinds);
  print(options, problems, problems.length === 0 ? 'No problems.' : problems.map(formatProblem).join('\n'));
  return problems.length === 0 ? 0 : 1;
}

function verify(options: Options): number {
  const course = loadCourse(config.plugins);
  const verdicts = choose(course, options).flatMap((folder) =>
    verifyLab(folder, kinds, { seeds: options.seeds, now: () => performance.now() }),
  );
  const failed = verdicts.filter(({ problems }) => problems.length > 0);
  print(
    options,
    { problems: course.problems, verdicts },
    [...course.problems.map(formatProblem), ...tableOf(verdicts), `${verdicts.length - failed.length} proven, ${failed.length} not`].join(
      '\n',
    ),
  );
  return failed.length > 0 || course.problems.length > 0 || verdicts.length === 0 ? 1 : 0;
}

/** One line per lab and answer over all its seeds. */
function tableOf(verdicts: readonly Verdict[]): readonly string[] {
  const rows = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const name = `${verdict.lab}  ${verdict.what}`;
    rows.set(name, [...(rows.get(name) ?? []), verdict]);
  }
  return [...rows].flatMap(([name, all]) => {
    const failed = all.filter(({ problems }) => problems.length > 0);
    const scores = [...new Set(all.map(({ score, max }) => `${score}/${max}`))].join(' ');
    const slowest = Math.max(...all.map(({ gradeMs }) => gradeMs));
    const line = `${failed.length === 0 ? 'proven    ' : 'NOT proven'}  ${name.padEnd(78)} ${scores.padEnd(10)} ${all.length} seeds, slowest grade ${slowest.toFixed(0)} ms`;
    return [line, ...failed.slice(0, 2).flatMap(({ seed, problems }) => problems.map((problem) => `            seed ${seed}: ${problem}`))];
  });
}

function mutate(options: Options): number {
  const mutants = choose(loadCourse(config.plugins), options).flatMap((folder) => mutateLab(folder, kinds));
  const wrong = mutants.filter(({ isAsExpected }) => !isAsExpected);
  const lines = wrong.map(
    ({ lab, solution, mutator, isMistake, score, max }) =>
      `${lab} ${solution}: "${mutator}" ${isMistake ? 'was not seen' : 'must not matter'} (${score}/${max})`,
  );
  print(options, mutants, [...lines, `${mutants.length - wrong.length} of ${mutants.length} mutants as expected`].join('\n'));
  return wrong.length === 0 ? 0 : 1;
}

function preview(options: Options): number {
  const found = choose(loadCourse(config.plugins), options);
  const texts = found.map(({ lab }) => previewLab(lab, kinds));
  print(
    options,
    found.map(({ lab }) => lab),
    texts.join('\n\n'),
  );
  return found.length === 0 ? 1 : 0;
}

function writeSchemas(): number {
  for (const [name, text] of jsonSchemas(kinds)) writeFileSync(join('labs/sdk/schemas', name), text);
  return 0;
}

function main(words: readonly string[]): number {
  const [command, ...rest] = words;
  const options = readOptions(rest);
  switch (command) {
    case 'new':
      console.log(createLab(options.directories[0] ?? ''));
      return 0;
    case 'lint':
      return lint(options);
    case 'verify':
      return verify(options);
    case 'mutate':
      return mutate(options);
    case 'preview':
      return preview(options);
    case 'schemas':
      return writeSchemas();
    default:
      console.log(usage);
      return command === undefined || command === 'help' ? 0 : 1;
  }
}

process.exitCode = main(process.argv.slice(2));
