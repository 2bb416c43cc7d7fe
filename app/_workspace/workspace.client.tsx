'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { ClusterPane } from './cluster-pane.client.tsx';
import { CommandPalette } from './command-palette.client.tsx';
import { ConnectionBanner } from './connection-banner.client.tsx';
import { EditorPane } from './editor-pane.client.tsx';
import { KeysDialog } from './keys-dialog.client.tsx';
import type { LabView } from './lab-view.ts';
import { NoticeStack } from './notice-stack.client.tsx';
import { PaneGrid } from './pane-grid.client.tsx';
import { PhonePanes } from './phone-panes.client.tsx';
import { ResetDialog } from './reset-dialog.client.tsx';
import { TasksPane } from './tasks-pane.client.tsx';
import { TerminalPane } from './terminal-pane.client.tsx';
import { ActionsContext, useCreateActions } from './use-actions.client.ts';
import { useKeys } from './use-keys.client.ts';
import { WorkspaceProvider } from './workspace-context.client.tsx';
import { WorkspaceHeader } from './workspace-header.client.tsx';

const phoneQuery = '(max-width: 820px)';

function useIsPhone(): boolean {
  const [isPhone, setIsPhone] = useState(() => matchMedia(phoneQuery).matches);
  useEffect(() => {
    const query = matchMedia(phoneQuery);
    const follow = () => setIsPhone(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return isPhone;
}

const panes = { tasks: <TasksPane />, editor: <EditorPane />, terminal: <TerminalPane />, cluster: <ClusterPane /> };

function WorkspaceFrame() {
  const actions = useCreateActions();
  const isPhone = useIsPhone();
  useKeys(actions);
  return (
    <ActionsContext value={actions}>
      <div className="flex h-dvh flex-col overflow-hidden bg-paper text-sm">
        <WorkspaceHeader />
        <ConnectionBanner />
        <main className="min-h-0 flex-1">{isPhone ? <PhonePanes panes={panes} /> : <PaneGrid panes={panes} />}</main>
        <NoticeStack />
        <CommandPalette />
        <KeysDialog />
        <ResetDialog />
      </div>
    </ActionsContext>
  );
}

/** The lab workspace. Loaded only where a lab is open, because the editor and the terminal come with it. */
export function LabWorkspace({ lab, fallback }: { readonly lab: LabView; readonly fallback: ReactNode }) {
  return (
    <WorkspaceProvider key={lab.session} lab={lab} fallback={fallback}>
      <WorkspaceFrame />
    </WorkspaceProvider>
  );
}
