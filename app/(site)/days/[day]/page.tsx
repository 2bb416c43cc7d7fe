import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { findDay } from '#server/queries/find-day.ts';
import { DayArticle } from '../../../_course/day-article.tsx';
import { parseDayNumber } from '../../../_course/parse-day-number.ts';
import { outlineOf } from '../../../_lesson/heading-id.ts';
import { renderLesson } from '../../../_lesson/render-lesson.tsx';
import { answerQuizAction, markLessonReadAction } from './actions.ts';

interface DayPageProps {
  readonly params: Promise<{ readonly day: string }>;
}

export async function generateMetadata({ params }: DayPageProps): Promise<Metadata> {
  const number = parseDayNumber((await params).day);
  const day = number === undefined ? undefined : await findDay(number);
  return { title: day ? `Day ${day.number}: ${day.title}` : 'No such day' };
}

export default async function DayPage({ params }: DayPageProps) {
  const number = parseDayNumber((await params).day);
  const day = number === undefined ? undefined : await findDay(number);
  if (!day) notFound();
  return (
    <DayArticle
      day={day}
      lesson={await renderLesson(day.lesson)}
      outline={outlineOf(day.lesson)}
      answerAction={answerQuizAction}
      finishAction={markLessonReadAction}
    />
  );
}
