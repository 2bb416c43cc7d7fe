'use client';

import { type ReactNode, useId, useState } from 'react';
import { Button } from '../_ui/button.tsx';
import { InlineCode } from '../_ui/inline-code.tsx';
import { OptionExplanation } from './option-explanation.tsx';

interface PredictProps {
  readonly question: string;
  readonly options: readonly { readonly text: string; readonly why: string; readonly isRight?: boolean }[];
  /** What really happens; shown after the prediction. */
  readonly children?: ReactNode;
}

/** Predict, then run: what one has guessed about is remembered better than what one was told. */
export function Predict({ question, options, children }: PredictProps) {
  const [chosen, setChosen] = useState<number>();
  const [isOpen, setIsOpen] = useState(false);
  const name = useId();
  return (
    <section className="my-8 rounded-lg border border-line-strong bg-surface p-5" aria-label={`Predict: ${question}`}>
      <p className="m-0 text-sm font-medium text-accent-ink">Predict, then run</p>
      <fieldset className="mt-1">
        <legend className="text-lesson font-semibold">
          <InlineCode text={question} />
        </legend>
        <div className="mt-3 space-y-2">
          {options.map((option, index) => (
            <div key={option.text}>
              <label className="flex cursor-pointer items-start gap-3 rounded-md border border-line-strong px-3 py-2 text-base has-checked:border-accent has-checked:bg-accent-wash has-disabled:cursor-default">
                <input
                  type="radio"
                  name={name}
                  className="mt-1 accent-accent"
                  disabled={isOpen}
                  checked={chosen === index}
                  onChange={() => setChosen(index)}
                />
                <span className="min-w-0">
                  <InlineCode text={option.text} />
                </span>
              </label>
              {isOpen && <OptionExplanation isRight={option.isRight ?? false} wasChosen={chosen === index} text={option.why} />}
            </div>
          ))}
        </div>
      </fieldset>
      {!isOpen && (
        <Button look="primary" className="mt-4" disabled={chosen === undefined} onClick={() => setIsOpen(true)}>
          See what happens
        </Button>
      )}
      {isOpen && children && <div className="mt-4 border-t pt-4">{children}</div>}
    </section>
  );
}
