import { ArrowRight } from 'lucide-react';
import Link from 'next/link';
import type { CourseMapView, DayCellView } from '#server/queries/list-days.ts';
import { ButtonLink } from '../_ui/button.tsx';
import { classNames } from '../_ui/class-names.ts';
import { ItemLegend, ItemMark } from '../_ui/item-mark.tsx';
import { courseRows } from './course-rows.ts';

function DayMarks({ day }: { readonly day: DayCellView }) {
  if (!day.isAvailable) return <span className="text-2xs text-ink-3">in preparation</span>;
  return (
    <span className="flex gap-1.5">
      <ItemMark item="lesson" state={day.lesson} />
      <ItemMark item="quiz" state={day.quiz} />
      <ItemMark item="labs" state={day.labs} />
    </span>
  );
}

function DayCell({ day, isToday }: { readonly day: DayCellView; readonly isToday: boolean }) {
  const isDone = day.lesson === 'done' && day.quiz === 'done' && day.labs === 'done';
  const face = (
    <>
      <span className="flex items-center justify-between gap-1">
        <span className={classNames('tabular font-mono text-sm', isToday ? 'font-semibold text-accent-ink' : 'text-ink-3')}>
          <span className="sr-only">Day </span>
          {day.number}
        </span>
        <DayMarks day={day} />
      </span>
      <span className={classNames('mt-1 block text-sm leading-snug text-balance', day.isAvailable ? 'text-ink' : 'text-ink-3')}>
        {day.title}
      </span>
      {isToday && (
        <span className="absolute -top-2.5 left-2 rounded-sm bg-accent px-1.5 text-2xs leading-4.5 font-semibold text-on-accent">
          Today
        </span>
      )}
    </>
  );
  const shape = 'relative flex h-full min-h-20 flex-col rounded-md border px-2.5 py-2 max-sm:min-h-0';
  if (!day.isAvailable) return <div className={classNames(shape, 'border-dashed')}>{face}</div>;
  return (
    <Link
      href={`/days/${day.number}`}
      aria-current={isToday ? 'step' : undefined}
      className={classNames(
        shape,
        'transition-colors duration-150 hover:border-accent',
        isToday ? 'border-accent bg-accent-wash' : isDone ? 'border-line-strong bg-running-wash' : 'border-line-strong bg-surface',
      )}
    >
      {face}
    </Link>
  );
}

/** Forty days at a glance: five rows of eight, today marked, the next step as one button. */
export function CourseMap({ map }: { readonly map: CourseMapView }) {
  const done = map.days.filter((day) => day.lesson === 'done' && day.quiz === 'done' && day.labs === 'done').length;
  return (
    <div className="mx-auto max-w-[80rem] px-5 py-8 max-sm:px-4 max-sm:py-6">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div>
          <h1 className="text-2xl font-semibold tracking-tight">The 40 days</h1>
          <p className="mt-1 text-ink-2">
            {done === 0 ? 'Each day: a lesson, a quiz, and labs on a running cluster.' : `${done} of 40 days are complete.`}
          </p>
        </div>
        {map.next && (
          <ButtonLink href={map.next.href} look="primary" size="lg">
            {map.next.label}
            <ArrowRight className="size-4" aria-hidden="true" />
          </ButtonLink>
        )}
      </div>
      <div className="mt-6 space-y-4">
        {courseRows.map((row) => (
          <section key={row.first} aria-labelledby={`row-${row.first}`}>
            <h2 id={`row-${row.first}`} className="mb-1.5 text-sm font-medium text-ink-2">
              {row.title}
            </h2>
            <ol className="grid grid-cols-8 gap-2 max-xl:grid-cols-4 max-sm:grid-cols-2">
              {map.days
                .filter((day) => day.number >= row.first && day.number <= row.last)
                .map((day) => (
                  <li key={day.number}>
                    <DayCell day={day} isToday={day.number === map.today} />
                  </li>
                ))}
            </ol>
          </section>
        ))}
      </div>
      <div className="mt-6">
        <ItemLegend />
      </div>
    </div>
  );
}
