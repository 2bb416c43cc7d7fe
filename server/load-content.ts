import { engineVersion } from '#engine';
import { type Day, formatProblem, type Lab, loadCourse, type Question } from '#labs/sdk';
import config from '../kube40.config.ts';
import type { CourseContent, DayContent, LabContent, QuestionContent } from './content.ts';
import { AppError } from './errors.ts';

/** The whole course: the days that are written, and the titles of those that are not. Throws with every problem of the content at once. */
export async function loadContent(): Promise<CourseContent> {
  const { days, problems } = loadCourse(config.plugins);
  if (problems.length > 0)
    throw new AppError('invalid', { userMessage: `The course has problems:\n${problems.map(formatProblem).join('\n')}` });
  return { days: days.map(toDayContent), engineVersion };
}

function toDayContent({ id, number, title, summary, objectives, minutes, isWritten, hash, lesson, questions, labs }: Day): DayContent {
  return {
    id,
    number,
    title,
    summary,
    objectives,
    minutes,
    isWritten,
    hash,
    lesson,
    questions: questions.map(toQuestionContent),
    labs: labs.map(toLabContent),
  };
}

function toQuestionContent({ id, text, several, options }: Question): QuestionContent {
  return {
    id,
    text,
    hasSeveralAnswers: several,
    options: options.map((option) => ({ id: option.id, text: option.text, isRight: option.right, explanation: option.explanation })),
  };
}

function toLabContent(lab: Lab): LabContent {
  return {
    id: lab.id,
    dayId: lab.dayId,
    title: lab.title,
    summary: lab.summary,
    minutes: lab.minutes,
    isCore: lab.level === 'core',
    hash: lab.hash,
    spec: lab,
    seed: lab.seed,
    intro: lab.intro,
    tasks: lab.tasks,
    checks: lab.checks
      .filter(({ visibility }) => visibility === 'always')
      .map(({ id, task, title, mode, points, hints }) => ({ id, task, title, mode, points, hints })),
    files: lab.files,
  };
}
