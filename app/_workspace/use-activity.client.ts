'use client';

import { useEffect, useRef, useState } from 'react';
import { glyphOf } from '../_ui/glyphs.tsx';
import { componentPlace } from './places.ts';
import { useSession } from './workspace-context.client.tsx';

/** Places whose component has just acted. */
export type Activity = ReadonlySet<string>;

const litMs = 700;
const nothing: Activity = new Set();

/** Lights a component for a moment when a step of the trace names it. */
export function useActivity(): Activity {
  const trace = useSession((state) => state.trace);
  const [active, setActive] = useState<Activity>(nothing);
  const lastSeen = useRef<number>(undefined);
  useEffect(() => {
    const seen = lastSeen.current;
    lastSeen.current = trace.at(-1)?.id ?? seen ?? -1;
    if (seen === undefined) return;
    const fresh = trace.filter((step) => step.id > seen);
    if (fresh.length === 0) return;
    const places = new Set<string>();
    for (const step of fresh) {
      const name = glyphOf(step.actor);
      places.add(componentPlace(name, step.node));
      // A component of the control plane is drawn once, whichever node it runs on.
      places.add(name);
      // A step with a revision went through the API server into etcd.
      if (step.revision !== undefined) {
        places.add('kube-apiserver');
        places.add('etcd');
      }
    }
    setActive(places);
    const timer = setTimeout(() => setActive(nothing), litMs);
    return () => clearTimeout(timer);
  }, [trace]);
  return active;
}
