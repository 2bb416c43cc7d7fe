'use client';

import { Accordion } from 'radix-ui';
import { useEffect, useRef, useState } from 'react';
import type { CheckView, GradeView, TickView } from '../../server/gateway/protocol.ts';
import { Button } from '../_ui/button.tsx';
import { classNames } from '../_ui/class-names.ts';
import { NoticeBox } from '../_ui/notice-box.tsx';
import { ScrollRegion } from '../_ui/scroll-region.tsx';
import { CheckLine } from './check-line.client.tsx';
import type { LabTaskView } from './lab-view.ts';
import { Pane, PaneTitle } from './pane.client.tsx';
import { useActions } from './use-actions.client.ts';
import { useSession, useWorkspace } from './workspace-context.client.tsx';

function isTaskDone(task: LabTaskView, ticks: ReadonlyMap<string, TickView>): boolean {
  return task.checks.length > 0 && task.checks.every((check) => ticks.get(check.id)?.status === 'pass');
}

function TaskNumber({ number, isDone, isNext }: { readonly number: number; readonly isDone: boolean; readonly isNext: boolean }) {
  return (
    <span
      className={classNames(
        'tabular mt-px inline-flex size-5 shrink-0 items-center justify-center rounded-full text-xs font-semibold',
        isDone && 'bg-running text-surface',
        !isDone && isNext && 'bg-accent text-on-accent',
        !isDone && !isNext && 'border border-line-strong text-ink-2',
      )}
    >
      {isDone ? (
        <svg viewBox="0 0 12 12" className="size-3" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true">
          <path d="M2.4 6.4l2.4 2.4 4.8-5.4" />
        </svg>
      ) : (
        number
      )}
      <span className="sr-only">{isDone ? `Task ${number}, done` : isNext ? `Task ${number}, next` : `Task ${number}`}</span>
    </span>
  );
}

interface TaskItemProps {
  readonly task: LabTaskView;
  readonly number: number;
  readonly isNext: boolean;
  readonly ticks: ReadonlyMap<string, TickView>;
  readonly graded: ReadonlyMap<string, CheckView>;
}

function TaskItem({ task, number, isNext, ticks, graded }: TaskItemProps) {
  return (
    <Accordion.Item value={task.id} className="border-b">
      <Accordion.Header asChild>
        <h3>
          <Accordion.Trigger className="flex w-full items-start gap-2.5 px-3 py-2.5 text-left text-base leading-snug font-medium hover:bg-sunken focus-visible:-outline-offset-2">
            <TaskNumber number={number} isDone={isTaskDone(task, ticks)} isNext={isNext} />
            <span className="min-w-0 flex-1">{task.title}</span>
          </Accordion.Trigger>
        </h3>
      </Accordion.Header>
      <Accordion.Content className="pr-3 pb-3 pl-[2.625rem]">
        <div className="task-text">{task.body}</div>
        <ul className="mt-2.5 space-y-1.5">
          {task.checks.map((check) => (
            <CheckLine key={check.id} check={check} tick={ticks.get(check.id)} graded={graded.get(check.id)} />
          ))}
        </ul>
      </Accordion.Content>
    </Accordion.Item>
  );
}

function Verdict({ grade }: { readonly grade: GradeView }) {
  const failed = grade.checks.filter((check) => check.status === 'fail').length;
  if (!grade.gradable) {
    return (
      <NoticeBox level="warning" className="m-3">
        Not checked, and not counted as an attempt: {grade.because}
      </NoticeBox>
    );
  }
  const isComplete = grade.score >= grade.max;
  return (
    <div className={classNames('m-3 rounded-md border p-3', isComplete ? 'border-running bg-running-wash' : 'bg-paper')} role="status">
      <p className="flex items-baseline justify-between gap-3">
        <strong className="text-base font-semibold">{isComplete ? 'All of it holds.' : 'Not yet.'}</strong>
        <span className="tabular text-sm text-ink-2">
          {grade.score} of {grade.max} points
        </span>
      </p>
      <p className="mt-0.5 text-sm text-ink-2">
        {isComplete
          ? `Attempt ${grade.attempt}, checked in ${Math.round(grade.milliseconds)} ms. Your progress is saved.`
          : `${failed} of ${grade.checks.length} checks do not hold. Each says below what was expected and what is there.`}
      </p>
    </div>
  );
}

export function TasksPane() {
  const { lab } = useWorkspace();
  const { checkError, isChecking, check } = useActions();
  const ticks = useSession((state) => state.ticks);
  const grade = useSession((state) => state.grade);
  const isLoaded = useSession((state) => state.isLoaded);
  const graded = new Map(grade?.checks.map((one) => [one.id, one]));
  const next = lab.tasks.find((task) => !isTaskDone(task, ticks))?.id;
  const [open, setOpen] = useState<readonly string[]>([]);
  const hasOpened = useRef(false);
  const body = useRef<HTMLElement>(null);
  useEffect(() => {
    if (hasOpened.current || !isLoaded) return;
    hasOpened.current = true;
    setOpen(next === undefined ? [] : [next]);
  }, [isLoaded, next]);
  useEffect(() => {
    if (!grade) return;
    // What does not hold must be in view without another click.
    const failing = grade.checks.filter((one) => one.status !== 'pass').map((one) => one.task);
    setOpen((value) => [...new Set([...value, ...failing])]);
    body.current?.scrollTo({ top: 0 });
  }, [grade]);
  return (
    <Pane name="tasks" label="Tasks" bar={<PaneTitle>Tasks</PaneTitle>}>
      <ScrollRegion ref={body} label="Task list" className="min-h-0 flex-1">
        {checkError && (
          <NoticeBox
            level="error"
            className="m-3"
            actions={
              <Button size="sm" onClick={check}>
                Check again
              </Button>
            }
          >
            {checkError.userMessage}
          </NoticeBox>
        )}
        {isChecking && (
          <p className="m-3 text-sm text-ink-2" role="status">
            Checking a copy of your cluster…
          </p>
        )}
        {grade && !isChecking && <Verdict grade={grade} />}
        <div className="task-text border-b px-3 py-3">{lab.intro}</div>
        <Accordion.Root type="multiple" value={[...open]} onValueChange={setOpen}>
          {lab.tasks.map((task, index) => (
            <TaskItem key={task.id} task={task} number={index + 1} isNext={task.id === next} ticks={ticks} graded={graded} />
          ))}
        </Accordion.Root>
      </ScrollRegion>
    </Pane>
  );
}
