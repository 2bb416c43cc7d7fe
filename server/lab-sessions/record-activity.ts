import type { Transaction } from '../db.ts';

export interface ActivityOf {
  readonly userId: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly activity: 'readLesson' | 'answerQuiz' | 'startLab' | 'gradeLab';
  readonly dayId: string;
}

/** The date on the student's own wall, `2026-03-01`. A zone that nobody knows counts as UTC. */
export function toLocalDate(at: Date, timeZone: string): string {
  const format = (zone: string) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
  try {
    return format(timeZone);
  } catch {
    return format('UTC');
  }
}

/** Written in the transaction of what it tells of. */
export async function recordActivity(transaction: Transaction, { userId, timeZone, activity, dayId }: ActivityOf): Promise<void> {
  const at = new Date();
  await transaction.activity.create({ data: { userId, activity, dayId, at, localDate: toLocalDate(at, timeZone) }, select: { id: true } });
}
