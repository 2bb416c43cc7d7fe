'use client';

import { ArrowUpFromLine } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../_ui/button.tsx';
import { KeyCaps } from '../_ui/key-caps.tsx';
import { NoticeBox } from '../_ui/notice-box.tsx';
import { ApplyOutput } from './apply-output.client.tsx';
import { commandKey } from './command-key.ts';
import type { Draft } from './draft-keeper.ts';
import { FileTabs } from './file-tabs.client.tsx';
import { Pane } from './pane.client.tsx';
import { useActions } from './use-actions.client.ts';
import { useDrafts, useUi, useWorkspace } from './workspace-context.client.tsx';

const CodeEditor = lazy(async () => ({ default: (await import('./code-editor.client.tsx')).CodeEditor }));
const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

function savedText(draft: Draft): string {
  switch (draft.status) {
    case 'saved':
      return draft.savedAtMs === undefined ? 'Saved' : `Saved ${timeOfDay.format(draft.savedAtMs)}`;
    case 'unsaved':
    case 'saving':
      return 'Saving…';
    case 'conflict':
      return 'Edited in two tabs';
    case 'failed':
      return 'Not saved';
  }
}

function ConflictBox({ draft }: { readonly draft: Draft }) {
  const { drafts } = useWorkspace();
  const [isShown, setIsShown] = useState(false);
  if (!draft.theirs) return null;
  return (
    <NoticeBox
      level="warning"
      className="rounded-none border-x-0 border-t-0"
      actions={
        <>
          <Button size="sm" onClick={() => setIsShown(!isShown)}>
            {isShown ? 'Hide theirs' : 'See theirs'}
          </Button>
          <Button size="sm" onClick={() => drafts.resolve(draft.path, 'theirs')}>
            Take theirs
          </Button>
          <Button size="sm" look="primary" onClick={() => drafts.resolve(draft.path, 'mine')}>
            Keep mine
          </Button>
        </>
      }
    >
      Another tab changed {draft.path} while you were writing. Nothing is lost yet: choose which text to keep.
      {isShown && (
        <pre className="scroll-thin mt-2 max-h-40 overflow-auto rounded-sm bg-surface p-2 font-mono text-xs">{draft.theirs.text}</pre>
      )}
    </NoticeBox>
  );
}

function StatusLine({ draft, tabLeaves }: { readonly draft: Draft; readonly tabLeaves: boolean }) {
  const { applyFile, applied } = useActions();
  return (
    <div className="flex h-9 shrink-0 items-center gap-3 border-t bg-paper pr-1.5 pl-3 text-xs text-ink-3">
      <span role="status" className={draft.status === 'failed' ? 'text-failed' : undefined}>
        {draft.isReadOnly ? 'Read only' : savedText(draft)}
      </span>
      <span role="status" className="min-w-0 flex-1 truncate">
        {tabLeaves ? (
          'Tab now leaves the editor. Type to go on indenting with Tab.'
        ) : (
          <span className="max-xl:hidden">Esc, then Tab, leaves the editor</span>
        )}
      </span>
      <Button size="sm" onClick={applyFile} disabled={applied?.outcome === 'running'}>
        <ArrowUpFromLine className="size-3.5" aria-hidden="true" />
        {applied?.outcome === 'running' ? 'Applying…' : 'Apply'}
        <span aria-hidden="true" className="max-lg:hidden">
          <KeyCaps keys={`${commandKey}+↵`} />
        </span>
      </Button>
    </div>
  );
}

export function EditorPane() {
  const drafts = useDrafts();
  const active = useUi((state) => state.file);
  const { applied } = useActions();
  const [tabLeaves, setTabLeaves] = useState(false);
  const draft = active === undefined ? undefined : drafts.get(active);
  const problems = applied && applied.path === active ? problemsOf(applied) : noProblems;
  return (
    <Pane name="editor" label="Editor" bar={<FileTabs />}>
      <div id="editor-body" role="tabpanel" aria-label={active ?? 'No file'} className="flex min-h-0 flex-1 flex-col">
        {draft ? (
          <>
            <ConflictBox draft={draft} />
            {draft.status === 'failed' && draft.error && (
              <NoticeBox level="error" className="rounded-none border-x-0 border-t-0">
                {draft.error.userMessage}
              </NoticeBox>
            )}
            <div className="min-h-0 flex-1">
              <Suspense fallback={<pre className="overflow-hidden p-4 font-mono text-sm text-ink-3">{draft.text}</pre>}>
                <CodeEditor draft={draft} drafts={drafts} problems={problems} onTabLeaves={setTabLeaves} />
              </Suspense>
            </div>
            <ApplyOutput />
            <StatusLine draft={draft} tabLeaves={tabLeaves} />
          </>
        ) : (
          <p className="p-4 text-ink-2">
            No file is open. Press + above to make one, for example <code>service.yaml</code>; {commandKey}+Enter then applies it to the
            cluster.
          </p>
        )}
      </div>
    </Pane>
  );
}

const noProblems = [] as const;
function problemsOf(applied: NonNullable<ReturnType<typeof useActions>['applied']>) {
  if (applied.outcome === 'done') return applied.apply.problems;
  return applied.outcome === 'refused' ? (applied.error.problems ?? noProblems) : noProblems;
}
