'use client';

import { Lightbulb } from 'lucide-react';
import { useState } from 'react';
import type { CheckStatus, CheckView, ServerError, TickView, WhyLink } from '../../server/gateway/protocol.ts';
import { objectLabel } from '../_session/session-state.ts';
import { Button } from '../_ui/button.tsx';
import { classNames } from '../_ui/class-names.ts';
import { Glyph } from '../_ui/glyphs.tsx';
import { InlineCode } from '../_ui/inline-code.tsx';
import type { LabCheckView } from './lab-view.ts';
import { parsePlace } from './parse-place.ts';
import { jumpToFile, selectObject, useSession, useWorkspace } from './workspace-context.client.tsx';

const faces: Record<CheckStatus, { readonly word: string; readonly className: string; readonly path: string }> = {
  pass: { word: 'Holds', className: 'text-running', path: 'M2.4 6.4l2.4 2.4 4.8-5.4' },
  fail: { word: 'Not yet', className: 'text-ink-2', path: 'M6 2.6a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8' },
  error: { word: 'Our check broke', className: 'text-pending', path: 'M6 2v5M6 9v.6' },
  skipped: { word: 'Waits for an earlier check', className: 'text-unknown', path: 'M3 6h6' },
};

export function CheckStatusMark({ status }: { readonly status: CheckStatus }) {
  const { word, className, path } = faces[status];
  return (
    <span className={classNames('inline-flex shrink-0 items-center', className)}>
      <svg
        viewBox="0 0 12 12"
        className="size-3.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        aria-hidden="true"
      >
        <path d={path} />
      </svg>
      <span className="sr-only">{word}: </span>
    </span>
  );
}

export function WhyChain({ links }: { readonly links: readonly WhyLink[] }) {
  const { ui } = useWorkspace();
  return (
    <ol className="space-y-1">
      {links.map((link, index) => {
        const { about, component, trace } = link;
        const face = (
          <>
            <span className="text-ink-3" aria-hidden="true">
              {index === 0 ? '·' : '←'}
            </span>
            {component && <Glyph name={component} className="mt-px size-4" />}
            <span className="min-w-0">{link.text}</span>
          </>
        );
        if (!about)
          return (
            <li key={link.text} className="flex items-start gap-1.5">
              {face}
            </li>
          );
        return (
          <li key={link.text}>
            <button
              type="button"
              className="flex items-start gap-1.5 rounded-sm text-left hover:text-accent-ink hover:underline"
              onClick={() => {
                selectObject(ui, about, 'trace');
                if (trace !== undefined) ui.update((value) => ({ ...value, traceStep: trace }));
              }}
            >
              {face}
            </button>
          </li>
        );
      })}
    </ol>
  );
}

function Where({ graded }: { readonly graded: CheckView }) {
  const { ui } = useWorkspace();
  const place = graded.where === undefined ? undefined : parsePlace(graded.where);
  const { whereObject } = graded;
  if (!place && !whereObject) return graded.where ? <span>{graded.where}</span> : null;
  return (
    <span className="flex flex-wrap gap-1.5">
      {whereObject && (
        <Button size="sm" onClick={() => selectObject(ui, whereObject, 'trace')}>
          Show {objectLabel(whereObject)}
        </Button>
      )}
      {place && (
        <Button size="sm" onClick={() => jumpToFile(ui, place.path, place.line, place.column)}>
          Show {place.path}:{place.line}
        </Button>
      )}
    </span>
  );
}

function Detail({ graded }: { readonly graded: CheckView }) {
  const rows = [
    { name: 'Expected', value: graded.expected },
    { name: 'There is', value: graded.actual },
  ].filter((row) => row.value);
  return (
    <div className="mt-1.5 space-y-2 border-l-2 border-line-strong pl-2.5 text-sm">
      {graded.message && (
        <p>
          <InlineCode text={graded.message} />
        </p>
      )}
      {rows.length > 0 && (
        <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
          {rows.map((row) => (
            <div key={row.name} className="contents">
              <dt className="text-ink-3">{row.name}</dt>
              <dd className="min-w-0 font-mono text-xs leading-5 break-words">{row.value}</dd>
            </div>
          ))}
        </dl>
      )}
      {graded.why && graded.why.length > 0 && (
        <div>
          <h4 className="mb-0.5 text-xs font-medium text-ink-3">Why</h4>
          <WhyChain links={graded.why} />
        </div>
      )}
      <Where graded={graded} />
    </div>
  );
}

function Hints({ check }: { readonly check: LabCheckView }) {
  const { client } = useWorkspace();
  const known = useSession((state) => state.hintsUsed[check.id]);
  const [taken, setTaken] = useState<readonly string[]>();
  const [error, setError] = useState<ServerError>();
  const shown = taken ?? known ?? [];
  if (check.hints === 0) return null;
  async function take(): Promise<void> {
    const reply = await client.request({ type: 'useHint', check: check.id });
    if (!reply.ok) setError(reply.error);
    else if (reply.result?.kind === 'hint') setTaken(reply.result.hints);
  }
  return (
    <div className="mt-1">
      {shown.length > 0 && (
        <ol className="mb-1 list-decimal space-y-1 pl-5 text-sm text-ink-2">
          {shown.map((hint) => (
            <li key={hint}>
              <InlineCode text={hint} />
            </li>
          ))}
        </ol>
      )}
      {error && (
        <p role="alert" className="text-sm text-failed">
          {error.userMessage}
        </p>
      )}
      {shown.length < check.hints && (
        <button
          type="button"
          className="inline-flex items-center gap-1 rounded-sm text-sm text-ink-2 underline decoration-line-strong underline-offset-2 hover:text-accent-ink"
          onClick={() => void take()}
        >
          <Lightbulb className="size-3.5" aria-hidden="true" />
          Hint {shown.length + 1} of {check.hints}
          <span className="sr-only"> for: {check.title}</span>
        </button>
      )}
    </div>
  );
}

interface CheckLineProps {
  readonly check: LabCheckView;
  readonly tick: TickView | undefined;
  readonly graded: CheckView | undefined;
}

/** One check: what holds at this moment, what the last grading found, and the way to help. */
export function CheckLine({ check, tick, graded }: CheckLineProps) {
  const status = tick?.status ?? graded?.status ?? 'fail';
  const wasFixed = graded?.status === 'fail' && tick?.status === 'pass';
  const message = graded ? undefined : tick?.message;
  return (
    <li className="text-sm">
      <p className="flex items-start gap-1.5 leading-5">
        <span className="mt-[3px]">
          <CheckStatusMark status={status} />
        </span>
        <span className="min-w-0 flex-1">
          {check.title}
          {check.mode === 'guard' && <span className="text-ink-3"> · must keep holding</span>}
        </span>
        <span className="tabular shrink-0 text-xs text-ink-3">
          {graded ? `${graded.points}/${graded.max}` : check.points}
          <span className="sr-only"> points</span>
        </span>
      </p>
      <div className="pl-5">
        {message && status !== 'pass' && <p className="text-ink-2">{message}</p>}
        {wasFixed && <p className="text-running">Holds now. Check again to count it.</p>}
        {graded && graded.status !== 'pass' && !wasFixed && <Detail graded={graded} />}
        {status !== 'pass' && <Hints check={check} />}
      </div>
    </li>
  );
}
