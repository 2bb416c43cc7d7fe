import type { ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';

interface ScrollRegionProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly ref?: Ref<HTMLElement>;
}

/** A part of the page that scrolls by itself, and can be reached and scrolled by keyboard. */
export function ScrollRegion({ label, children, className, ref }: ScrollRegionProps) {
  return (
    <section
      ref={ref}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the focus, or arrow keys cannot scroll it.
      tabIndex={0}
      className={classNames('scroll-thin overflow-auto focus-visible:-outline-offset-2', className)}
    >
      {children}
    </section>
  );
}
