import type { Millis } from './simulation.ts';

/** A latency: a base, a seeded spread on top, both in milliseconds. */
export interface Latency {
  readonly baseMs: Millis;
  readonly spreadMs: Millis;
}

/**
 * Named latencies of a cluster. `realistic` is what a small cluster on decent machines shows; `instant` is for graders and tests.
 * Times are whole milliseconds, and spreads are drawn in steps of 10 ms, so that changes of one moment are handled together.
 */
export interface LatencyProfile {
  readonly name: 'realistic' | 'instant';
  readonly latencies: Readonly<Record<string, Latency>>;
}

const none: Latency = { baseMs: 0, spreadMs: 0 };

/** Orders of magnitude from Kubernetes' own SLOs and from watching small kubeadm clusters. */
export const realisticLatency: LatencyProfile = {
  name: 'realistic',
  latencies: {
    watch: { baseMs: 10, spreadMs: 20 },
    reconcile: { baseMs: 5, spreadMs: 0 },
    reconnect: { baseMs: 500, spreadMs: 800 },
    schedule: { baseMs: 10, spreadMs: 10 },
    sandboxStart: { baseMs: 150, spreadMs: 150 },
    containerStart: { baseMs: 120, spreadMs: 100 },
    imageManifest: { baseMs: 400, spreadMs: 300 },
    proxySync: { baseMs: 50, spreadMs: 100 },
    cloudCall: { baseMs: 2000, spreadMs: 3000 },
    componentStart: { baseMs: 800, spreadMs: 600 },
    nodeBoot: { baseMs: 8000, spreadMs: 4000 },
    networkHop: { baseMs: 1, spreadMs: 0 },
  },
};

export const instantLatency: LatencyProfile = { name: 'instant', latencies: {} };

export function latencyOf(profile: LatencyProfile, name: string, random: () => number): Millis {
  const { baseMs, spreadMs } = profile.latencies[name] ?? none;
  return spreadMs === 0 ? baseMs : baseMs + Math.floor((random() * spreadMs) / 10) * 10;
}
