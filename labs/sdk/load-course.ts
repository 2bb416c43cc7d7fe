import { contentHash } from './content-hash.ts';
import { type DayFile, daySchema } from './day-schema.ts';
import { Folder } from './folder.ts';
import type { Lab } from './lab.ts';
import { type LabFolder, loadLab } from './load-lab.ts';
import { courseOutline } from './outline.ts';
import { collectChecks, type Plugin } from './plugin.ts';
import type { Problem } from './problem.ts';
import { type QuizFile, quizSchema } from './quiz-schema.ts';
import { parseYaml, YamlSource } from './yaml-source.ts';

export type Question = QuizFile['questions'][number];

/** A day of the course. A day that nobody has written yet has a title and the status `draft`. */
export interface Day extends Omit<DayFile, 'labs' | 'day'> {
  readonly number: number;
  readonly isWritten: boolean;
  /** Fixes the version of lesson and quiz. */
  readonly hash: string;
  /** The MDX source. */
  readonly lesson: string;
  readonly questions: readonly Question[];
  /** The core lab first. */
  readonly labs: readonly Lab[];
}

export interface DayFolder {
  readonly day: Day;
  readonly source: YamlSource;
  readonly labs: readonly LabFolder[];
}

export interface Course {
  /** All forty days in order. */
  readonly days: readonly Day[];
  /** The days that have a folder, with what only authors see. */
  readonly folders: readonly DayFolder[];
  readonly problems: readonly Problem[];
}

/** Reads every day that the plugins bring; all problems at once. A day with problems stays a draft. */
export function loadCourse(plugins: readonly Plugin[], directory?: string): Course {
  const kinds = collectChecks(plugins);
  const problems: Problem[] = [];
  const folders: DayFolder[] = [];
  for (const root of directory === undefined ? plugins.flatMap(({ days }) => days ?? []) : [directory]) {
    for (const name of new Folder(root, root).folders().filter((one) => /^day-\d\d-/.test(one))) {
      const found = loadDay(new Folder(root, root).sub(name), name, kinds, problems);
      if (found) folders.push(found);
    }
  }
  problems.push(...courseProblems(folders));
  const days = courseOutline.map(
    ({ id, title }, index) => folders.find(({ day }) => day.number === index + 1)?.day ?? announce(id, title, index + 1),
  );
  return { days, folders, problems };
}

function loadDay(folder: Folder, name: string, kinds: ReturnType<typeof collectChecks>, problems: Problem[]): DayFolder | undefined {
  const text = folder.read('day.yaml');
  const lesson = folder.read('lesson.mdx');
  const quizText = folder.read('quiz.yaml');
  for (const [file, content] of [
    ['day.yaml', text],
    ['lesson.mdx', lesson],
    ['quiz.yaml', quizText],
  ] as const) {
    if (content === undefined)
      problems.push({ file: folder.nameOf(file), line: 1, column: 1, rule: 'LAB-3', message: 'the file is missing' });
  }
  if (text === undefined) return undefined;
  const source = new YamlSource(folder.nameOf('day.yaml'), text);
  const { value: file, problems: wrong } = parseYaml<DayFile>(source, daySchema);
  problems.push(...wrong);
  const { value: quiz, problems: wrongQuiz } =
    quizText === undefined
      ? { value: undefined, problems: [] }
      : parseYaml<QuizFile>(new YamlSource(folder.nameOf('quiz.yaml'), quizText), quizSchema);
  problems.push(...wrongQuiz);
  if (!file) return undefined;
  if (file.id !== name) problems.push(source.problem(['id'], 'LAB-4', `the id is "${file.id}", the folder "${name}"`));
  const labs: LabFolder[] = [];
  for (const labId of file.labs) {
    const loaded = loadLab(folder.sub(labId), file.id, kinds);
    problems.push(...loaded.problems);
    if (loaded.value) labs.push(loaded.value);
  }
  for (const orphan of folder.folders().filter((one) => !file.labs.includes(one)))
    problems.push(source.problem(['labs'], 'LAB-5', `the folder "${orphan}" is no lab of the day`));
  const { labs: _, day: number, ...facts } = file;
  const isWritten = file.status !== 'draft' && lesson !== undefined && quiz !== undefined && labs.length === file.labs.length;
  const questions = quiz?.questions ?? [];
  const day = {
    ...facts,
    number,
    isWritten,
    hash: contentHash([file, lesson, questions]),
    lesson: lesson ?? '',
    questions,
    labs: labs.map(({ lab }) => lab),
  };
  return { day, source, labs };
}

function courseProblems(folders: readonly DayFolder[]): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { day, source } of folders) {
    const planned = courseOutline[day.number - 1];
    if (planned?.id !== day.id)
      problems.push(source.problem(['id'], 'LAB-4', `day ${day.number} is "${planned?.id ?? ''}" in the outline`));
    for (const [index, id] of day.prerequisites.entries()) {
      const other = courseOutline.findIndex((one) => one.id === id);
      if (other < 0) problems.push(source.problem(['prerequisites', index], 'LAB-6', `there is no day "${id}"`));
      else if (other >= day.number - 1)
        problems.push(source.problem(['prerequisites', index], 'LAB-6', `"${id}" does not come before this day`));
    }
  }
  return problems;
}

function announce(id: string, title: string, number: number): Day {
  return {
    id,
    number,
    title,
    summary: '',
    objectives: [],
    prerequisites: [],
    minutes: 0,
    cka: [],
    status: 'draft',
    isWritten: false,
    hash: id,
    lesson: '',
    questions: [],
    labs: [],
  };
}
