'use client';

import { useEffect } from 'react';
import { panes } from './ui-state.ts';
import type { Actions } from './use-actions.client.ts';
import { useWorkspace } from './workspace-context.client.tsx';

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}

/** Moves the focus to the next pane that can be seen, and into its text where it has one. */
function focusNextPane(step: 1 | -1): void {
  const shown = panes.flatMap((name) => {
    const pane = document.querySelector<HTMLElement>(`[data-pane="${name}"]`);
    return pane && getComputedStyle(pane).visibility === 'visible' ? [pane] : [];
  });
  const current = document.activeElement?.closest<HTMLElement>('[data-pane]');
  const index = current ? shown.indexOf(current) : -1;
  const next = shown.at((index + step + shown.length) % shown.length);
  const inner = next?.querySelector<HTMLElement>('.monaco-editor textarea, .terminal-shown .xterm-helper-textarea');
  (inner ?? next)?.focus();
}

/** The keys that work everywhere in the workspace. They are taken before the editor and the terminal see them. */
export function useKeys(actions: Actions): void {
  const { ui } = useWorkspace();
  useEffect(() => {
    function run(event: KeyboardEvent): boolean {
      const isCommand = event.ctrlKey || event.metaKey;
      if (isCommand && event.key === 'Enter') {
        if (event.shiftKey) actions.check();
        else actions.applyFile();
        return true;
      }
      // Ctrl+K cuts a line in every shell; there the palette leaves it alone.
      const isInTerminal = event.target instanceof Element && event.target.closest('.xterm') !== null;
      if (isCommand && event.key.toLowerCase() === 'k' && !(isInTerminal && event.ctrlKey)) {
        ui.update((value) => ({ ...value, dialog: value.dialog === 'palette' ? undefined : 'palette' }));
        return true;
      }
      if (event.key === 'F6') {
        focusNextPane(event.shiftKey ? -1 : 1);
        return true;
      }
      if (event.key === '?' && !isTyping(event.target)) {
        ui.update((value) => ({ ...value, dialog: 'keys' }));
        return true;
      }
      return false;
    }
    function onKey(event: KeyboardEvent): void {
      if (!run(event)) return;
      event.preventDefault();
      event.stopPropagation();
    }
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [actions, ui]);
}
