'use client';

import { X } from 'lucide-react';
import { useEffect } from 'react';
import type { Notice } from '../_session/session-state.ts';
import { IconButton } from '../_ui/button.tsx';
import { NoticeBox } from '../_ui/notice-box.tsx';
import { useSession, useWorkspace } from './workspace-context.client.tsx';

const shownMs = 8000;

function NoticeLine({ notice }: { readonly notice: Notice }) {
  const { client } = useWorkspace();
  useEffect(() => {
    // An error stays until it was read.
    if (notice.level === 'error') return;
    const timer = setTimeout(() => client.dismissNotice(notice.id), shownMs);
    return () => clearTimeout(timer);
  }, [client, notice]);
  return (
    <NoticeBox
      level={notice.level}
      className="shadow-float"
      actions={
        <IconButton label="Dismiss" onClick={() => client.dismissNotice(notice.id)}>
          <X className="size-4" aria-hidden="true" />
        </IconButton>
      }
    >
      {notice.text}
    </NoticeBox>
  );
}

/** At the left, over the tasks: what was just done is watched at the right. */
export function NoticeStack() {
  const notices = useSession((state) => state.notices);
  return (
    <div className="fixed bottom-3 left-3 z-50 flex w-[min(18rem,calc(100vw-1.5rem))] flex-col gap-2 max-md:bottom-17">
      {notices.map((notice) => (
        <NoticeLine key={notice.id} notice={notice} />
      ))}
    </div>
  );
}
