import { ArrowLeft, ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ActionResult } from '#server/commands/to-action-result.ts';
import type { DayView, QuizAnswerView, QuizQuestionView } from '#server/queries/find-day.ts';
import type { ItemState } from '#server/queries/item-state.ts';
import type { OutlineEntry } from '../_lesson/heading-id.ts';
import { ButtonLink } from '../_ui/button.tsx';
import { DayRail } from './day-rail.tsx';
import { LabCard } from './lab-card.tsx';
import { LessonDoneButton } from './lesson-done-button.client.tsx';
import { QuizQuestion } from './quiz-question.client.tsx';

interface DayArticleProps {
  readonly day: DayView;
  readonly lesson: ReactNode;
  readonly outline: readonly OutlineEntry[];
  readonly answerAction: (day: number, question: string, chosen: readonly string[]) => Promise<ActionResult<QuizAnswerView>>;
  readonly finishAction: (day: number) => Promise<ActionResult<void>>;
}

function DayHeader({ day: { number, title, summary, objectives, minutes } }: { readonly day: DayView }) {
  return (
    <header className="max-w-measure">
      <p className="flex items-center gap-3 text-sm text-ink-2">
        <a href="/days" className="inline-flex items-center gap-1 rounded-sm hover:text-accent-ink">
          <ArrowLeft className="size-3.5" aria-hidden="true" />
          The 40 days
        </a>
        <span className="tabular font-mono">Day {number}</span>
        <span>{minutes} min</span>
      </p>
      <h1 className="mt-3 text-3xl leading-[1.1] font-semibold tracking-tight max-sm:text-2xl">{title}</h1>
      <p className="mt-3 text-lg leading-relaxed text-ink-2">{summary}</p>
      {objectives.length > 0 && (
        <div className="mt-6 border-l-2 border-accent pl-4">
          <h2 className="text-sm font-medium text-ink-2">Afterwards you can</h2>
          <ul className="mt-1 space-y-1">
            {objectives.map((objective) => (
              <li key={objective}>{objective}</li>
            ))}
          </ul>
        </div>
      )}
    </header>
  );
}

function quizState(quiz: readonly QuizQuestionView[]): { readonly state: ItemState; readonly note: string } {
  const right = quiz.filter((question) => question.answer?.isCorrect).length;
  const answered = quiz.filter((question) => question.answer).length;
  const state = right === quiz.length && right > 0 ? 'done' : answered > 0 ? 'started' : 'open';
  return { state, note: answered === 0 ? `${quiz.length} questions` : `${right} of ${quiz.length} right` };
}

/** One day: the lesson to read, the quiz, the labs, and beside them what is done. */
export function DayArticle({ day, lesson, outline, answerAction, finishAction }: DayArticleProps) {
  const { number, lessonState, quiz, labs, nextDay } = day;
  const { state, note } = quizState(quiz);
  const nextLab = labs.find((lab) => lab.state !== 'done');
  return (
    <div className="mx-auto grid max-w-[80rem] grid-cols-[15rem_minmax(0,1fr)] gap-x-14 px-5 py-10 max-lg:block max-sm:px-4 max-sm:py-6">
      <div className="max-lg:hidden">
        <div className="scroll-thin sticky top-6 max-h-[calc(100dvh-3rem)] overflow-auto">
          <DayRail day={number} lesson={lessonState} quiz={state} quizNote={note} labs={labs} outline={outline} />
        </div>
      </div>
      <div className="min-w-0">
        <DayHeader day={day} />
        <article id="lesson" className="lesson mt-10">
          {lesson}
        </article>
        <div className="mt-8 max-w-measure">
          <LessonDoneButton day={number} isDone={lessonState === 'done'} finishAction={finishAction} />
        </div>
        <section id="labs" aria-labelledby="labs-title" className="mt-14 max-w-measure">
          <h2 id="labs-title" className="text-xl font-semibold tracking-tight">
            Labs
          </h2>
          <p className="mt-1 mb-4 text-ink-2">Your own cluster, running. It goes on where you left it.</p>
          <ul className="space-y-3">
            {labs.map((lab) => (
              <LabCard key={lab.id} day={number} lab={lab} isNext={lab.id === nextLab?.id} />
            ))}
          </ul>
        </section>
        {quiz.length > 0 && (
          <section id="quiz" aria-labelledby="quiz-title" className="mt-14 max-w-measure">
            <h2 id="quiz-title" className="mb-4 text-xl font-semibold tracking-tight">
              Quiz
            </h2>
            {quiz.map((question, index) => (
              <QuizQuestion key={question.id} day={number} number={index + 1} question={question} answerAction={answerAction} />
            ))}
          </section>
        )}
        {nextDay && (
          <div className="mt-10 max-w-measure border-t pt-6">
            <ButtonLink href={`/days/${nextDay.number}`}>
              Day {nextDay.number}: {nextDay.title}
              <ArrowRight className="size-4" aria-hidden="true" />
            </ButtonLink>
          </div>
        )}
      </div>
    </div>
  );
}
