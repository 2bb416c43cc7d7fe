import { transact } from '../db.ts';
import type { CheckView, GradeView } from '../gateway/protocol.ts';
import { recordActivity } from './record-activity.ts';

/** What an attempt belongs to. */
export interface AttemptContext {
  readonly userId: string;
  readonly timeZone: string;
  readonly labSessionId: string;
}

/** Writes a gradable result down: attempt, check results and progress together or not at all. */
export async function recordAttempt({ userId, timeZone, labSessionId }: AttemptContext, grade: GradeView): Promise<void> {
  await transact(async (transaction) => {
    const session = await transaction.labSession.findUniqueOrThrow({
      where: { id: labSessionId },
      select: { dayId: true, labId: true, labHash: true, engineVersion: true, seed: true, _count: { select: { inputs: true } } },
    });
    const { dayId, labId, labHash, engineVersion, seed } = session;
    const { score, max } = grade;
    await transaction.attempt.create({
      data: {
        ...{ userId, labSessionId, dayId, labId, labHash, engineVersion, seed, score, max },
        inputCount: session._count.inputs,
        checks: { create: grade.checks.map(toCheckRow) },
      },
      select: { id: true },
    });
    const key = { userId, dayId, item: `lab:${labId}` };
    const known = await transaction.progress.findUnique({ where: { userId_dayId_item: key }, select: { score: true, doneAt: true } });
    const doneAt = known?.doneAt ?? (isDone(grade) ? new Date() : null);
    await transaction.progress.upsert({
      where: { userId_dayId_item: key },
      create: { ...key, score, max, doneAt },
      // A worse attempt later takes nothing away.
      update: { score: Math.max(score, known?.score ?? 0), max, doneAt },
    });
    await recordActivity(transaction, { userId, timeZone, activity: 'gradeLab', dayId });
  });
}

/** Every check holds; a bonus may be left out, and cannot stand in for what is missing. */
function isDone({ score, max, checks }: GradeView): boolean {
  const isOptional = (check: CheckView) => check.max === 0 && check.mode !== 'guard';
  return score >= max && checks.every((check) => check.status === 'pass' || isOptional(check));
}

function toCheckRow({ id, status, points, max, ...detail }: CheckView, position: number) {
  return { checkId: id, position, status, points, max, detail: JSON.stringify(detail) };
}
