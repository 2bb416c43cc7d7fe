import type { LifeState } from '../../server/gateway/protocol.ts';
import { classNames } from './class-names.ts';

export const stateWords: Record<LifeState, string> = {
  running: 'Running',
  pending: 'Pending',
  failed: 'Failed',
  terminating: 'Terminating',
  unknown: 'Unknown',
};

const stateColors: Record<LifeState, string> = {
  running: 'text-running',
  pending: 'text-pending',
  failed: 'text-failed',
  terminating: 'text-terminating',
  unknown: 'text-unknown',
};

/** Filled dot, ring, cross, half, dashes: readable without colour. */
function StateShape({ state }: { readonly state: LifeState }) {
  switch (state) {
    case 'running':
      return <circle cx="6" cy="6" r="4" fill="currentColor" />;
    case 'pending':
      return <circle cx="6" cy="6" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.6" />;
    case 'failed':
      return <path d="M2.7 2.7l6.6 6.6M9.3 2.7L2.7 9.3" fill="none" stroke="currentColor" strokeWidth="1.9" strokeLinecap="round" />;
    case 'terminating':
      return (
        <>
          <circle cx="6" cy="6" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.2" />
          <path d="M6 2.4a3.6 3.6 0 0 0 0 7.2z" fill="currentColor" />
        </>
      );
    case 'unknown':
      return <circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.2 1.8" />;
  }
}

interface StateMarkProps {
  readonly state: LifeState;
  /** What stands beside the shape, when something more exact than the state's own word is known. */
  readonly word?: string;
  /** Only where the word stands elsewhere in the same control. */
  readonly hideWord?: boolean;
  readonly className?: string;
}

export function StateMark({ state, word, hideWord = false, className }: StateMarkProps) {
  return (
    <span className={classNames('inline-flex items-center gap-1.5', stateColors[state], className)}>
      <svg viewBox="0 0 12 12" className="size-3 shrink-0" aria-hidden="true">
        <StateShape state={state} />
      </svg>
      {!hideWord && <span className="min-w-0 truncate">{word ?? stateWords[state]}</span>}
    </span>
  );
}
