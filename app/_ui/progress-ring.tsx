import { classNames } from './class-names.ts';

interface ProgressRingProps {
  readonly done: number;
  readonly total: number;
  readonly className?: string;
}

/** Decorative: the numbers stand beside it. */
export function ProgressRing({ done, total, className }: ProgressRingProps) {
  const share = total === 0 ? 0 : done / total;
  const length = 2 * Math.PI * 7;
  return (
    <svg viewBox="0 0 18 18" className={classNames('size-4 -rotate-90', className)} aria-hidden="true">
      <circle cx="9" cy="9" r="7" fill="none" stroke="var(--line-strong)" strokeWidth="2.2" />
      <circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" strokeWidth="2.2" strokeDasharray={`${share * length} ${length}`} />
    </svg>
  );
}
