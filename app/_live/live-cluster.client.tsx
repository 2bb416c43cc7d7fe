'use client';

import { Minus, Plus, Power, PowerOff } from 'lucide-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { ArchitectureFigure } from '../_lesson/architecture-figure.tsx';
import { Button, IconButton } from '../_ui/button.tsx';
import { classNames } from '../_ui/class-names.ts';
import { componentName, Glyph } from '../_ui/glyphs.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import type { LiveEngine, LiveNode, LivePicture, LivePod } from './live-engine.ts';

const tickMs = 100;
const shownSteps = 4;
const speeds = [1, 20] as const;

interface Live {
  readonly picture: LivePicture | undefined;
  readonly act: (work: (engine: LiveEngine) => void) => void;
}

/** Loads the engine once the figure comes into view, and runs it while it can be seen. */
function useLiveEngine(figure: RefObject<HTMLElement | null>, speed: number): Live {
  const engine = useRef<LiveEngine>(undefined);
  const [picture, setPicture] = useState<LivePicture>();
  useEffect(() => {
    let isVisible = false;
    let isCurrent = true;
    async function load(): Promise<void> {
      const { LiveEngine: Engine } = await import('./live-engine.ts');
      if (isCurrent) engine.current ??= new Engine();
    }
    const observer = new IntersectionObserver((entries) => {
      isVisible = entries.some((entry) => entry.isIntersecting);
      // Without the engine the drawn figure stays, which says the same at rest.
      if (isVisible) load().catch(() => undefined);
    });
    if (figure.current) observer.observe(figure.current);
    const timer = setInterval(() => {
      if (engine.current && isVisible && !document.hidden) setPicture(engine.current.advance(tickMs * speed));
    }, tickMs);
    return () => {
      isCurrent = false;
      observer.disconnect();
      clearInterval(timer);
    };
  }, [figure, speed]);
  function act(work: (engine: LiveEngine) => void): void {
    if (!engine.current) return;
    work(engine.current);
    setPicture(engine.current.advance(0));
  }
  return { picture, act };
}

function PodButton({ pod, act }: { readonly pod: LivePod; readonly act: Live['act'] }) {
  const shortName = pod.name.split('-').at(-1);
  return (
    <button
      type="button"
      aria-label={`Delete pod ${pod.name}, ${pod.word}`}
      onClick={() => act((engine) => engine.deletePod(pod.name))}
      className="rounded-md border border-line-strong bg-surface px-2 py-1 text-left font-mono text-xs transition-colors duration-150 hover:border-failed"
    >
      <span className="flex items-center gap-1.5">
        <StateMark state={pod.state} hideWord />
        web-{shortName}
      </span>
      <span className="block font-sans text-2xs text-ink-3">{pod.word}</span>
    </button>
  );
}

function NodePlate({ node, act }: { readonly node: LiveNode; readonly act: Live['act'] }) {
  const Icon = node.isOn ? PowerOff : Power;
  return (
    <section
      aria-label={node.name}
      className={classNames('rounded-lg border bg-paper', node.isOn ? 'border-line-strong' : 'border-dashed border-failed')}
    >
      <div className="flex items-center gap-2 border-b py-1 pr-1 pl-3">
        <span className="text-sm font-semibold">{node.name}</span>
        <StateMark state={node.isReady ? 'running' : 'failed'} word={node.isReady ? 'Ready' : 'NotReady'} className="text-xs" />
        <IconButton
          label={node.isOn ? `Power off ${node.name}` : `Power on ${node.name}`}
          className="ml-auto"
          onClick={() => act((engine) => engine.togglePower(node.name))}
        >
          <Icon className="size-4" aria-hidden="true" />
        </IconButton>
      </div>
      <div className="flex min-h-24 flex-wrap content-start gap-1.5 p-2">
        {node.pods.map((pod) => (
          <PodButton key={pod.name} pod={pod} act={act} />
        ))}
      </div>
    </section>
  );
}

