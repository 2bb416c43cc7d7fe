'use client';

import { useEffect, useState } from 'react';
import { objectKey, objectLabel } from '../_session/session-state.ts';
import { CopyButton } from '../_ui/copy-button.client.tsx';
import { NoticeBox } from '../_ui/notice-box.tsx';
import { ScrollRegion } from '../_ui/scroll-region.tsx';
import { YamlText } from '../_ui/yaml-text.tsx';
import { useSession, useUi, useWorkspace } from './workspace-context.client.tsx';

const askDelayMs = 250;

/** The selected object as the API server has it at this moment. */
export function ObjectText() {
  const { client } = useWorkspace();
  const selected = useUi((state) => state.selected);
  const version = useSession((state) => (selected ? state.objects.get(objectKey(selected))?.resourceVersion : undefined));
  const [text, setText] = useState<{ readonly of: string; readonly yaml: string }>();
  const [error, setError] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` is not read; a new one is the reason to ask again.
  useEffect(() => {
    if (!selected) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const reply = await client.request({ type: 'getObject', object: selected });
      if (!isCurrent) return;
      setError(reply.ok ? undefined : reply.error.userMessage);
      if (reply.ok && reply.result?.kind === 'object') setText({ of: objectKey(selected), yaml: reply.result.yaml });
    }, askDelayMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, selected, version]);
  if (!selected)
    return <p className="p-4 text-ink-2">Nothing is selected. Press a pod, a node or a Service in the picture, or a name in the table.</p>;
  const isCurrent = text?.of === objectKey(selected);
  return (
    <>
      <div className="flex shrink-0 items-center gap-2 border-b py-1 pr-1 pl-3">
        <h3 className="min-w-0 flex-1 truncate font-semibold">{objectLabel(selected)}</h3>
        {isCurrent && <CopyButton text={text.yaml} label="Copy the YAML" />}
      </div>
      {error && (
        <NoticeBox level="error" className="m-3">
          {error}
        </NoticeBox>
      )}
      <ScrollRegion label={`YAML of ${objectLabel(selected)}`} className="min-h-0 flex-1 p-3">
        {isCurrent && <YamlText text={text.yaml} />}
      </ScrollRegion>
    </>
  );
}
