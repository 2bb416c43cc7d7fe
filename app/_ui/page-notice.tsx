import type { ReactNode } from 'react';

interface PageNoticeProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly actions: ReactNode;
  /** What a cluster would have said. */
  readonly said?: string;
}

/** A page that is not there, or that broke: what happened, why, what to do. */
export function PageNotice({ title, children, actions, said }: PageNoticeProps) {
  return (
    <div className="mx-auto max-w-[44rem] px-5 py-20 max-sm:py-12">
      {said && <pre className="mb-6 overflow-x-auto rounded-lg border bg-sunken px-4 py-3 font-mono text-sm text-ink-2">{said}</pre>}
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      <div className="mt-3 space-y-3 text-lesson text-ink-2">{children}</div>
      <div className="mt-7 flex flex-wrap gap-3">{actions}</div>
    </div>
  );
}
