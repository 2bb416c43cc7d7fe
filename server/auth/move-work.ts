import type { Transaction } from '../db.ts';
import { transact } from '../db.ts';

/** Gives everything that one account did to another: a guest has signed up, or signed in to an account they already had. */
export async function moveWork(fromUserId: string, toUserId: string): Promise<void> {
  await transact(async (transaction) => {
    await moveLabSessions(transaction, fromUserId, toUserId);
    await moveProgress(transaction, fromUserId, toUserId);
    await moveHintUses(transaction, fromUserId, toUserId);
    await moveEnrollments(transaction, fromUserId, toUserId);
    const move = { where: { userId: fromUserId }, data: { userId: toUserId } };
    await transaction.attempt.updateMany(move);
    await transaction.quizAnswer.updateMany(move);
    await transaction.activity.updateMany(move);
    await transaction.certificate.updateMany(move);
    await transaction.auditEntry.create({ data: { actorId: toUserId, action: 'claimGuest', subject: `user/${fromUserId}` } });
  });
}

/** The newer work goes on: where both accounts have a session for a lab, the guest's becomes the next generation. */
async function moveLabSessions(transaction: Transaction, fromUserId: string, toUserId: string): Promise<void> {
  const sessions = await transaction.labSession.findMany({
    where: { userId: fromUserId },
    select: { id: true, dayId: true, labId: true },
    orderBy: { generation: 'asc' },
  });
  for (const { id, dayId, labId } of sessions) {
    const last = await transaction.labSession.aggregate({ where: { userId: toUserId, dayId, labId }, _max: { generation: true } });
    const generation = (last._max.generation ?? 0) + 1;
    await transaction.labSession.updateMany({ where: { userId: toUserId, dayId, labId, endedAt: null }, data: { endedAt: new Date() } });
    await transaction.labSession.update({ where: { id }, data: { userId: toUserId, generation } });
  }
}

/** The better of two results stays. */
async function moveProgress(transaction: Transaction, fromUserId: string, toUserId: string): Promise<void> {
  for (const { userId: _, ...row } of await transaction.progress.findMany({ where: { userId: fromUserId } })) {
    const where = { userId_dayId_item: { userId: toUserId, dayId: row.dayId, item: row.item } };
    const own = await transaction.progress.findUnique({ where });
    if (!own) await transaction.progress.create({ data: { ...row, userId: toUserId } });
    else if (row.score > own.score || !own.doneAt) {
      await transaction.progress.update({
        where,
        data: { score: Math.max(row.score, own.score), max: row.max, doneAt: own.doneAt ?? row.doneAt },
      });
    }
  }
}

async function moveHintUses(transaction: Transaction, fromUserId: string, toUserId: string): Promise<void> {
  for (const { userId: _, ...row } of await transaction.hintUse.findMany({ where: { userId: fromUserId } })) {
    const key = { userId: toUserId, dayId: row.dayId, labId: row.labId, checkId: row.checkId, number: row.number };
    await transaction.hintUse.upsert({
      where: { userId_dayId_labId_checkId_number: key },
      create: { ...row, userId: toUserId },
      update: {},
    });
  }
}

async function moveEnrollments(transaction: Transaction, fromUserId: string, toUserId: string): Promise<void> {
  for (const { cohortId, enrolledAt } of await transaction.enrollment.findMany({ where: { userId: fromUserId } })) {
    const key = { cohortId, userId: toUserId };
    await transaction.enrollment.upsert({ where: { cohortId_userId: key }, create: { ...key, enrolledAt }, update: {} });
  }
}
