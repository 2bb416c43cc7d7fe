import { findViewer } from '../auth/viewer.ts';
import type { DayContent, QuestionContent } from '../content.ts';
import { findDayByNumber, getContent } from '../content.ts';
import { getDatabase } from '../db.ts';
import type { ItemState, ProgressLookup } from './item-state.ts';
import { loadProgress } from './item-state.ts';

export interface QuizAnswerView {
  readonly chosen: readonly string[];
  readonly isCorrect: boolean;
  /** One explanation per option, by its id. */
  readonly explanations: Readonly<Record<string, string>>;
  readonly correct: readonly string[];
}

export interface QuizQuestionView {
  readonly id: string;
  readonly text: string;
  readonly takesSeveral: boolean;
  readonly options: readonly { readonly id: string; readonly text: string }[];
  readonly answer: QuizAnswerView | undefined;
}

export interface LabCardView {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  readonly isHarder: boolean;
  readonly state: ItemState;
  readonly score: number;
  readonly max: number;
}

export interface DayView {
  readonly number: number;
  readonly title: string;
  readonly summary: string;
  readonly objectives: readonly string[];
  readonly minutes: number;
  /** MDX source. */
  readonly lesson: string;
  readonly lessonState: ItemState;
  readonly quiz: readonly QuizQuestionView[];
  readonly labs: readonly LabCardView[];
  readonly nextDay: { readonly number: number; readonly title: string } | undefined;
}

/** A day's page, or `undefined` when there is no such day or nobody has written it yet. */
export async function findDay(number: number): Promise<DayView | undefined> {
  const day = await findDayByNumber(number);
  if (!day?.isWritten) return undefined;
  const viewer = await findViewer();
  const progress = await loadProgress(viewer?.id, day.id);
  const answers = viewer ? await listAnswers(viewer.id, day.id) : new Map<string, readonly string[]>();
  const { days } = await getContent();
  const next = days.find((other) => other.number > number && other.isWritten);
  return {
    ...{ number, title: day.title, summary: day.summary, objectives: day.objectives, minutes: day.minutes, lesson: day.lesson },
    lessonState: progress(day.id, 'lesson').state,
    quiz: day.questions.map((question) => toQuestionView(question, answers.get(question.id))),
    labs: toLabCards(day, progress),
    nextDay: next && { number: next.number, title: next.title },
  };
}

/** The answer as it is shown once it has been given: right or not, and why, for every option. */
export function toAnswerView(question: QuestionContent, chosen: readonly string[]): QuizAnswerView {
  const correct = question.options.filter(({ isRight }) => isRight).map(({ id }) => id);
  const isCorrect = correct.length === new Set(chosen).size && correct.every((id) => chosen.includes(id));
  const explanations = Object.fromEntries(question.options.map(({ id, explanation }) => [id, explanation]));
  return { chosen, isCorrect, explanations, correct };
}

/** Which options are right is only said with an answer. */
function toQuestionView(question: QuestionContent, chosen: readonly string[] | undefined): QuizQuestionView {
  const { id, text, hasSeveralAnswers, options } = question;
  return {
    id,
    text,
    takesSeveral: hasSeveralAnswers,
    options: options.map((option) => ({ id: option.id, text: option.text })),
    answer: chosen && toAnswerView(question, chosen),
  };
}

function toLabCards(day: DayContent, progress: ProgressLookup): readonly LabCardView[] {
  return day.labs.map(({ id, title, summary, minutes, isCore, checks }) => {
    const { state, score, max } = progress(day.id, `lab:${id}`);
    const points = checks.reduce((sum, check) => sum + check.points, 0);
    return { id, title, summary, minutes, isHarder: !isCore, state, score, max: max || points };
  });
}

async function listAnswers(userId: string, dayId: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await getDatabase().quizAnswer.findMany({
    where: { userId, dayId },
    orderBy: { answeredAt: 'asc' },
    select: { questionId: true, answer: true },
  });
  return new Map(rows.map(({ questionId, answer }) => [questionId, JSON.parse(answer) as readonly string[]]));
}
