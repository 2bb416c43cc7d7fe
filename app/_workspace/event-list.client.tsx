'use client';

import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { isSameObject, objectLabel } from '../_session/session-state.ts';
import { componentName, Glyph } from '../_ui/glyphs.tsx';
import { ScrollRegion } from '../_ui/scroll-region.tsx';
import { useLabTime } from './use-lab-time.client.ts';
import { selectObject, useSession, useUi, useWorkspace } from './workspace-context.client.tsx';

const shownAtMost = 200;

/** What the components reported, newest first. */
export function EventList() {
  const { ui } = useWorkspace();
  const events = useSession((state) => state.events);
  const selected = useUi((state) => state.selected);
  const labTime = useLabTime();
  const [isNarrow, setIsNarrow] = useState(false);
  const isFiltered = isNarrow && selected !== undefined;
  const shown = events
    .filter((event) => !isFiltered || isSameObject(event.about, selected))
    .slice(-shownAtMost)
    .reverse();
  return (
    <>
      {selected && (
        <label className="flex shrink-0 items-center gap-1.5 border-b px-3 py-1.5 text-xs text-ink-2">
          <input type="checkbox" checked={isNarrow} onChange={(event) => setIsNarrow(event.target.checked)} className="accent-accent" />
          Only {objectLabel(selected)}
        </label>
      )}
      <ScrollRegion label="Events" className="min-h-0 flex-1">
        {shown.length === 0 && (
          <p className="p-4 text-ink-2">
            No events. Components write one when they do something worth telling: a pod was placed, an image was pulled, a probe failed.
          </p>
        )}
        <ul>
          {shown.map((event) => (
            <li key={event.id} className="border-b px-3 py-2">
              <p className="flex items-center gap-2 text-xs">
                <span className="tabular font-mono text-ink-3">{labTime(event.atMs)}</span>
                {event.type === 'Warning' ? (
                  <span className="flex items-center gap-1 font-semibold text-pending">
                    <TriangleAlert className="size-3.5" aria-hidden="true" />
                    {event.reason}
                    <span className="sr-only"> (warning)</span>
                  </span>
                ) : (
                  <span className="font-semibold">{event.reason}</span>
                )}
                {event.count > 1 && <span className="tabular text-ink-3">×{event.count}</span>}
                <span className="ml-auto flex items-center gap-1 text-ink-3">
                  <Glyph name={event.from} className="size-3.5" />
                  {componentName(event.from)}
                </span>
              </p>
              <p className="mt-0.5 break-words">{event.message}</p>
              <button
                type="button"
                className="mt-0.5 rounded-sm font-mono text-xs text-accent-ink hover:underline"
                onClick={() => selectObject(ui, event.about, 'trace')}
              >
                {objectLabel(event.about)}
              </button>
            </li>
          ))}
        </ul>
      </ScrollRegion>
    </>
  );
}
