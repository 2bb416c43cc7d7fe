'use client';

import type { ObjectView } from '../../server/gateway/protocol.ts';
import { isSameObject } from '../_session/session-state.ts';
import { classNames } from '../_ui/class-names.ts';
import { StateMark } from '../_ui/state-mark.tsx';
import { podFamily, shortPodName } from './cluster-picture.ts';
import { objectPlace } from './places.ts';
import { selectObject, useUi, useWorkspace } from './workspace-context.client.tsx';

/** One pod where it runs: its state's shape, its name, and its status in words when that is not plain "Running". */
export function PodChip({ pod }: { readonly pod: ObjectView }) {
  const { ui } = useWorkspace();
  const isSelected = useUi((state) => isSameObject(state.selected, pod.ref));
  const containers = pod.pod?.containers.length ?? 0;
  const ready = pod.pod?.ready ?? 0;
  const restarts = pod.pod?.containers.reduce((sum, container) => sum + container.restarts, 0) ?? 0;
  const isPlain = pod.state === 'running' && pod.status === 'Running';
  const family = podFamily(pod);
  return (
    <button
      type="button"
      data-place={objectPlace(pod.ref)}
      aria-pressed={isSelected}
      aria-label={`Pod ${pod.ref.name}, ${pod.status}, ${ready} of ${containers} containers ready${restarts > 0 ? `, ${restarts} restarts` : ''}`}
      onClick={() => selectObject(ui, pod.ref)}
      className={classNames(
        'max-w-full rounded-md border px-1.5 py-0.5 text-left font-mono text-2xs leading-4 transition-colors duration-150',
        isSelected ? 'border-accent bg-accent-wash' : 'border-line-strong bg-surface hover:border-accent',
      )}
    >
      <span className="flex items-center gap-1">
        <StateMark state={pod.state} hideWord />
        <span className="min-w-0 truncate">
          {family && <span className="text-ink-3">{family}-</span>}
          {shortPodName(pod)}
        </span>
        {restarts > 0 && <span className="tabular text-pending">↻{restarts}</span>}
      </span>
      {!isPlain && (
        <span className="block truncate font-sans text-ink-2">
          {pod.status}
          {pod.status === 'Running' && (pod.state === 'unknown' ? ', last heard' : ` ${ready}/${containers}`)}
        </span>
      )}
    </button>
  );
}
