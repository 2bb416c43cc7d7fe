'use client';

import { FileCode2, ListChecks, Network, SquareTerminal } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '../_ui/class-names.ts';
import type { PaneName } from './ui-state.ts';
import { useUi, useWorkspace } from './workspace-context.client.tsx';

const tabs = [
  { name: 'tasks', word: 'Tasks', icon: ListChecks },
  { name: 'editor', word: 'Editor', icon: FileCode2 },
  { name: 'terminal', word: 'Terminal', icon: SquareTerminal },
  { name: 'cluster', word: 'Cluster', icon: Network },
] as const;

/** One pane at a time. All stay alive, so that a terminal goes on while one reads. */
export function PhonePanes({ panes }: { readonly panes: Readonly<Record<PaneName, ReactNode>> }) {
  const { ui } = useWorkspace();
  const shown = useUi((state) => state.phonePane);
  return (
    <div className="flex h-full flex-col">
      <div className="relative min-h-0 flex-1">
        {tabs.map(({ name }) => (
          <div key={name} className={classNames('absolute inset-0', shown !== name && 'invisible')}>
            {panes[name]}
          </div>
        ))}
      </div>
      <nav aria-label="Panes" className="grid shrink-0 grid-cols-4 border-t bg-paper pb-[env(safe-area-inset-bottom)]">
        {tabs.map(({ name, word, icon: Icon }) => (
          <button
            key={name}
            type="button"
            aria-current={shown === name ? 'page' : undefined}
            onClick={() => ui.update((value) => ({ ...value, phonePane: name }))}
            className={classNames(
              'flex h-14 flex-col items-center justify-center gap-0.5 text-xs',
              shown === name ? 'font-medium text-accent-ink inset-shadow-[0_2px_0_var(--accent)]' : 'text-ink-2',
            )}
          >
            <Icon className="size-5" aria-hidden="true" />
            {word}
          </button>
        ))}
      </nav>
    </div>
  );
}
