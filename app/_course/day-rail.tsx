import type { LabCardView } from '#server/queries/find-day.ts';
import type { ItemState } from '#server/queries/item-state.ts';
import type { OutlineEntry } from '../_lesson/heading-id.ts';
import { ProgressShape } from '../_ui/item-mark.tsx';

interface RailItemProps {
  readonly href: string;
  readonly text: string;
  readonly state: ItemState;
  readonly note?: string;
}

function RailItem({ href, text, state, note }: RailItemProps) {
  return (
    <li>
      <a href={href} className="flex items-start gap-2 rounded-md px-2 py-1.5 hover:bg-sunken">
        <span className="mt-1">
          <ProgressShape state={state} className="size-3" />
        </span>
        <span className="min-w-0 flex-1">
          {text}
          <span className="sr-only">{state === 'done' ? ', done' : state === 'started' ? ', begun' : ''}</span>
          {note && <span className="tabular block text-xs text-ink-3">{note}</span>}
        </span>
      </a>
    </li>
  );
}

interface DayRailProps {
  readonly day: number;
  readonly lesson: ItemState;
  readonly quiz: ItemState;
  readonly quizNote: string;
  readonly labs: readonly LabCardView[];
  readonly outline: readonly OutlineEntry[];
}

/** What the day holds and what is done; stays in view while one reads. */
export function DayRail({ day, lesson, quiz, quizNote, labs, outline }: DayRailProps) {
  return (
    <nav aria-label="This day" className="text-sm">
      <ul className="space-y-0.5">
        <RailItem href="#lesson" text="Lesson" state={lesson} />
        {outline.length > 0 && (
          <li>
            <ul className="mb-1 ml-4 border-l pl-3">
              {outline.map((entry) => (
                <li key={entry.id}>
                  <a href={`#${entry.id}`} className="block rounded-sm px-1 py-0.5 leading-snug text-ink-2 hover:text-accent-ink">
                    {entry.text}
                  </a>
                </li>
              ))}
            </ul>
          </li>
        )}
        <RailItem href="#quiz" text="Quiz" state={quiz} note={quizNote} />
        {labs.map((lab) => (
          <RailItem
            key={lab.id}
            href={`/days/${day}/labs/${lab.id}`}
            text={lab.title}
            state={lab.state}
            note={lab.state === 'open' ? `Lab · ${lab.minutes} min` : `Lab · ${lab.score} of ${lab.max} points`}
          />
        ))}
      </ul>
    </nav>
  );
}
