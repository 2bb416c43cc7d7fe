import type { Deployment } from '../kinds/apps/deployment.ts';
import type { ReplicaSet } from '../kinds/apps/replica-set.ts';
import { desiredBefore, maxBefore, type ReplicaSets } from './deployment-revisions.ts';
import { byAge } from './stored-object.ts';

/** How many replicas each ReplicaSet of a Deployment gets. Kubernetes: pkg/controller/deployment rolling.go, sync.go (1.36). */
export interface ScaleStep {
  readonly target: ReplicaSet;
  readonly replicas: number;
}

export interface Fenceposts {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

export function replicasOf(object: Deployment | ReplicaSet): number {
  return object.spec?.replicas ?? 1;
}

export function isRollingUpdate(deployment: Deployment): boolean {
  return deployment.spec?.strategy?.type !== 'Recreate';
}

/** Surge is rounded up, unavailability down; when both come to nothing one pod may be missing, or no rollout could move. */
export function fenceposts(deployment: Deployment): Fenceposts {
  if (!isRollingUpdate(deployment)) return { maxSurge: 0, maxUnavailable: 0 };
  const { maxSurge, maxUnavailable } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const replicas = replicasOf(deployment);
  const surge = share(maxSurge ?? '25%', replicas, Math.ceil);
  const unavailable = share(maxUnavailable ?? '25%', replicas, Math.floor);
  return surge === 0 && unavailable === 0 ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: surge, maxUnavailable: unavailable };
}

function share(value: number | string, of: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value);
  return percent ? round((Number(percent[1]) * of) / 100) : 0;
}

/** How many pods may be missing; never more than there are. */
export function maxUnavailable(deployment: Deployment): number {
  const replicas = replicasOf(deployment);
  return replicas === 0 || !isRollingUpdate(deployment) ? 0 : Math.min(fenceposts(deployment).maxUnavailable, replicas);
}

function total(sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number): number {
  return sets.reduce((sum, set) => sum + count(set), 0);
}

export function withPods(sets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  return sets.filter((set) => replicasOf(set) > 0);
}

/** What the current ReplicaSet may grow to at this moment. */
export function sizeOfCurrent(deployment: Deployment, old: readonly ReplicaSet[], current: number): number {
  const want = replicasOf(deployment);
  if (!isRollingUpdate(deployment)) return want;
  const pods = total(old, replicasOf) + current;
  const allowed = want + fenceposts(deployment).maxSurge;
  return pods >= allowed ? current : current + Math.min(allowed - pods, want - current);
}

/** One step of a rolling update: the current set grows first; if it cannot, old ones shrink. */
export function planRollout(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): readonly ScaleStep[] {
  const size = replicasOf(current);
  const next = size > replicasOf(deployment) ? replicasOf(deployment) : sizeOfCurrent(deployment, old, size);
  if (next !== size) return [{ target: current, replicas: next }];
  return planShrinkOld(deployment, current, withPods(old));
}

function planShrinkOld(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): readonly ScaleStep[] {
  if (total(old, replicasOf) === 0) return [];
  const minAvailable = replicasOf(deployment) - maxUnavailable(deployment);
  const currentUnavailable = replicasOf(current) - (current.status?.availableReplicas ?? 0);
  const maxScaledDown = total([...old, current], replicasOf) - minAvailable - currentUnavailable;
  if (maxScaledDown <= 0) return [];
  const oldestFirst = [...old].sort(byAge);
  const sizes = new Map(oldestFirst.map((set) => [set, replicasOf(set)]));
  shrinkUnhealthy(sizes, maxScaledDown);
  shrinkHealthy(sizes, total([...old, current], (set) => set.status?.availableReplicas ?? 0) - minAvailable);
  return oldestFirst.filter((set) => sizes.get(set) !== replicasOf(set)).map((target) => ({ target, replicas: sizes.get(target) ?? 0 }));
}

