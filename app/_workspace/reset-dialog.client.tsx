'use client';

import { AlertDialog } from 'radix-ui';
import { Button } from '../_ui/button.tsx';
import { dialogClass, overlayClass } from '../_ui/dialog-class.ts';
import { useActions } from './use-actions.client.ts';
import { useSession, useUi, useWorkspace } from './workspace-context.client.tsx';

export function ResetDialog() {
  const { client, ui } = useWorkspace();
  const { send } = useActions();
  const isOpen = useUi((state) => state.dialog === 'reset');
  const canUndo = useSession((state) => state.canUndoReset);
  const close = () => ui.update((value) => ({ ...value, dialog: undefined }));
  async function reset(type: 'reset' | 'undoReset'): Promise<void> {
    close();
    if (!(await send({ type }))) return;
    client.notify(
      'info',
      type === 'reset' ? 'The lab starts over. "Start over" in the header can take this back.' : 'Your earlier work is back.',
    );
  }
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(next) => !next && close()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlayClass} />
        <AlertDialog.Content className={dialogClass}>
          <AlertDialog.Title className="text-lg font-semibold">Start this lab over?</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-base text-ink-2">
            The cluster and the files go back to how the lab began. Your best score is kept, and your work of now is set aside so that you
            can take this back.
          </AlertDialog.Description>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            {canUndo && <Button onClick={() => void reset('undoReset')}>Take back the last start-over</Button>}
            <AlertDialog.Cancel asChild>
              <Button>Go on working</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button look="danger" onClick={() => void reset('reset')}>
                Start over
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
