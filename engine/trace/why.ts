import type { ObjectRef } from '../sim/object-ref.ts';
import { refKey, type TraceRecorder } from './recorder.ts';
import type { TraceEntry } from './trace.ts';

/** A link of an explanation; the first is about the object itself, the others lead to its causes. */
export interface WhyLink {
  readonly text: string;
  readonly about: ObjectRef;
  /** The component that found it out. */
  readonly component: string;
  /** The trace entry behind the finding; 0 for none. */
  readonly trace: number;
}

export interface Explanation {
  readonly links: readonly WhyLink[];
  /** What happened to the object and what led to it, oldest first. */
  readonly trace: readonly TraceEntry[];
}

const maxLinks = 12;
const maxEntries = 60;

/**
 * Why an object is as it is. Follows the findings of components from object to object, nearest cause first, and the trace of writes and steps
 * backwards through their causes. Nothing is worked out here: every sentence was written by the component that acted.
 */
export function explain(trace: TraceRecorder, ref: ObjectRef): Explanation {
  return { links: followFindings(trace, ref), trace: followCauses(trace, ref) };
}

function followFindings(trace: TraceRecorder, start: ObjectRef): readonly WhyLink[] {
  const links: WhyLink[] = [];
  const seen = new Set([refKey(start)]);
  const waiting = [start];
  for (let ref = waiting.shift(); ref && links.length < maxLinks; ref = waiting.shift()) {
    for (const finding of trace.findingsAbout(ref)) {
      if (links.length >= maxLinks) break;
      if (!links.some((link) => link.text === finding.text))
        links.push({ text: finding.text, about: ref, component: finding.actor, trace: finding.cause });
      for (const next of finding.see) {
        if (seen.has(refKey(next))) continue;
        seen.add(refKey(next));
        waiting.push(next);
      }
    }
  }
  return links;
}

function followCauses(trace: TraceRecorder, ref: ObjectRef): readonly TraceEntry[] {
  const found = new Map<number, TraceEntry>();
  // The newest entries matter most when there are more than one can read.
  const waiting = trace.about(ref).slice(-maxEntries);
  for (let entry = waiting.pop(); entry && found.size < maxEntries; entry = waiting.pop()) {
    if (found.has(entry.id)) continue;
    found.set(entry.id, entry);
    const cause = entry.because > 0 ? trace.find(entry.because) : undefined;
    if (cause) waiting.push(cause);
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}
