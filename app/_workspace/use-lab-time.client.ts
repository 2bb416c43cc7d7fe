'use client';

import { formatClock } from './format-time.ts';
import { useSession } from './workspace-context.client.tsx';

/** Writes a virtual time as one counts in a lab: from its start, which is the first point of the time line. */
export function useLabTime(): (atMs: number) => string {
  const startMs = useSession((state) => state.clock?.timeline[0]?.atMs ?? 0);
  return (atMs) => formatClock(atMs - startMs);
}
