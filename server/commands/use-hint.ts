import { z } from 'zod';
import { requireViewer } from '../auth/viewer.ts';
import { getLabContent } from '../content.ts';
import { transact } from '../db.ts';
import { AppError } from '../errors.ts';

export const useHintInput = z.strictObject({ dayId: z.string().max(120), labId: z.string().max(120), checkId: z.string().max(120) });

export interface HintsView {
  /** All that are uncovered by now. */
  readonly hints: readonly string[];
  readonly remaining: number;
}

/** Uncovers the next hint of a check, and remembers that it was needed. */
export async function useHint(input: z.infer<typeof useHintInput>): Promise<HintsView> {
  const viewer = await requireViewer();
  const { dayId, labId, checkId } = input;
  const lab = await getLabContent(dayId, labId);
  const check = lab.checks.find(({ id }) => id === checkId);
  if (!check) throw new AppError('notFound', { userMessage: `There is no check "${checkId}" in this lab.` });
  const key = { userId: viewer.id, dayId, labId, checkId };
  const shown = await transact(async (transaction) => {
    const used = await transaction.hintUse.count({ where: key });
    const next = Math.min(used + 1, check.hints.length);
    if (next > used) await transaction.hintUse.create({ data: { ...key, number: next }, select: { number: true } });
    return next;
  });
  return { hints: check.hints.slice(0, shown), remaining: check.hints.length - shown };
}
