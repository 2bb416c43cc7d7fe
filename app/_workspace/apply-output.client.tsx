'use client';

import { X } from 'lucide-react';
import type { Problem } from '../../server/gateway/protocol.ts';
import { IconButton } from '../_ui/button.tsx';
import { classNames } from '../_ui/class-names.ts';
import { useActions } from './use-actions.client.ts';
import { jumpToFile, useWorkspace } from './workspace-context.client.tsx';

function ProblemLine({ problem, path }: { readonly problem: Problem; readonly path: string }) {
  const { ui } = useWorkspace();
  const { line, column } = problem;
  if (line === undefined) return <li className="text-failed">{problem.message}</li>;
  return (
    <li>
      <button
        type="button"
        className="rounded-sm text-left text-failed hover:underline"
        onClick={() => jumpToFile(ui, problem.path ?? path, line, column ?? 1)}
      >
        {problem.path ?? path}:{line}
        {column === undefined ? '' : `:${column}`}: {problem.message}
      </button>
    </li>
  );
}

/** What the API server said to the last apply, in its own words. */
export function ApplyOutput() {
  const { applied, dismissApplied } = useActions();
  if (!applied || applied.outcome === 'running') return null;
  const problems = applied.outcome === 'done' ? applied.apply.problems : (applied.error.problems ?? []);
  const lines = applied.outcome === 'done' ? applied.apply.lines : [];
  const warnings = applied.outcome === 'done' ? applied.apply.warnings : [];
  const hasFailed = applied.outcome === 'refused' || problems.length > 0;
  return (
    <div
      role="status"
      className={classNames(
        'scroll-thin flex max-h-32 shrink-0 items-start overflow-auto border-t',
        hasFailed ? 'bg-failed-wash' : 'bg-sunken',
      )}
    >
      <ul className="min-w-0 flex-1 space-y-0.5 px-3 py-1.5 font-mono text-xs leading-5">
        {applied.outcome === 'refused' && <li className="font-sans text-sm text-failed">{applied.error.userMessage}</li>}
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
        {warnings.map((warning) => (
          <li key={warning} className="text-pending">
            Warning: {warning}
          </li>
        ))}
        {problems.map((problem) => (
          <ProblemLine key={`${problem.line}:${problem.column}:${problem.message}`} problem={problem} path={applied.path} />
        ))}
      </ul>
      <IconButton label="Dismiss the answer" className="m-0.5" onClick={dismissApplied}>
        <X className="size-3.5" aria-hidden="true" />
      </IconButton>
    </div>
  );
}
