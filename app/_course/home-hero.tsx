import type { ReactNode } from 'react';

interface HomeHeroProps {
  /** The one thing to do next. */
  readonly start: ReactNode;
  readonly figure: ReactNode;
}

/** One sentence, one cluster that one can break, one button. */
export function HomeHero({ start, figure }: HomeHeroProps) {
  return (
    <div className="mx-auto grid max-w-[80rem] grid-cols-[minmax(0,5fr)_minmax(0,7fr)] items-center gap-x-14 gap-y-10 px-5 py-14 max-lg:grid-cols-1 max-lg:py-8 max-sm:px-4">
      <div>
        <h1 className="text-3xl leading-[1.08] font-semibold tracking-tight max-sm:text-2xl">
          Learn Kubernetes in forty days, on a cluster that answers.
        </h1>
        <p className="mt-5 max-w-[44ch] text-lg leading-relaxed text-ink-2">
          Each day a lesson, then a lab: write YAML or type in a terminal, and a running control loop does what a real one would, says why,
          and can be turned back.
        </p>
        <div className="mt-8 flex flex-wrap items-center gap-3">{start}</div>
      </div>
      <div>{figure}</div>
    </div>
  );
}
