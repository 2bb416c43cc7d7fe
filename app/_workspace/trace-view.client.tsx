'use client';

import { useEffect, useRef, useState } from 'react';
import type { ObjectRef, TraceView as TraceStep, WhyLink } from '../../server/gateway/protocol.ts';
import { isSameObject, objectKey, objectLabel } from '../_session/session-state.ts';
import { classNames } from '../_ui/class-names.ts';
import { componentName, Glyph } from '../_ui/glyphs.tsx';
import { ScrollRegion } from '../_ui/scroll-region.tsx';
import { WhyChain } from './check-line.client.tsx';
import { formatOffset } from './format-time.ts';
import { useLabTime } from './use-lab-time.client.ts';
import { selectObject, useSession, useUi, useWorkspace } from './workspace-context.client.tsx';

interface Story {
  readonly of: string;
  readonly links: readonly WhyLink[];
  readonly trace: readonly TraceStep[];
}

const askDelayMs = 250;
const feedLength = 60;

/** Asks the engine why the object is as it is, again whenever the object has changed. */
function useStory(selected: ObjectRef | undefined): Story | undefined {
  const { client } = useWorkspace();
  const version = useSession((state) => (selected ? state.objects.get(objectKey(selected))?.resourceVersion : undefined));
  const [story, setStory] = useState<Story>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` is not read; a new one is the reason to ask again.
  useEffect(() => {
    if (!selected) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const reply = await client.request({ type: 'why', object: selected });
      if (isCurrent && reply.ok && reply.result?.kind === 'why')
        setStory({ of: objectKey(selected), links: reply.result.links, trace: reply.result.trace });
    }, askDelayMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, selected, version]);
  return selected && story?.of === objectKey(selected) ? story : undefined;
}

interface StepLineProps {
  readonly step: TraceStep;
  readonly time: string;
  readonly about: ObjectRef | undefined;
  readonly isCurrent: boolean;
}

function StepLine({ step, time, about, isCurrent }: StepLineProps) {
  const { ui } = useWorkspace();
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isCurrent) line.current?.scrollIntoView({ block: 'center' });
  }, [isCurrent]);
  return (
    <li
      ref={line}
      aria-current={isCurrent ? 'step' : undefined}
      className={classNames('relative flex gap-2.5 px-3 py-1.5', isCurrent && 'bg-accent-wash')}
    >
      <span className="relative z-10 mt-0.5 flex size-6 shrink-0 items-center justify-center rounded-full border border-line-strong bg-surface text-ink-2">
        <Glyph name={step.actor} className="size-4" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2 text-xs text-ink-3">
          <span className="font-medium text-ink-2">
            {componentName(step.actor)}
            {step.node && ` · ${step.node}`}
          </span>
          <span className="tabular ml-auto font-mono">{time}</span>
        </p>
        <p className="leading-snug break-words">{step.text}</p>
        {about && (
          <button
            type="button"
            className="rounded-sm font-mono text-xs text-accent-ink hover:underline"
            onClick={() => selectObject(ui, about, 'trace')}
          >
            {objectLabel(about)}
          </button>
        )}
      </div>
    </li>
  );
}

/** Everything, as it happens: shown while nothing is selected. */
function Feed() {
  const trace = useSession((state) => state.trace);
  const labTime = useLabTime();
  return (
    <>
      <p className="border-b px-3 py-2 text-ink-2">
        Every step that any component takes, newest first. Select an object to read its own story.
      </p>
      <ol aria-label="Latest steps">
        {trace
          .slice(-feedLength)
          .reverse()
          .map((step) => (
            <StepLine key={step.id} step={step} time={labTime(step.atMs)} about={step.about} isCurrent={false} />
          ))}
      </ol>
    </>
  );
}

function StoryOf({ selected }: { readonly selected: ObjectRef }) {
  const story = useStory(selected);
  const current = useUi((state) => state.traceStep);
  const live = useSession((state) => state.trace);
  const steps = story?.trace ?? live.filter((step) => isSameObject(step.about, selected));
  const startMs = steps[0]?.atMs ?? 0;
  return (
    <>
      <div className="border-b px-3 py-2.5">
        <h3 className="font-semibold">{objectLabel(selected)}</h3>
        {story && story.links.length > 0 && (
          <div className="mt-1.5">
            <h4 className="text-xs font-medium text-ink-3">Why it is as it is</h4>
            <WhyChain links={story.links} />
          </div>
        )}
      </div>
      {steps.length === 0 && <p className="p-4 text-ink-2">Nothing has happened to it since the lab began.</p>}
      <ol
        aria-label={`Trace of ${objectLabel(selected)}`}
        className="relative py-1.5 before:absolute before:top-4 before:bottom-6 before:left-6 before:w-px before:bg-line-strong"
      >
        {steps.map((step) => (
          <StepLine
            key={step.id}
            step={step}
            time={formatOffset(step.atMs - startMs)}
            about={isSameObject(step.about, selected) ? undefined : step.about}
            isCurrent={step.id === current}
          />
        ))}
      </ol>
    </>
  );
}

export function TraceView() {
  const selected = useUi((state) => state.selected);
  return (
    <ScrollRegion label="Trace" className="min-h-0 flex-1">
      {selected ? <StoryOf key={objectKey(selected)} selected={selected} /> : <Feed />}
    </ScrollRegion>
  );
}
