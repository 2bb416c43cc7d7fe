import { getDatabase } from '../db.ts';
import type { CheckView, GradeView } from '../gateway/protocol.ts';

/** The newest result of a session, as it was shown; and how many there have been. */
export async function findLastGrade(labSessionId: string): Promise<{ readonly count: number; readonly grade?: GradeView }> {
  const count = await getDatabase().attempt.count({ where: { labSessionId } });
  const attempt = await getDatabase().attempt.findFirst({
    where: { labSessionId },
    orderBy: { createdAt: 'desc' },
    select: { score: true, max: true, checks: { orderBy: { position: 'asc' } } },
  });
  if (!attempt) return { count };
  const { score, max } = attempt;
  const checks = attempt.checks.map(({ checkId, status, points, max: maxPoints, detail }) => {
    return { id: checkId, status, points, max: maxPoints, ...(JSON.parse(detail) as object) } as CheckView;
  });
  return { count, grade: { attempt: count, gradable: true, score, max, checks, milliseconds: 0 } };
}
