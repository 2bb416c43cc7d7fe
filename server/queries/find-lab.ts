import { findDayByNumber } from '../content.ts';

export interface LabView {
  readonly day: number;
  readonly dayId: string;
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  /** Markdown. */
  readonly intro: string;
  readonly tasks: readonly LabTaskView[];
}

export interface LabTaskView {
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  readonly checks: readonly LabCheckView[];
}

export interface LabCheckView {
  readonly id: string;
  readonly title: string;
  readonly mode: 'goal' | 'guard' | 'milestone';
  readonly points: number;
  /** How many there are; their texts come one by one, on request. */
  readonly hints: number;
}

/** What the workspace shows of a lab before its cluster answers. Public: it holds no solution and no hint. */
export async function findLab(dayNumber: number, labId: string): Promise<LabView | undefined> {
  const day = await findDayByNumber(dayNumber);
  const lab = day?.labs.find(({ id }) => id === labId);
  if (!day || !lab) return undefined;
  const { title, summary, minutes, intro } = lab;
  const tasks = lab.tasks.map((task) => ({
    ...task,
    checks: lab.checks
      .filter((check) => check.task === task.id)
      .map((check) => ({ id: check.id, title: check.title, mode: check.mode, points: check.points, hints: check.hints.length })),
  }));
  return { day: day.number, dayId: day.id, id: labId, title, summary, minutes, intro, tasks };
}
