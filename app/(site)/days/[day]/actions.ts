'use server';

import { answerQuiz, answerQuizInput } from '#server/commands/answer-quiz.ts';
import { markLessonRead, markLessonReadInput } from '#server/commands/mark-lesson-read.ts';
import { type ActionResult, toActionResult } from '#server/commands/to-action-result.ts';
import type { QuizAnswerView } from '#server/queries/find-day.ts';

export async function answerQuizAction(day: number, question: string, chosen: readonly string[]): Promise<ActionResult<QuizAnswerView>> {
  return toActionResult(() => answerQuiz(answerQuizInput.parse({ day, question, chosen })));
}

export async function markLessonReadAction(day: number): Promise<ActionResult<void>> {
  return toActionResult(() => markLessonRead(markLessonReadInput.parse({ day })));
}
