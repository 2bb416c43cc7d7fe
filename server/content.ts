import { AppError } from './errors.ts';

/** One day as the site shows it. A day that nobody has written yet has a title and no content. */
export interface DayContent {
  /** E.g. `day-05-architecture`. */
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly summary: string;
  readonly objectives: readonly string[];
  readonly minutes: number;
  readonly isWritten: boolean;
  /** Fixes the version of lesson and quiz. */
  readonly hash: string;
  /** The MDX source of the lesson. */
  readonly lesson: string;
  readonly questions: readonly QuestionContent[];
  readonly labs: readonly LabContent[];
}

export interface QuestionContent {
  readonly id: string;
  readonly text: string;
  /** Whether more than one option may be right. */
  readonly hasSeveralAnswers: boolean;
  readonly options: readonly { readonly id: string; readonly text: string; readonly isRight: boolean; readonly explanation: string }[];
}

export interface LabContent {
  readonly id: string;
  readonly dayId: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  readonly isCore: boolean;
  /** Fixes the version of the lab. */
  readonly hash: string;
  /** What a cluster is made from, and graded by: labs/sdk knows its shape. */
  readonly spec: unknown;
  readonly seed: number;
  /** Markdown before the first task. */
  readonly intro: string;
  readonly tasks: readonly TaskContent[];
  readonly checks: readonly CheckContent[];
  /** What the editor starts with. */
  readonly files: readonly { readonly path: string; readonly text: string; readonly isReadOnly: boolean }[];
}

export interface TaskContent {
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly text: string;
}

export interface CheckContent {
  readonly id: string;
  readonly task: string;
  readonly title: string;
  readonly mode: 'goal' | 'guard' | 'milestone';
  readonly points: number;
  readonly hints: readonly string[];
}

/** The course: all forty days in order. */
export interface CourseContent {
  readonly days: readonly DayContent[];
  /** Identifies the engine that clusters are made with. */
  readonly engineVersion: string;
}

const shared = globalThis as typeof globalThis & { kube40Content?: CourseContent };

/** Read once per process: content changes with a deployment. */
export async function getContent(): Promise<CourseContent> {
  if (shared.kube40Content) return shared.kube40Content;
  const { loadContent } = await import('./load-content.ts');
  const content = await loadContent();
  shared.kube40Content = content;
  return content;
}

/** Puts another course in the place of the real one; for tests. */
export function setContent(content: CourseContent): void {
  shared.kube40Content = content;
}

export async function findDayContent(dayId: string): Promise<DayContent | undefined> {
  const { days } = await getContent();
  return days.find(({ id }) => id === dayId);
}

export async function findDayByNumber(number: number): Promise<DayContent | undefined> {
  const { days } = await getContent();
  return days.find((day) => day.number === number);
}

export async function getWrittenDay(number: number): Promise<DayContent> {
  const day = await findDayByNumber(number);
  if (!day?.isWritten) throw new AppError('notFound', { userMessage: `There is no day ${number} yet.` });
  return day;
}

export async function findLabContent(dayId: string, labId: string): Promise<LabContent | undefined> {
  return (await findDayContent(dayId))?.labs.find(({ id }) => id === labId);
}

export async function getLabContent(dayId: string, labId: string): Promise<LabContent> {
  const lab = await findLabContent(dayId, labId);
  if (!lab)
    throw new AppError('notFound', {
      userMessage: `There is no lab "${labId}" in ${dayId}. It may have been renamed; go to the day and open it there.`,
    });
  return lab;
}
