'use client';

import { Plus, X } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { IconButton } from '../_ui/button.tsx';
import { classNames } from '../_ui/class-names.ts';
import { Pane } from './pane.client.tsx';
import { useUi, useWorkspace } from './workspace-context.client.tsx';

const TerminalScreen = lazy(async () => ({ default: (await import('./terminal-screen.client.tsx')).TerminalScreen }));
const mostTerminals = 6;

function TerminalTabs() {
  const { client, ui } = useWorkspace();
  const terminals = useUi((state) => state.terminals);
  const active = useUi((state) => state.terminal);
  function open(): void {
    const numbers = terminals.map((name) => Number(name.replace('terminal-', '')) || 0);
    const name = `terminal-${Math.max(0, ...numbers) + 1}`;
    ui.update((value) => ({ ...value, terminals: [...value.terminals, name], terminal: name }));
  }
  function close(name: string): void {
    client.tell({ type: 'closeTerminal', terminal: name });
    const left = terminals.filter((other) => other !== name);
    ui.update((value) => ({ ...value, terminals: left, terminal: value.terminal === name ? (left.at(-1) ?? '') : value.terminal }));
  }
  return (
    <>
      <div role="tablist" aria-label="Terminals" className="scroll-thin flex min-w-0 items-center overflow-x-auto">
        {terminals.map((name, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={name === active}
            aria-controls={`panel-${name}`}
            onClick={() => ui.update((value) => ({ ...value, terminal: name }))}
            className={classNames(
              'h-9 shrink-0 px-2.5 text-xs focus-visible:-outline-offset-2',
              name === active ? 'bg-surface text-ink inset-shadow-[0_2px_0_var(--accent)]' : 'text-ink-2 hover:bg-sunken hover:text-ink',
            )}
          >
            Terminal {index + 1}
          </button>
        ))}
      </div>
      <IconButton label="New terminal" disabled={terminals.length >= mostTerminals} onClick={open}>
        <Plus className="size-4" aria-hidden="true" />
      </IconButton>
      {terminals.length > 1 && (
        <IconButton label="Close this terminal" onClick={() => close(active)}>
          <X className="size-4" aria-hidden="true" />
        </IconButton>
      )}
    </>
  );
}

export function TerminalPane() {
  const terminals = useUi((state) => state.terminals);
  const active = useUi((state) => state.terminal);
  return (
    <Pane
      name="terminal"
      label="Terminal"
      bar={<TerminalTabs />}
      actions={<span className="px-2 text-xs whitespace-nowrap text-ink-3 max-xl:hidden">F6 leaves the terminal</span>}
    >
      <div className="relative min-h-0 flex-1">
        {terminals.map((name) => (
          <div
            key={name}
            role="tabpanel"
            id={`panel-${name}`}
            aria-labelledby={`tab-${name}`}
            className={classNames('absolute inset-0 pt-1.5 pl-3', name === active ? 'terminal-shown' : 'invisible')}
          >
            <Suspense fallback={null}>
              <TerminalScreen name={name} isShown={name === active} />
            </Suspense>
          </div>
        ))}
      </div>
    </Pane>
  );
}
