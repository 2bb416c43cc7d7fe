'use client';

import { useEffect, useState } from 'react';
import { Button } from '../_ui/button.tsx';
import { NoticeBox } from '../_ui/notice-box.tsx';
import { useSession, useWorkspace } from './workspace-context.client.tsx';

function useSecondsUntil(atMs: number | undefined): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (atMs === undefined) return;
    const tick = () => setSeconds(Math.max(0, Math.ceil((atMs - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [atMs]);
  return seconds;
}

/** Says when the line is down, what that means for the work, and when it is tried again. */
export function ConnectionBanner() {
  const { client } = useWorkspace();
  const connection = useSession((state) => state.connection);
  const tabs = useSession((state) => state.tabs);
  const seconds = useSecondsUntil(connection.status === 'reconnecting' ? connection.retryAtMs : undefined);
  if (connection.status === 'refused') {
    return (
      <NoticeBox
        level="error"
        className="rounded-none border-x-0"
        actions={
          <Button size="sm" onClick={() => location.reload()}>
            Reload
          </Button>
        }
      >
        {connection.error.userMessage}
      </NoticeBox>
    );
  }
  if (connection.status === 'reconnecting') {
    return (
      <NoticeBox
        level="warning"
        className="rounded-none border-x-0"
        actions={
          <Button size="sm" onClick={() => client.reconnectNow()}>
            Try now
          </Button>
        }
      >
        The connection to your cluster is lost. You can go on writing: your text is kept here and saved when the line is back.{' '}
        <span aria-hidden="true">{seconds > 0 ? `Next try in ${seconds} s.` : 'Trying…'}</span>
      </NoticeBox>
    );
  }
  if (tabs > 1) {
    return (
      <NoticeBox level="info" className="rounded-none border-x-0 py-1">
        This lab is open in {tabs} tabs. They share one cluster; files that both edit are asked about.
      </NoticeBox>
    );
  }
  return null;
}
