import type { ObjectRef, ServerMessage } from './protocol.ts';

export type DeltaFrame = Extract<ServerMessage, { readonly type: 'delta' }>;

/** Enough for a screen; a slow reader misses the middle of a story, never its end. */
const mostKept = { events: 500, trace: 1000, hops: 60 } as const;

function keyOf({ apiVersion, kind, namespace = '', name }: ObjectRef): string {
  return `${apiVersion}|${kind}|${namespace}|${name}`;
}

/** The last entry per key, in the order of those last entries. */
function newest<T>(first: readonly T[], then: readonly T[], key: (item: T) => string): readonly T[] {
  const merged = new Map<string, T>();
  for (const item of [...first, ...then]) {
    merged.delete(key(item));
    merged.set(key(item), item);
  }
  return [...merged.values()];
}

/** One frame that does what two would: each object once, in its newest state. Its size is bounded by the cluster's, not by time. */
export function mergeDeltas(first: DeltaFrame, then: DeltaFrame): DeltaFrame {
  const removedLater = new Set((then.removed ?? []).map(keyOf));
  const changedLater = new Set((then.changed ?? []).map(({ ref }) => keyOf(ref)));
  const changed = newest(first.changed ?? [], then.changed ?? [], ({ ref }) => keyOf(ref)).filter(
    ({ ref }) => changedLater.has(keyOf(ref)) || !removedLater.has(keyOf(ref)),
  );
  const removed = newest(first.removed ?? [], then.removed ?? [], keyOf).filter(
    (ref) => removedLater.has(keyOf(ref)) || !changedLater.has(keyOf(ref)),
  );
  const events = newest(first.events ?? [], then.events ?? [], ({ id }) => id).slice(-mostKept.events);
  const trace = [...(first.trace ?? []), ...(then.trace ?? [])].slice(-mostKept.trace);
  const hops = [...(first.hops ?? []), ...(then.hops ?? [])].slice(-mostKept.hops);
  const ticks = newest(first.ticks ?? [], then.ticks ?? [], ({ check }) => check);
  const components = then.components ?? first.components;
  const clock = then.clock ?? first.clock;
  return {
    type: 'delta',
    seq: then.seq,
    ...(changed.length > 0 && { changed }),
    ...(removed.length > 0 && { removed }),
    ...(components && { components }),
    ...(events.length > 0 && { events }),
    ...(trace.length > 0 && { trace }),
    ...(hops.length > 0 && { hops }),
    ...(clock && { clock }),
    ...(ticks.length > 0 && { ticks }),
  };
}
