import { findViewer } from '../auth/viewer.ts';
import type { DayContent } from '../content.ts';
import { getContent } from '../content.ts';
import type { ItemState, ProgressLookup } from './item-state.ts';
import { combineStates, loadProgress } from './item-state.ts';

export interface DayCellView {
  readonly number: number;
  readonly title: string;
  /** False while the day is being written: it is shown, and cannot be opened. */
  readonly isAvailable: boolean;
  readonly lesson: ItemState;
  readonly quiz: ItemState;
  readonly labs: ItemState;
}

export interface CourseMapView {
  readonly days: readonly DayCellView[];
  readonly next: { readonly label: string; readonly href: string } | undefined;
  /** The number of the day that the next step belongs to. */
  readonly today: number | undefined;
}

/** The map of the forty days, with the viewer's own marks when there is a viewer. */
export async function listDays(): Promise<CourseMapView> {
  const viewer = await findViewer();
  const { days } = await getContent();
  const progress = await loadProgress(viewer?.id);
  const cells = days.map((day) => toCell(day, progress));
  return { days: cells, ...nextStep(days, progress) };
}

function toCell(day: DayContent, progress: ProgressLookup): DayCellView {
  const { id, number, title, isWritten } = day;
  return {
    number,
    title,
    isAvailable: isWritten,
    lesson: progress(id, 'lesson').state,
    quiz: progress(id, 'quiz').state,
    labs: combineStates(day.labs.map((lab) => progress(id, `lab:${lab.id}`).state)),
  };
}

/** The first thing that is not done, in the order in which a day is worked through. Harder labs may wait. */
function nextStep(days: readonly DayContent[], progress: ProgressLookup): Pick<CourseMapView, 'next' | 'today'> {
  for (const day of days) {
    if (!day.isWritten) continue;
    const path = `/days/${day.number}`;
    if (progress(day.id, 'lesson').state !== 'done')
      return { today: day.number, next: { label: `Day ${day.number}: read the lesson`, href: path } };
    const lab = day.labs.find(({ id, isCore }) => isCore && progress(day.id, `lab:${id}`).state !== 'done');
    if (lab) return { today: day.number, next: { label: `Day ${day.number}: ${lab.title}`, href: `${path}/labs/${lab.id}` } };
    if (day.questions.length > 0 && progress(day.id, 'quiz').state !== 'done') {
      return { today: day.number, next: { label: `Day ${day.number}: take the quiz`, href: `${path}#quiz` } };
    }
  }
  return { today: undefined, next: undefined };
}
