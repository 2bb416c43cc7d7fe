import { deepFreeze } from '../sim/plain.ts';
import type { Millis } from '../sim/simulation.ts';

/** What became of one node in one try. */
export interface NodeAttempt {
  readonly node: string;
  /** The filter that rejected the node; those before it in `Attempt.filters` let it pass. */
  readonly rejectedBy?: string;
  readonly reasons?: readonly string[];
  /** Weighted scores, in the order of `Attempt.scorers`. */
  readonly scores?: readonly number[];
  readonly total?: number;
}

/** One try to find a node for a pod, as plain data for whoever wants to show it. */
export interface Attempt {
  readonly atMs: Millis;
  readonly outcome: 'scheduled' | 'unschedulable' | 'error';
  /** The node that was chosen. */
  readonly node?: string;
  readonly message: string;
  readonly filters: readonly string[];
  readonly scorers: readonly { readonly plugin: string; readonly weight: number }[];
  readonly nodes: readonly NodeAttempt[];
}

/** Newest attempts by pod key, the pod that was tried last at the end. */
export type Attempts = Map<string, readonly Attempt[]>;

const attemptsPerPod = 3;
const podsRemembered = 300;
const nodesRemembered = 100;

export function recordAttempt(attempts: Attempts, key: string, attempt: Attempt): void {
  const before = attempts.get(key) ?? [];
  attempts.delete(key);
  const kept = { ...attempt, nodes: attempt.nodes.slice(0, nodesRemembered) };
  attempts.set(key, deepFreeze([...before.slice(1 - attemptsPerPod), kept]));
  if (attempts.size <= podsRemembered) return;
  const oldest = attempts.keys().next().value;
  if (oldest !== undefined) attempts.delete(oldest);
}

/** The latest tries of a pod, oldest first. */
export function attemptsOf({ attempts }: { readonly attempts: Attempts }, podKey: string): readonly Attempt[] {
  return attempts.get(podKey) ?? [];
}
