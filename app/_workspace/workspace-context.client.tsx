'use client';

import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { ObjectRef } from '../../server/gateway/protocol.ts';
import { maxFrameBytes, protocolVersion } from '../../server/gateway/protocol.ts';
import { createSessionClient, type SessionClient, type Wire, type WireEvents } from '../_session/session-client.ts';
import type { SessionState } from '../_session/session-state.ts';
import { type Draft, DraftKeeper } from './draft-keeper.ts';
import type { LabView } from './lab-view.ts';
import { isManifest } from './manifest-files.ts';
import { createStore, type Store } from './store.ts';
import { type InsightTab, initialUi, type UiState } from './ui-state.ts';

interface Workspace {
  readonly lab: LabView;
  readonly client: SessionClient;
  readonly drafts: DraftKeeper;
  readonly ui: Store<UiState>;
}

const WorkspaceContext = createContext<Workspace | undefined>(undefined);

function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

function openWebSocket(url: string, events: WireEvents): Wire {
  const socket = new WebSocket(url);
  socket.onopen = () => events.opened();
  socket.onmessage = (event) => events.received(String(event.data));
  socket.onclose = () => events.closed();
  return socket;
}

function createWorkspace(lab: LabView): Workspace {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const client = createSessionClient({
    session: lab.session,
    protocol: protocolVersion,
    maxFrameBytes,
    openWire: (events) => openWebSocket(`${scheme}://${location.host}/ws`, events),
    nowMs: () => Date.now(),
    chance: () => Math.random(),
    after,
  });
  const drafts = new DraftKeeper({ request: (message) => client.request(message), nowMs: () => Date.now(), after });
  return { lab, client, drafts, ui: createStore(initialUi) };
}

/** Keeps the file drafts in step with the session, and the session awake with the page. */
function connect({ client, drafts, ui }: Workspace): () => void {
  let files = client.getState().files;
  let status = client.getState().connection.status;
  const unsubscribe = client.subscribe(() => {
    const state = client.getState();
    if (state.files !== files) {
      files = state.files;
      drafts.receive(files);
      // What one applies comes before what one fills in.
      const first = [...files.keys()].find(isManifest) ?? files.keys().next().value;
      ui.update((value) => (value.file !== undefined && drafts.drafts.get().has(value.file) ? value : { ...value, file: first }));
    }
    if (state.terminals.length > 0 && state.terminals.some((terminal) => !ui.get().terminals.includes(terminal))) {
      ui.update((value) => ({ ...value, terminals: [...new Set([...value.terminals, ...state.terminals])] }));
    }
    if (state.connection.status === 'live' && status !== 'live') drafts.flush();
    status = state.connection.status;
  });
  const flush = () => drafts.flush();
  const retry = () => client.reconnectNow();
  window.addEventListener('pagehide', flush);
  window.addEventListener('online', retry);
  return () => {
    unsubscribe();
    window.removeEventListener('pagehide', flush);
    window.removeEventListener('online', retry);
  };
}

interface WorkspaceProviderProps {
  readonly lab: LabView;
  /** What the server renders, and what stands there until the workspace does. */
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

export function WorkspaceProvider({ lab, fallback, children }: WorkspaceProviderProps) {
  // The lab as it was opened: its text may be rendered anew, and that must not end the connection.
  const [opened] = useState(lab);
  const [workspace, setWorkspace] = useState<Workspace>();
  useEffect(() => {
    const created = createWorkspace(opened);
    const disconnect = connect(created);
    setWorkspace(created);
    return () => {
      disconnect();
      created.client.close();
    };
  }, [opened]);
  return workspace ? <WorkspaceContext value={workspace}>{children}</WorkspaceContext> : fallback;
}

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error('useWorkspace is called outside WorkspaceProvider.');
  return workspace;
}

/** `select` must return a value that stays the same while nothing changed. */
export function useSession<T>(select: (state: SessionState) => T): T {
  const { client } = useWorkspace();
  const read = () => select(client.getState());
  return useSyncExternalStore((listener) => client.subscribe(listener), read, read);
}

export function useUi<T>(select: (state: UiState) => T): T {
  const { ui } = useWorkspace();
  const read = () => select(ui.get());
  return useSyncExternalStore(ui.subscribe, read, read);
}

export function useDrafts(): ReadonlyMap<string, Draft> {
  const { drafts } = useWorkspace();
  return useSyncExternalStore(drafts.drafts.subscribe, drafts.drafts.get, drafts.drafts.get);
}

/** Selects an object and, when `tab` is given, brings what is known of it to the front. */
export function selectObject(ui: Store<UiState>, selected: ObjectRef, tab?: InsightTab): void {
  ui.update((value) => ({ ...value, selected, traceStep: undefined, ...(tab && { insight: tab, phonePane: 'cluster' as const }) }));
}

export function jumpToFile(ui: Store<UiState>, path: string, line: number, column: number): void {
  ui.update((value) => ({ ...value, file: path, phonePane: 'editor', jump: { path, line, column, at: Date.now() } }));
}
