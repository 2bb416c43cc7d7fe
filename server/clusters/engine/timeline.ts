import type { Cluster } from '#engine';

/** A moment that a person can turn back to. */
export interface TimelinePoint {
  readonly atMs: number;
  readonly label: string;
  /** The cluster as it was. */
  readonly snapshot: string;
}

const maxPoints = 8;

/** The moments before a person's last actions, oldest first. Forks are cheap; they are written down only when the session is. */
export class Timeline {
  #entries: { readonly atMs: number; readonly label: string; readonly fork?: Cluster; snapshot?: string }[];

  constructor(points: readonly TimelinePoint[]) {
    this.#entries = [...points];
  }

  add(cluster: Cluster, label: string): void {
    this.#entries = this.#entries.filter((entry) => entry.atMs !== cluster.now);
    this.#entries.push({ atMs: cluster.now, label, fork: cluster.fork() });
    // The start stays: starting over is the most useful of all.
    if (this.#entries.length > maxPoints) this.#entries.splice(1, 1);
  }

  list(): readonly { readonly atMs: number; readonly label: string }[] {
    return this.#entries.map(({ atMs, label }) => ({ atMs, label }));
  }

  get points(): readonly TimelinePoint[] {
    return this.#entries.map((entry) => ({ atMs: entry.atMs, label: entry.label, snapshot: written(entry) }));
  }

  /** The cluster at a listed moment; later moments are forgotten. */
  rewind(toMs: number): string | undefined {
    const entry = this.#entries.find(({ atMs }) => atMs === toMs);
    if (!entry) return undefined;
    this.#entries = this.#entries.filter(({ atMs }) => atMs <= toMs);
    return written(entry);
  }
}

function written(entry: { readonly fork?: Cluster; snapshot?: string }): string {
  entry.snapshot ??= entry.fork?.snapshot() ?? '';
  return entry.snapshot;
}
