'use client';

import { useState } from 'react';
import { Button } from '../_ui/button.tsx';
import { classNames } from '../_ui/class-names.ts';
import { componentName, Glyph } from '../_ui/glyphs.tsx';
import { ArchitectureFigure } from './architecture-figure.tsx';

interface FlowProps {
  readonly title: string;
  readonly steps: readonly { readonly actor: string; readonly text: string }[];
}

/** One workflow as numbered steps. Walking through it lights who acts; without a script it is a list. */
export function Flow({ title, steps }: FlowProps) {
  const [at, setAt] = useState<number>();
  const current = at === undefined ? undefined : steps[at];
  const isLast = at === steps.length - 1;
  return (
    <section className="my-8 rounded-lg border bg-surface p-4" aria-label={title}>
      <div className="flex items-center justify-between gap-3">
        <p className="m-0 text-base font-semibold">{title}</p>
        <div className="flex gap-1.5">
          {at !== undefined && (
            <Button size="sm" onClick={() => setAt(at === 0 ? undefined : at - 1)}>
              Back
            </Button>
          )}
          <Button size="sm" look={at === undefined ? 'primary' : 'plain'} onClick={() => setAt(at === undefined || isLast ? 0 : at + 1)}>
            {at === undefined ? 'Walk through it' : isLast ? 'Again' : 'Next step'}
          </Button>
        </div>
      </div>
      {current && <ArchitectureFigure lit={current.actor} />}
      <ol className="mt-3 space-y-1">
        {steps.map((step, index) => (
          <li
            key={step.text}
            aria-current={index === at ? 'step' : undefined}
            className={classNames('flex items-start gap-3 rounded-md px-2 py-1.5 text-base', index === at && 'bg-accent-wash')}
          >
            <span className="tabular w-4 shrink-0 text-right text-sm leading-6 text-ink-3">{index + 1}</span>
            <Glyph name={step.actor} className="mt-0.5 size-5 text-ink-2" />
            <span>
              <strong className="font-medium">{componentName(step.actor)}</strong> {step.text}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
