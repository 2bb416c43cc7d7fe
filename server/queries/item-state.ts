import { getDatabase } from '../db.ts';

/** How far somebody is with one thing of a day. */
export type ItemState = 'open' | 'started' | 'done';

export interface ItemProgress {
  readonly state: ItemState;
  readonly score: number;
  readonly max: number;
}

const untouched: ItemProgress = { state: 'open', score: 0, max: 0 };

/** A viewer's progress, asked by day and item (`lesson`, `quiz`, `lab:ID`). Nobody's progress is untouched. */
export type ProgressLookup = (dayId: string, item: string) => ItemProgress;

export async function loadProgress(userId: string | undefined, dayId?: string): Promise<ProgressLookup> {
  if (userId === undefined) return () => untouched;
  const rows = await getDatabase().progress.findMany({
    where: { userId, ...(dayId !== undefined && { dayId }) },
    select: { dayId: true, item: true, score: true, max: true, doneAt: true },
  });
  const byItem = new Map<string, ItemProgress>();
  for (const { doneAt, score, max, ...row } of rows)
    byItem.set(`${row.dayId} ${row.item}`, { state: doneAt ? 'done' : 'started', score, max });
  return (day, item) => byItem.get(`${day} ${item}`) ?? untouched;
}

/** Done when all are, open when none was begun. */
export function combineStates(states: readonly ItemState[]): ItemState {
  if (states.length > 0 && states.every((state) => state === 'done')) return 'done';
  return states.every((state) => state === 'open') ? 'open' : 'started';
}
