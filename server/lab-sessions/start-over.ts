import type { Transaction } from '../db.ts';
import { getDatabase, transact } from '../db.ts';
import { AppError } from '../errors.ts';

const work = {
  snapshot: true,
  snapshotInputs: true,
  clockMs: true,
  files: true,
  terminals: true,
  spec: true,
  labHash: true,
  seed: true,
  engineVersion: true,
} as const;

/** What a session begins with again. */
export interface FreshStart {
  readonly files: string;
  readonly spec: string;
  readonly labHash: string;
  readonly seed: number;
  readonly engineVersion: string;
}

/**
 * Empties a session whose cluster sleeps. Everything it held goes to a session beside it, for `undoStartOver`. The
 * session keeps its id, so that other tabs and the attempts stay with it.
 */
export async function startOver(sessionId: string, fresh: FreshStart): Promise<void> {
  await transact(async (transaction) => {
    const { userId, dayId, labId, ...kept } = await transaction.labSession.findUniqueOrThrow({
      where: { id: sessionId },
      select: { userId: true, dayId: true, labId: true, ...work },
    });
    await removeKept(transaction, sessionId);
    const last = await transaction.labSession.aggregate({ where: { userId, dayId, labId }, _max: { generation: true } });
    const keptId = keptIdOf(sessionId);
    await transaction.labSession.create({
      data: { id: keptId, userId, dayId, labId, generation: (last._max.generation ?? 0) + 1, endedAt: new Date(), ...kept },
      select: { id: true },
    });
    await transaction.labInput.updateMany({ where: { labSessionId: sessionId }, data: { labSessionId: keptId } });
    await transaction.labSession.update({
      where: { id: sessionId },
      data: { snapshot: null, snapshotInputs: 0, clockMs: 0, terminals: '{}', ...fresh },
      select: { id: true },
    });
  });
}

/** Brings back what `startOver` put aside; what was done since is gone. */
export async function undoStartOver(sessionId: string): Promise<void> {
  await transact(async (transaction) => {
    const kept = await transaction.labSession.findUnique({ where: { id: keptIdOf(sessionId) }, select: work });
    if (!kept) throw new AppError('notFound', { userMessage: 'There is nothing to go back to: this lab was not started over.' });
    await transaction.labInput.deleteMany({ where: { labSessionId: sessionId } });
    await transaction.labInput.updateMany({ where: { labSessionId: keptIdOf(sessionId) }, data: { labSessionId: sessionId } });
    await transaction.labSession.update({ where: { id: sessionId }, data: kept, select: { id: true } });
    await removeKept(transaction, sessionId);
  });
}

export async function canUndoStartOver(sessionId: string): Promise<boolean> {
  return (await getDatabase().labSession.count({ where: { id: keptIdOf(sessionId) } })) > 0;
}

/** One step back is kept per session, under an id that nobody can open. */
function keptIdOf(sessionId: string): string {
  return `${sessionId}~kept`;
}

async function removeKept(transaction: Transaction, sessionId: string): Promise<void> {
  const id = keptIdOf(sessionId);
  // Attempts are never removed with it: they belong to the session itself.
  await transaction.labSession.deleteMany({ where: { id } });
}
