'use client';

import { Dialog } from 'radix-ui';
import { Button } from '../_ui/button.tsx';
import { dialogClass, overlayClass } from '../_ui/dialog-class.ts';
import { KeyCaps } from '../_ui/key-caps.tsx';
import { commandKey } from './command-key.ts';
import { useUi, useWorkspace } from './workspace-context.client.tsx';

const keys = [
  { keys: `${commandKey}+Enter`, does: 'Apply the open file' },
  { keys: `${commandKey}+Shift+Enter`, does: 'Check the lab' },
  { keys: `${commandKey}+K`, does: 'Palette: go to an object, a file, a command' },
  { keys: 'F6', does: 'Next pane (with Shift: the one before)' },
  { keys: 'Esc', does: 'In the editor: Tab leaves it, until you type again' },
  { keys: `${commandKey}+Space`, does: 'In the editor: what may stand here' },
  { keys: '← →', does: 'On a divider: resize the panes beside it' },
  { keys: '?', does: 'This list' },
];

export function KeysDialog() {
  const { ui } = useWorkspace();
  const isOpen = useUi((state) => state.dialog === 'keys');
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => !next && ui.update((value) => ({ ...value, dialog: undefined }))}>
      <Dialog.Portal>
        <Dialog.Overlay className={overlayClass} />
        <Dialog.Content className={dialogClass} aria-describedby={undefined}>
          <Dialog.Title className="text-lg font-semibold">Keys</Dialog.Title>
          <dl className="mt-3 divide-y">
            {keys.map((entry) => (
              <div key={entry.keys} className="flex items-center justify-between gap-6 py-2 text-base">
                <dt className="text-ink-2">{entry.does}</dt>
                <dd>
                  <KeyCaps keys={entry.keys} />
                </dd>
              </div>
            ))}
          </dl>
          <div className="mt-4 flex justify-end">
            <Dialog.Close asChild>
              <Button>Close</Button>
            </Dialog.Close>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
