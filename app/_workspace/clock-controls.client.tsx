'use client';

import { FastForward, History, Pause, Play, StepForward } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useEffect, useRef } from 'react';
import type { ClockView } from '../../server/gateway/protocol.ts';
import { IconButton } from '../_ui/button.tsx';
import { classNames } from '../_ui/class-names.ts';
import { menuClass, menuItemClass, menuLabelClass } from '../_ui/menu-class.ts';
import { useActions } from './use-actions.client.ts';
import { useLabTime } from './use-lab-time.client.ts';
import { useSession, useWorkspace } from './workspace-context.client.tsx';

const speeds = [1, 5, 20, 60] as const;
// Between two reports the clock is carried on, but never far: the server is the one that knows.
const carriedOnMs = 1500;

/** Writes the running clock into one text node, without rendering the header ten times a second. */
function ClockFace({ clock }: { readonly clock: ClockView }) {
  const face = useRef<HTMLTimeElement>(null);
  const labTime = useLabTime();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `labTime` follows from the clock.
  useEffect(() => {
    const reportedAt = performance.now();
    function show(): void {
      const elapsed = clock.paused ? 0 : Math.min(performance.now() - reportedAt, carriedOnMs) * clock.speed;
      if (face.current) face.current.textContent = labTime(clock.nowMs + elapsed);
    }
    show();
    if (clock.paused) return;
    const timer = setInterval(show, 100);
    return () => clearInterval(timer);
  }, [clock]);
  return <time ref={face} className="tabular font-mono text-sm" title={`The cluster's own time: ${clock.now}`} />;
}

function TimelineMenu({ clock }: { readonly clock: ClockView }) {
  const { client } = useWorkspace();
  const { send } = useActions();
  const labTime = useLabTime();
  async function rewind(toMs: number): Promise<void> {
    const isDone = await send({ type: 'rewind', toMs });
    if (isDone) client.notify('info', `The cluster is back at ${labTime(toMs)}. Your files are as they were.`);
  }
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton label="Turn the clock back" disabled={clock.timeline.length === 0}>
          <History className="size-4" aria-hidden="true" />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menuClass} align="center" sideOffset={6}>
          <DropdownMenu.Label className={menuLabelClass}>Go back to the cluster as it was</DropdownMenu.Label>
          {[...clock.timeline].reverse().map((point) => (
            <DropdownMenu.Item key={point.atMs} className={menuItemClass} onSelect={() => void rewind(point.atMs)}>
              <span className="tabular font-mono text-xs text-ink-3">{labTime(point.atMs)}</span>
              <span>{point.label}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function SpeedButtons({ clock }: { readonly clock: ClockView }) {
  const { send } = useActions();
  return (
    <fieldset className="flex items-center max-md:hidden" aria-label="Speed of the clock">
      {speeds.map((speed) => (
        <button
          key={speed}
          type="button"
          aria-pressed={clock.speed === speed}
          onClick={() => void send({ type: 'setClock', speed, paused: false })}
          className={classNames(
            'tabular h-7 rounded-md px-1.5 text-xs text-ink-2 transition-colors duration-150 hover:bg-sunken',
            'aria-pressed:bg-accent-wash aria-pressed:font-semibold aria-pressed:text-accent-ink',
          )}
        >
          ×{speed}
        </button>
      ))}
    </fieldset>
  );
}

export function ClockControls() {
  const clock = useSession((state) => state.clock);
  const { send } = useActions();
  if (!clock) return <span className="text-sm text-ink-3">Starting your cluster…</span>;
  return (
    <div className="flex items-center gap-0.5 rounded-lg border bg-surface px-1 py-0.5">
      <IconButton
        label={clock.paused ? 'Run the clock' : 'Pause the clock'}
        onClick={() => void send({ type: 'setClock', paused: !clock.paused })}
      >
        {clock.paused ? <Play className="size-4" aria-hidden="true" /> : <Pause className="size-4" aria-hidden="true" />}
      </IconButton>
      <SpeedButtons clock={clock} />
      <IconButton
        label="Step: run the next event"
        disabled={!clock.paused}
        className="max-md:hidden"
        onClick={() => void send({ type: 'stepClock' })}
      >
        <StepForward className="size-4" aria-hidden="true" />
      </IconButton>
      <IconButton label="Skip to the next change" onClick={() => void send({ type: 'skipClock' })}>
        <FastForward className="size-4" aria-hidden="true" />
      </IconButton>
      <TimelineMenu clock={clock} />
      <span className="px-1.5">
        <ClockFace clock={clock} />
      </span>
      {clock.paused && <span className="rounded-sm bg-pending-wash px-1.5 text-xs font-medium text-pending max-md:hidden">Paused</span>}
    </div>
  );
}
