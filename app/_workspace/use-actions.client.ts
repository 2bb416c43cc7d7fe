'use client';

import { createContext, useCallback, useContext, useMemo, useState } from 'react';
import type { ApplyReply, Lever, ServerError } from '../../server/gateway/protocol.ts';
import type { Request } from '../_session/session-client.ts';
import { useWorkspace } from './workspace-context.client.tsx';

/** The answer to the last apply, shown under the editor. */
export type ApplyResult =
  | { readonly path: string; readonly outcome: 'running' }
  | { readonly path: string; readonly outcome: 'done'; readonly apply: ApplyReply }
  | { readonly path: string; readonly outcome: 'refused'; readonly error: ServerError };

export interface Actions {
  readonly applied: ApplyResult | undefined;
  readonly isChecking: boolean;
  /** Why the last check could not run. */
  readonly checkError: ServerError | undefined;
  applyFile(): void;
  dismissApplied(): void;
  check(): void;
  /** Sends a request whose refusal is told as a notice. */
  send(message: Request): Promise<boolean>;
  pull(action: Lever): Promise<string | undefined>;
}

export const ActionsContext = createContext<Actions | undefined>(undefined);

export function useActions(): Actions {
  const actions = useContext(ActionsContext);
  if (!actions) throw new Error('useActions is called outside the workspace.');
  return actions;
}

export function useCreateActions(): Actions {
  const { client, drafts, ui } = useWorkspace();
  const [applied, setApplied] = useState<ApplyResult>();
  const [isChecking, setIsChecking] = useState(false);
  const [checkError, setCheckError] = useState<ServerError>();

  const applyFile = useCallback(async () => {
    const path = ui.get().file;
    if (path === undefined) return;
    setApplied({ path, outcome: 'running' });
    const outcome = await drafts.apply(path);
    setApplied(outcome.ok ? { path, outcome: 'done', apply: outcome.apply } : { path, outcome: 'refused', error: outcome.error });
  }, [drafts, ui]);

  const check = useCallback(async () => {
    setIsChecking(true);
    setCheckError(undefined);
    drafts.flush();
    ui.update((value) => ({ ...value, phonePane: 'tasks', fullScreen: value.fullScreen === 'tasks' ? 'tasks' : undefined }));
    const reply = await client.request({ type: 'grade' });
    setIsChecking(false);
    if (!reply.ok) setCheckError(reply.error);
  }, [client, drafts, ui]);

  const send = useCallback(
    async (message: Request) => {
      const reply = await client.request(message);
      if (!reply.ok) client.notify('error', reply.error.userMessage);
      return reply.ok;
    },
    [client],
  );

  const pull = useCallback(
    async (action: Lever) => {
      const reply = await client.request({ type: 'pullLever', action });
      if (!reply.ok) {
        client.notify('error', reply.error.userMessage);
        return undefined;
      }
      return reply.result?.kind === 'lever' ? reply.result.text : '';
    },
    [client],
  );

  return useMemo(
    () => ({
      applied,
      isChecking,
      checkError,
      applyFile: () => void applyFile(),
      dismissApplied: () => setApplied(undefined),
      check: () => void check(),
      send,
      pull,
    }),
    [applied, isChecking, checkError, applyFile, check, send, pull],
  );
}
