import type { Millis } from '../sim/simulation.ts';

/**
 * What a controller has done but its cache does not show yet. Until the cache has caught up it must not count pods again,
 * or it would create or delete too many. Kubernetes: pkg/controller ControllerExpectations (1.36).
 */
export interface Expectation {
  /** Uids of created pods that the cache has not shown. */
  readonly creates: Set<string>;
  /** Uids of deleted pods that the cache still shows as alive. */
  readonly deletes: Set<string>;
  setAt: Millis;
}
export type Expectations = Map<string, Expectation>;

/** A lost watch event must not stop a controller for ever. */
const timeoutMs = 5 * 60_000;

export function expectationOf(expectations: Expectations, key: string, now: Millis): Expectation {
  let expectation = expectations.get(key);
  if (!expectation) {
    expectation = { creates: new Set(), deletes: new Set(), setAt: now };
    expectations.set(key, expectation);
  }
  expectation.setAt = now;
  return expectation;
}

export function areMet(expectations: Expectations, key: string, now: Millis): boolean {
  const expectation = expectations.get(key);
  if (!expectation) return true;
  if (expectation.creates.size + expectation.deletes.size > 0 && now - expectation.setAt < timeoutMs) return false;
  expectations.delete(key);
  return true;
}

export function createSeen(expectations: Expectations, key: string, uid: string): void {
  expectations.get(key)?.creates.delete(uid);
}

export function deleteSeen(expectations: Expectations, key: string, uid: string): void {
  expectations.get(key)?.deletes.delete(uid);
}
