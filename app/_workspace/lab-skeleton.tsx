import { ScrollRegion } from '../_ui/scroll-region.tsx';
import type { LabTextView } from './lab-view.ts';

/** The lab before its script has loaded: every word of the tasks, in the place where the workspace will have them. */
export function LabSkeleton({ lab }: { readonly lab: LabTextView }) {
  return (
    <div className="flex h-dvh flex-col overflow-hidden bg-paper text-sm">
      <header className="flex h-12 shrink-0 items-center gap-3 border-b px-3">
        <a href={`/days/${lab.day}`} className="text-ink-2 hover:text-ink">
          Day {lab.day}
        </a>
        <h1 className="truncate font-semibold">{lab.title}</h1>
        <p className="ml-auto text-ink-3" role="status">
          Opening the workspace…
        </p>
      </header>
      <main className="grid min-h-0 flex-1 grid-cols-[23fr_40fr_37fr] max-[820px]:grid-cols-1">
        <ScrollRegion label="Tasks" className="border-r bg-surface">
          <h2 className="h-9 border-b bg-paper px-3 leading-9 font-semibold">Tasks</h2>
          <div className="task-text border-b px-3 py-3">{lab.intro}</div>
          <ol>
            {lab.tasks.map((task, index) => (
              <li key={task.id} className="border-b px-3 py-2.5">
                <h3 className="text-base leading-snug font-medium">
                  {index + 1}. {task.title}
                </h3>
                <div className="task-text mt-1">{task.body}</div>
              </li>
            ))}
          </ol>
        </ScrollRegion>
        <div className="border-r bg-surface max-[820px]:hidden" />
        <div className="bg-surface max-[820px]:hidden" />
      </main>
    </div>
  );
}
