import { Check, X } from 'lucide-react';
import { classNames } from '../_ui/class-names.ts';
import { InlineCode } from '../_ui/inline-code.tsx';

interface OptionExplanationProps {
  readonly isRight: boolean;
  readonly wasChosen: boolean;
  readonly text: string;
}

/** Why an option is right or not. Every option has one: the wrong ones teach most. */
export function OptionExplanation({ isRight, wasChosen, text }: OptionExplanationProps) {
  const Icon = isRight ? Check : X;
  return (
    <p
      className={classNames(
        'mt-1 flex items-start gap-2 px-3 text-sm',
        isRight ? 'text-running' : wasChosen ? 'text-failed' : 'text-ink-2',
      )}
    >
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <span>
        <span className="font-medium">{isRight ? 'This is so. ' : wasChosen ? 'Not so. ' : ''}</span>
        <InlineCode text={text} />
      </span>
    </p>
  );
}
