import type { ReactNode } from 'react';

interface AccountPageProps {
  readonly title: string;
  readonly intro: ReactNode;
  readonly children: ReactNode;
  readonly after: ReactNode;
}

export function AccountPage({ title, intro, children, after }: AccountPageProps) {
  return (
    <div className="mx-auto max-w-[26rem] px-5 py-16 max-sm:py-10">
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      <p className="mt-2 text-ink-2">{intro}</p>
      {children}
      <div className="mt-6 text-ink-2 [&_a]:text-accent-ink [&_a]:underline [&_a]:underline-offset-2">{after}</div>
    </div>
  );
}
