import { ArrowRight } from 'lucide-react';
import type { LabCardView } from '#server/queries/find-day.ts';
import { ButtonLink } from '../_ui/button.tsx';

interface LabCardProps {
  readonly day: number;
  readonly lab: LabCardView;
  /** At most one button on a page is the next step. */
  readonly isNext: boolean;
}

export function LabCard({ day, lab, isNext }: LabCardProps) {
  const verb = lab.state === 'done' ? 'Open again' : lab.state === 'started' ? 'Go on' : 'Start the lab';
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-3 rounded-lg border border-line-strong bg-surface p-4">
      <div className="min-w-0 flex-1 basis-64">
        <h3 className="font-semibold">
          {lab.title}
          {lab.isHarder && <span className="ml-2 rounded-sm bg-sunken px-1.5 py-0.5 text-xs font-medium text-ink-2">harder</span>}
        </h3>
        <p className="mt-0.5 text-ink-2">{lab.summary}</p>
        <p className="tabular mt-1 text-sm text-ink-3">
          {lab.minutes} min
          {lab.state !== 'open' && ` · best ${lab.score} of ${lab.max} points`}
        </p>
      </div>
      <ButtonLink href={`/days/${day}/labs/${lab.id}`} look={isNext ? 'primary' : 'plain'} prefetch={false}>
        {verb}
        <span className="sr-only">: {lab.title}</span>
        <ArrowRight className="size-4" aria-hidden="true" />
      </ButtonLink>
    </li>
  );
}
