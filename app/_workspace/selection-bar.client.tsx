'use client';

import { X } from 'lucide-react';
import { objectKey, objectLabel } from '../_session/session-state.ts';
import { Button, IconButton } from '../_ui/button.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { useActions } from './use-actions.client.ts';
import { useSession, useUi, useWorkspace } from './workspace-context.client.tsx';

/** What is selected, and what one can do with it. */
export function SelectionBar() {
  const { client, ui } = useWorkspace();
  const { pull } = useActions();
  const selected = useUi((state) => state.selected);
  const insight = useUi((state) => state.insight);
  const object = useSession((state) => (selected ? state.objects.get(objectKey(selected)) : undefined));
  if (!selected) return null;
  async function kill(container: string): Promise<void> {
    if (!selected?.namespace) return;
    const text = await pull({ lever: 'killContainer', namespace: selected.namespace, pod: selected.name, container });
    if (text) client.notify('info', text);
  }
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-t bg-paper py-1 pr-1 pl-3">
      <div className="min-w-0 flex-1 basis-44">
        <p className="truncate text-xs font-medium">{objectLabel(selected)}</p>
        <p className="text-2xs">
          {object ? <StateMark state={object.state} word={object.status} /> : <StateMark state="unknown" word="No longer there" />}
        </p>
      </div>
      {insight !== 'trace' && (
        <Button size="sm" onClick={() => ui.update((value) => ({ ...value, insight: 'trace' }))}>
          Trace
        </Button>
      )}
      {insight !== 'object' && (
        <Button size="sm" onClick={() => ui.update((value) => ({ ...value, insight: 'object' }))}>
          YAML
        </Button>
      )}
      {object?.pod?.containers.map((container) => (
        <Button key={container.name} size="sm" onClick={() => void kill(container.name)}>
          Kill {container.name}
        </Button>
      ))}
      <IconButton label="Clear the selection" onClick={() => ui.update((value) => ({ ...value, selected: undefined }))}>
        <X className="size-3.5" aria-hidden="true" />
      </IconButton>
    </div>
  );
}