/** Replicas that are not available serve nobody, so they go first. */
function shrinkUnhealthy(sizes: Map<ReplicaSet, number>, most: number): void {
  let left = most;
  for (const [set, size] of sizes) {
    const unhealthy = Math.min(left, size - (set.status?.availableReplicas ?? 0));
    if (unhealthy <= 0) continue;
    sizes.set(set, size - unhealthy);
    left -= unhealthy;
  }
}

function shrinkHealthy(sizes: Map<ReplicaSet, number>, most: number): void {
  let left = most;
  for (const [set, size] of sizes) {
    const gone = Math.min(left, size);
    if (gone <= 0) continue;
    sizes.set(set, size - gone);
    left -= gone;
  }
}

/** Whether `spec.replicas` changed since the ReplicaSets were last scaled. */
export function isScalingEvent(deployment: Deployment, { current, old }: ReplicaSets): boolean {
  const all = current ? [...old, current] : old;
  return withPods(all).some((set) => {
    const desired = desiredBefore(set);
    return desired !== undefined && desired !== replicasOf(deployment);
  });
}

/** Scales a Deployment whose template did not change, or that is paused: each ReplicaSet by its share. */
export function planScale(deployment: Deployment, { current, old }: ReplicaSets): readonly ScaleStep[] {
  const want = replicasOf(deployment);
  const only = activeOrLatest(current, old);
  if (only) return replicasOf(only) === want ? [] : [{ target: only, replicas: want }];
  if (isSaturated(deployment, current)) return withPods(old).map((target) => ({ target, replicas: 0 }));
  return isRollingUpdate(deployment) ? planProportional(deployment, withPods(current ? [...old, current] : old)) : [];
}

function activeOrLatest(current: ReplicaSet | undefined, old: readonly ReplicaSet[]): ReplicaSet | undefined {
  const active = withPods(current ? [...old, current] : old);
  if (active.length === 0) return current ?? [...old].sort((a, b) => byAge(b, a))[0];
  return active.length === 1 ? active[0] : undefined;
}

function isSaturated(deployment: Deployment, current: ReplicaSet | undefined): boolean {
  const want = replicasOf(deployment);
  return (
    current !== undefined && replicasOf(current) === want && desiredBefore(current) === want && current.status?.availableReplicas === want
  );
}

function planProportional(deployment: Deployment, active: readonly ReplicaSet[]): readonly ScaleStep[] {
  const want = replicasOf(deployment);
  const allowed = want > 0 ? want + fenceposts(deployment).maxSurge : 0;
  const change = allowed - total(active, replicasOf);
  // Growth favours the newest of the largest, shrinking the oldest of the largest.
  const sorted = [...active].sort((a, b) => replicasOf(b) - replicasOf(a) || (change > 0 ? byAge(b, a) : byAge(a, b)));
  let spent = 0;
  const steps = sorted.map((target) => {
    const part = proportion(deployment, target, change, spent);
    spent += part;
    return { target, replicas: replicasOf(target) + part };
  });
  const [largest, ...rest] = steps;
  if (!largest) return [];
  return [{ target: largest.target, replicas: Math.max(0, largest.replicas + change - spent) }, ...rest];
}

function proportion(deployment: Deployment, set: ReplicaSet, change: number, spent: number): number {
  if (change === 0 || change === spent) return 0;
  const fraction = fractionOf(deployment, set);
  return change > 0 ? Math.min(fraction, change - spent) : Math.max(fraction, change - spent);
}

/** The change that keeps the set's share of the Deployment. */
function fractionOf(deployment: Deployment, set: ReplicaSet): number {
  const size = replicasOf(set);
  if (replicasOf(deployment) === 0) return -size;
  const before = maxBefore(set) || (deployment.status?.replicas ?? 0);
  if (before === 0) return 0;
  return Math.round((size * (replicasOf(deployment) + fenceposts(deployment).maxSurge)) / before) - size;
}
