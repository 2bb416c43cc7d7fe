import type { TraceEntry } from '#engine';

const past: Readonly<Record<string, string>> = { create: 'created', update: 'changed', patch: 'changed', delete: 'deleted' };
// Written by the dozen, and no news to anybody who looks at a picture.
const silentKinds = new Set(['Event', 'Lease']);
// Of the others only that they were counted again would be said.
const toldKinds = new Set(['Pod', 'Node']);

/** An entry of the trace as a short sentence without its subject; undefined for what is not worth telling. */
export function describeStep({ verb, about, text }: Pick<TraceEntry, 'verb' | 'about' | 'text'>): string | undefined {
  if (verb === 'step') return text || undefined;
  if (!about || silentKinds.has(about.kind)) return undefined;
  const object = `${about.kind} ${about.name}`;
  if (text === 'binding') return `bound ${object} to its node`;
  if (text === 'status') return toldKinds.has(about.kind) ? `reported the status of ${object}` : undefined;
  return `${past[verb] ?? verb} ${object}`;
}
