import { z } from 'zod';
import type { Viewer } from '../auth/viewer.ts';
import { requireViewer } from '../auth/viewer.ts';
import type { LabContent } from '../content.ts';
import { findDayByNumber } from '../content.ts';
import type { Transaction } from '../db.ts';
import { transact } from '../db.ts';
import { AppError } from '../errors.ts';
import { toFreshStart } from '../lab-sessions/open-lab.ts';
import { recordActivity } from '../lab-sessions/record-activity.ts';

export const startLabInput = z.strictObject({ day: z.int().min(1).max(40), lab: z.string().min(1).max(120) });

/** Opens the viewer's session of a lab, or the one that is open already, and gives its id. */
export async function startLab(input: z.infer<typeof startLabInput>): Promise<{ readonly session: string }> {
  const viewer = await requireViewer();
  const day = await findDayByNumber(input.day);
  const lab = day?.labs.find(({ id }) => id === input.lab);
  if (!lab) throw new AppError('notFound', { userMessage: `Day ${input.day} has no lab "${input.lab}".` });
  const open = () => openOrCreate(viewer, lab);
  // Two tabs at once: the second finds the session that the first has just made.
  return open().catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'P2002') return open();
    throw error;
  });
}

async function openOrCreate(viewer: Viewer, lab: LabContent): Promise<{ readonly session: string }> {
  const { dayId, id: labId } = lab;
  const fresh = await toFreshStart(lab, viewer);
  return transact(async (transaction) => {
    const where = { userId: viewer.id, dayId, labId };
    const open = await transaction.labSession.findFirst({
      where: { ...where, endedAt: null },
      orderBy: { generation: 'desc' },
      select: { id: true },
    });
    if (open) return { session: open.id };
    await keepLabVersion(transaction, lab);
    const last = await transaction.labSession.aggregate({ where, _max: { generation: true } });
    const generation = (last._max.generation ?? 0) + 1;
    const { id } = await transaction.labSession.create({ data: { ...where, generation, ...fresh }, select: { id: true } });
    await transaction.progress.upsert({
      where: { userId_dayId_item: { userId: viewer.id, dayId, item: `lab:${labId}` } },
      create: { userId: viewer.id, dayId, item: `lab:${labId}` },
      update: {},
    });
    await recordActivity(transaction, { userId: viewer.id, timeZone: viewer.timeZone, activity: 'startLab', dayId });
    return { session: id };
  });
}

/** Attempts refer to the version of the lab that they were graded by. */
async function keepLabVersion(transaction: Transaction, lab: LabContent): Promise<void> {
  const { hash, dayId, id: labId, title, spec } = lab;
  await transaction.lab.upsert({ where: { hash }, create: { hash, dayId, labId, title, content: JSON.stringify(spec) }, update: {} });
}
