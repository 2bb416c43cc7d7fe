'use client';

import { Maximize2, Minimize2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../_ui/button.tsx';
import { classNames } from '../_ui/class-names.ts';
import type { PaneName } from './ui-state.ts';
import { useUi, useWorkspace } from './workspace-context.client.tsx';

interface PaneProps {
  readonly name: PaneName;
  readonly label: string;
  /** What stands in the pane's bar: a title or tabs. */
  readonly bar: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One of the four places of the workspace: a bar, a body, and the way to fill the screen with it. */
export function Pane({ name, label, bar, actions, children }: PaneProps) {
  const { ui } = useWorkspace();
  const isFull = useUi((state) => state.fullScreen === name);
  return (
    <section
      aria-label={label}
      data-pane={name}
      tabIndex={-1}
      className={classNames(
        'flex h-full min-h-0 min-w-0 flex-col overflow-hidden bg-surface focus:outline-none focus-visible:inset-ring-2 focus-visible:inset-ring-accent',
        isFull && 'fixed inset-x-0 top-12 bottom-0 z-30 h-auto',
      )}
    >
      <h2 className="sr-only">{label}</h2>
      <div className="flex h-9 shrink-0 items-center gap-1 border-b bg-paper pr-1 pl-1">
        <div className="flex min-w-0 flex-1 items-center">{bar}</div>
        {actions}
        <IconButton
          label={isFull ? `${label}: leave full screen` : `${label}: full screen`}
          aria-pressed={isFull}
          className="max-md:hidden"
          onClick={() => ui.update((value) => ({ ...value, fullScreen: isFull ? undefined : name }))}
        >
          {isFull ? <Minimize2 className="size-3.5" aria-hidden="true" /> : <Maximize2 className="size-3.5" aria-hidden="true" />}
        </IconButton>
      </div>
      {children}
    </section>
  );
}

/** What a pane without tabs shows in its bar; the heading itself is the pane's. */
export function PaneTitle({ children }: { readonly children: ReactNode }) {
  return (
    <span aria-hidden="true" className="truncate px-2 text-sm font-semibold">
      {children}
    </span>
  );
}
