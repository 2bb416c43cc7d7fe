'use client';

import { Check } from 'lucide-react';
import { useState, useTransition } from 'react';
import type { ActionResult } from '#server/commands/to-action-result.ts';
import { Button } from '../_ui/button.tsx';

interface LessonDoneButtonProps {
  readonly day: number;
  readonly isDone: boolean;
  readonly finishAction: (day: number) => Promise<ActionResult<void>>;
}

export function LessonDoneButton({ day, isDone, finishAction }: LessonDoneButtonProps) {
  const [done, setDone] = useState(isDone);
  const [error, setError] = useState<string>();
  const [isPending, startTransition] = useTransition();
  if (done) {
    return (
      <p className="flex items-center gap-2 text-running" role="status">
        <Check className="size-4" aria-hidden="true" />
        You have read this lesson.
      </p>
    );
  }
  function finish(): void {
    startTransition(async () => {
      const result = await finishAction(day);
      setDone(result.ok);
      setError(result.ok ? undefined : result.userMessage);
    });
  }
  return (
    <>
      <Button disabled={isPending} onClick={finish}>
        <Check className="size-4" aria-hidden="true" />
        Mark as read
      </Button>
      {error && (
        <p role="alert" className="mt-2 text-sm text-failed">
          {error}
        </p>
      )}
    </>
  );
}
