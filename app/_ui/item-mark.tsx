import { BookOpen, FlaskConical, MessageCircleQuestion } from 'lucide-react';
import type { ItemState } from '#server/queries/item-state.ts';
import { classNames } from './class-names.ts';

const icons = { lesson: BookOpen, quiz: MessageCircleQuestion, labs: FlaskConical } as const;
const words: Record<ItemState, string> = { open: 'not begun', started: 'begun', done: 'done' };

const colors: Record<ItemState, string> = { open: 'text-ink-3', started: 'text-pending', done: 'text-running' };

/** Ring, half, tick: how far one is, readable without colour. */
export function ProgressShape({ state, className }: { readonly state: ItemState; readonly className: string }) {
  return (
    <svg
      viewBox="0 0 12 12"
      className={classNames('shrink-0', colors[state], className)}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      aria-hidden="true"
    >
      {state === 'done' ? <path d="M1.8 6.6l2.8 2.8 5.6-6.4" strokeWidth="2" /> : <circle cx="6" cy="6" r="4.2" />}
      {state === 'started' && <path d="M6 1.8v8.4a4.2 4.2 0 0 1 0-8.4z" fill="currentColor" stroke="none" />}
    </svg>
  );
}

interface ItemMarkProps {
  readonly item: keyof typeof icons;
  readonly state: ItemState;
}

/** Lesson, quiz or labs of a day: an icon, and a shape for how far one is. */
export function ItemMark({ item, state }: ItemMarkProps) {
  const Icon = icons[item];
  return (
    <span className={classNames('inline-flex items-center gap-1', colors[state])}>
      <Icon className="size-3.5" aria-hidden="true" />
      <ProgressShape state={state} className="size-2.5" />
      <span className="sr-only">
        {item} {words[state]}
      </span>
    </span>
  );
}

export function ItemLegend() {
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-2" aria-hidden="true">
      {(['open', 'started', 'done'] as const).map((state) => (
        <span key={state} className="inline-flex items-center gap-1.5">
          <ItemMark item="lesson" state={state} />
          {words[state]}
        </span>
      ))}
      <span className="text-ink-3">Lesson, quiz, labs, in this order.</span>
    </p>
  );
}
