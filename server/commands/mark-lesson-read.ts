import { z } from 'zod';
import { requireViewer } from '../auth/viewer.ts';
import { getWrittenDay } from '../content.ts';
import { transact } from '../db.ts';
import { recordActivity } from '../lab-sessions/record-activity.ts';

export const markLessonReadInput = z.strictObject({ day: z.int().min(1).max(40) });

/** The viewer has read a day's lesson. Saying so twice changes nothing. */
export async function markLessonRead({ day: number }: z.infer<typeof markLessonReadInput>): Promise<void> {
  const viewer = await requireViewer();
  const { id: dayId } = await getWrittenDay(number);
  const key = { userId: viewer.id, dayId, item: 'lesson' };
  await transact(async (transaction) => {
    const known = await transaction.progress.findUnique({ where: { userId_dayId_item: key }, select: { doneAt: true } });
    if (known?.doneAt) return;
    const done = { score: 1, max: 1, doneAt: new Date() };
    await transaction.progress.upsert({ where: { userId_dayId_item: key }, create: { ...key, ...done }, update: done });
    await recordActivity(transaction, { userId: viewer.id, timeZone: viewer.timeZone, activity: 'readLesson', dayId });
  });
}