function ComponentButton({ component, act }: { readonly component: LivePicture['components'][number]; readonly act: Live['act'] }) {
  const isUp = component.health === 'running';
  return (
    <button
      type="button"
      aria-label={`${isUp ? 'Stop' : 'Start'} ${componentName(component.name)}`}
      onClick={() => act((engine) => engine.toggleComponent(component.name))}
      className={classNames(
        'flex min-w-0 flex-col items-center gap-1 rounded-md border px-1.5 py-2 text-center text-xs leading-tight transition-colors duration-150 hover:border-accent',
        isUp ? 'border-line-strong bg-surface' : 'border-failed bg-failed-wash',
      )}
    >
      <Glyph name={component.name} className="size-6 text-ink-2" />
      {componentName(component.name)}
      <StateMark state={isUp ? 'running' : 'failed'} word={component.health} className="text-2xs" />
    </button>
  );
}

function Steps({ picture }: { readonly picture: LivePicture }) {
  return (
    <ol className="h-27 overflow-hidden text-sm" aria-label="What just happened">
      {picture.steps.slice(0, shownSteps).map((step) => (
        <li key={step.id} className="flex h-6.5 items-center gap-2">
          <Glyph name={step.actor} className="size-4 text-ink-2" />
          <span className="shrink-0 font-medium">{componentName(step.actor)}</span>
          <span className="truncate text-ink-2">{step.text}</span>
        </li>
      ))}
      {picture.steps.length === 0 && <li className="text-ink-2">At rest. Press a pod to delete it, and see who puts it back.</li>}
    </ol>
  );
}

function Plate({ picture, act }: { readonly picture: LivePicture; readonly act: Live['act'] }) {
  return (
    <>
      <div className="grid grid-cols-4 gap-2">
        {picture.components.map((component) => (
          <ComponentButton key={component.name} component={component} act={act} />
        ))}
      </div>
      <div className="mt-2 grid grid-cols-2 gap-2">
        {picture.nodes.map((node) => (
          <NodePlate key={node.name} node={node} act={act} />
        ))}
      </div>
      {picture.waiting.length > 0 && (
        <div className="mt-2 flex flex-wrap items-center gap-1.5 rounded-lg border border-dashed border-line-strong p-2">
          <span className="text-xs text-ink-2">No node yet</span>
          {picture.waiting.map((pod) => (
            <PodButton key={pod.name} pod={pod} act={act} />
          ))}
        </div>
      )}
      {!picture.isApiUp && (
        <p className="mt-2 text-sm text-failed">The API does not answer. Pods run on; nobody can change or see anything new.</p>
      )}
      <div className="mt-3 border-t pt-3">
        <Steps picture={picture} />
      </div>
    </>
  );
}

/** A cluster of two nodes that runs in the page. Everything on it can be broken. */
export function LiveCluster({ caption }: { readonly caption?: string }) {
  const figure = useRef<HTMLElement>(null);
  const [speed, setSpeed] = useState<(typeof speeds)[number]>(1);
  const { picture, act } = useLiveEngine(figure, speed);
  return (
    <figure ref={figure} className="my-6">
      {picture ? (
        <div className="rounded-lg border bg-surface p-3">
          <div className="mb-2 flex items-center gap-2 text-sm">
            <span className="font-mono">web</span>
            <IconButton label="One replica less" onClick={() => act((engine) => engine.scale(-1))}>
              <Minus className="size-4" aria-hidden="true" />
            </IconButton>
            <span className="tabular">{picture.replicas} replicas</span>
            <IconButton label="One replica more" onClick={() => act((engine) => engine.scale(1))}>
              <Plus className="size-4" aria-hidden="true" />
            </IconButton>
            <Button size="sm" className="ml-auto" aria-pressed={speed !== 1} onClick={() => setSpeed(speed === 1 ? 20 : 1)}>
              {speed === 1 ? 'Time ×1' : 'Time ×20'}
            </Button>
          </div>
          <Plate picture={picture} act={act} />
        </div>
      ) : (
        <ArchitectureFigure />
      )}
      {caption && <figcaption className="mt-2 text-sm text-ink-2">{caption}</figcaption>}
    </figure>
  );
}
