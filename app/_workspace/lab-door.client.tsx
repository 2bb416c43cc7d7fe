'use client';

import { type ReactNode, useEffect, useState } from 'react';
import type { ActionResult } from '#server/commands/to-action-result.ts';
import { Button } from '../_ui/button.tsx';
import { NoticeBox } from '../_ui/notice-box.tsx';
import type { LabTextView } from './lab-view.ts';
import { LabWorkspace } from './workspace.client.tsx';

interface LabDoorProps {
  readonly lab: LabTextView;
  readonly labId: string;
  readonly startAction: (day: number, lab: string) => Promise<ActionResult<{ readonly session: string }>>;
  readonly fallback: ReactNode;
}

/** Opens the student's session of the lab, the one from last time if there is one, and then the workspace. */
export function LabDoor({ lab, labId, startAction, fallback }: LabDoorProps) {
  const [session, setSession] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const { day } = lab;
  useEffect(() => {
    let isCurrent = true;
    async function open(): Promise<void> {
      const result = await startAction(day, labId);
      if (!isCurrent) return;
      if (result.ok) setSession(result.value.session);
      else setProblem(result.userMessage);
    }
    open().catch(() => isCurrent && setProblem('The server did not answer. It may be restarting; try again in a moment.'));
    return () => {
      isCurrent = false;
    };
  }, [startAction, day, labId]);
  if (session !== undefined) return <LabWorkspace lab={{ ...lab, session }} fallback={fallback} />;
  return (
    <>
      {problem && (
        <div className="fixed inset-x-0 top-14 z-40 mx-auto w-[min(36rem,calc(100vw-2rem))]">
          <NoticeBox
            level="error"
            className="shadow-float"
            actions={
              <Button size="sm" onClick={() => location.reload()}>
                Try again
              </Button>
            }
          >
            {problem}
          </NoticeBox>
        </div>
      )}
      {fallback}
    </>
  );
}
