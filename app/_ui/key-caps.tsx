import { Fragment } from 'react';

/** `Ctrl+Enter` as keys. */
export function KeyCaps({ keys }: { readonly keys: string }) {
  return (
    <span className="inline-flex items-center gap-0.5">
      {keys.split('+').map((key, index) => (
        <Fragment key={key}>
          {index > 0 && <span className="sr-only"> plus </span>}
          <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-line-strong bg-surface px-1 font-sans text-2xs font-medium text-ink-2">
            {key}
          </kbd>
        </Fragment>
      ))}
    </span>
  );
}
