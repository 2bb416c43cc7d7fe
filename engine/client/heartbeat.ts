import type { Millis } from '../sim/simulation.ts';

/** Kubelets renew their Lease every ten seconds (a quarter of the 40 s lease). Kubernetes: pkg/kubelet/kubelet.go, component-helpers/lease (1.36). */
export const leaseRenewMs: Millis = 10_000;

/**
 * Heartbeats without timers. While a keeper lives and reaches the API, its Lease counts as renewed every ten seconds: the time is computed when
 * somebody reads the Lease. When the keeper dies or is cut off, the Lease is written once, with the last beat that got through.
 */
export interface Heartbeats {
  /** The keeper begins (or goes on) to renew the lease `namespace/name`; the first beat is now. */
  keepAlive(leaseKey: string, holder?: string): void;
  /** The keeper is gone; writes the last beat. Unknown leases are ignored. */
  release(leaseKey: string): void;
  /** Whether somebody renews the lease at this moment. */
  isKeptAlive(leaseKey: string): boolean;
  /** The last beat, whether or not the keeper still lives. */
  lastBeatMs(leaseKey: string): Millis | undefined;
}
