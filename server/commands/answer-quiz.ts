import { z } from 'zod';
import { requireViewer } from '../auth/viewer.ts';
import type { DayContent } from '../content.ts';
import { getWrittenDay } from '../content.ts';
import type { Transaction } from '../db.ts';
import { transact } from '../db.ts';
import { AppError } from '../errors.ts';
import { recordActivity } from '../lab-sessions/record-activity.ts';
import type { QuizAnswerView } from '../queries/find-day.ts';
import { toAnswerView } from '../queries/find-day.ts';

export const answerQuizInput = z.strictObject({
  day: z.int().min(1).max(40),
  question: z.string().min(1).max(120),
  chosen: z.array(z.string().max(120)).min(1).max(20),
});

/** Keeps an answer, every one of them, and says whether it is right and why. */
export async function answerQuiz(input: z.infer<typeof answerQuizInput>): Promise<QuizAnswerView> {
  const viewer = await requireViewer();
  const day = await getWrittenDay(input.day);
  const question = day.questions.find(({ id }) => id === input.question);
  if (!question) throw new AppError('notFound', { userMessage: 'This question is not part of the quiz any more. Reload the page.' });
  const known = new Set(question.options.map(({ id }) => id));
  if (!input.chosen.every((id) => known.has(id)))
    throw new AppError('invalid', { userMessage: 'This answer is not one of the options. Reload the page.' });
  const answer = toAnswerView(question, input.chosen);
  await transact(async (transaction) => {
    await transaction.quizAnswer.create({
      data: {
        userId: viewer.id,
        dayId: day.id,
        questionId: question.id,
        answer: JSON.stringify(input.chosen),
        isCorrect: answer.isCorrect,
      },
      select: { id: true },
    });
    await saveQuizProgress(transaction, viewer.id, day);
    await recordActivity(transaction, { userId: viewer.id, timeZone: viewer.timeZone, activity: 'answerQuiz', dayId: day.id });
  });
  return answer;
}

/** A question counts once it has been answered rightly; a later slip takes nothing away. */
async function saveQuizProgress(transaction: Transaction, userId: string, day: DayContent): Promise<void> {
  const right = await transaction.quizAnswer.findMany({
    where: { userId, dayId: day.id, isCorrect: true, questionId: { in: day.questions.map(({ id }) => id) } },
    distinct: ['questionId'],
    select: { questionId: true },
  });
  const key = { userId, dayId: day.id, item: 'quiz' };
  const known = await transaction.progress.findUnique({ where: { userId_dayId_item: key }, select: { doneAt: true } });
  const max = day.questions.length;
  const state = { score: right.length, max, doneAt: known?.doneAt ?? (right.length === max ? new Date() : null) };
  await transaction.progress.upsert({ where: { userId_dayId_item: key }, create: { ...key, ...state }, update: state });
}
