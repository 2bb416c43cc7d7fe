import type { V1OwnerReference } from '../schema/generated/models.ts';

/**
 * Who depends on whom, built from changes. Owners are known by uid, because a name may be used again.
 *
 * Worked example: pod a with owner uid 7 comes: `7 → {a}`. Pod b with owners 7 and 9 comes: `7 → {a, b}, 9 → {b}`.
 * Pod b lets 7 go: `7 → {a}, 9 → {b}`. Object 7 is deleted: a is looked at, and the entry goes.
 */
export interface OwnerGraph {
  /** Ids of dependents by the owner's uid. */
  readonly dependents: Map<string, Set<string>>;
}

export function track(graph: OwnerGraph, id: string, owners: readonly V1OwnerReference[], before: readonly V1OwnerReference[]): void {
  for (const { uid } of before) if (!owners.some((owner) => owner.uid === uid)) remove(graph, uid, id);
  for (const { uid } of owners) {
    const known = graph.dependents.get(uid);
    if (known) known.add(id);
    else graph.dependents.set(uid, new Set([id]));
  }
}

export function forget(graph: OwnerGraph, id: string, owners: readonly V1OwnerReference[]): void {
  for (const { uid } of owners) remove(graph, uid, id);
}

function remove(graph: OwnerGraph, uid: string, id: string): void {
  const known = graph.dependents.get(uid);
  known?.delete(id);
  if (known?.size === 0) graph.dependents.delete(uid);
}
