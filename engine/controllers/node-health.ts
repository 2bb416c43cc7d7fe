import type { Node } from '../kinds/core/node.ts';
import type { V1NodeCondition, V1Taint } from '../schema/generated/models.ts';
import type { Millis } from '../sim/simulation.ts';

/** What follows from a node's heartbeat and conditions. Kubernetes: pkg/controller/nodelifecycle (1.36). */

/** How long a node may be silent before it counts as lost. */
export const monitorGraceMs: Millis = 50_000;
/** A node that has never reported gets a little longer. */
export const startupGraceMs: Millis = 60_000;

export const notReadyTaint = 'node.kubernetes.io/not-ready';
export const unreachableTaint = 'node.kubernetes.io/unreachable';

export function nodeCondition(node: Node, type: string): V1NodeCondition | undefined {
  return node.status?.conditions?.find((condition) => condition.type === type);
}

export function readyStatus(node: Node): string {
  return nodeCondition(node, 'Ready')?.status ?? 'Unknown';
}

const judgedTypes = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

/** The conditions of a node that is silent: nothing that it once said counts any more. */
export function silentConditions(node: Node, timestamp: string): readonly V1NodeCondition[] {
  const before = node.status?.conditions ?? [];
  const changed = before.map((condition): V1NodeCondition => {
    if (!judgedTypes.some((type) => type === condition.type) || condition.status === 'Unknown') return condition;
    return {
      ...condition,
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
      lastTransitionTime: timestamp,
    };
  });
  const missing = judgedTypes.filter((type) => !before.some((condition) => condition.type === type));
  const created = node.metadata?.creationTimestamp ?? timestamp;
  return [
    ...changed,
    ...missing.map((type) => ({
      type,
      status: 'Unknown',
      reason: 'NodeStatusNeverUpdated',
      message: 'Kubelet never posted node status.',
      lastHeartbeatTime: created,
      lastTransitionTime: timestamp,
    })),
  ];
}

/** Which status of which condition puts which taint. */
const conditionTaints: readonly (readonly [type: string, status: string, key: string])[] = [
  ['Ready', 'False', notReadyTaint],
  ['Ready', 'Unknown', unreachableTaint],
  ['MemoryPressure', 'True', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'True', 'node.kubernetes.io/disk-pressure'],
  ['NetworkUnavailable', 'True', 'node.kubernetes.io/network-unavailable'],
  ['PIDPressure', 'True', 'node.kubernetes.io/pid-pressure'],
];
const unschedulableTaint = 'node.kubernetes.io/unschedulable';

/** The NoSchedule taints that this controller owns, as they must be. Those of others stay. */
export function planNoScheduleTaints(node: Node, timestamp: string): readonly V1Taint[] {
  const wanted = conditionTaints.filter(([type, status]) => nodeCondition(node, type)?.status === status).map(([, , key]) => key);
  if (node.spec?.unschedulable) wanted.push(unschedulableTaint);
  const owned = new Set([...conditionTaints.map(([, , key]) => key), unschedulableTaint]);
  return replaceTaints(node, 'NoSchedule', { owned, wanted, timestamp });
}

/** The NoExecute taints: only for a node that is not ready or silent, and only when its pods may be evicted. */
export function planNoExecuteTaints(node: Node, mayEvict: boolean, timestamp: string): readonly V1Taint[] {
  const status = nodeCondition(node, 'Ready')?.status;
  const wanted = !mayEvict || status === 'True' || status === undefined ? [] : [status === 'False' ? notReadyTaint : unreachableTaint];
  return replaceTaints(node, 'NoExecute', { owned: new Set([notReadyTaint, unreachableTaint]), wanted, timestamp });
}

interface TaintRule {
  readonly owned: ReadonlySet<string>;
  readonly wanted: readonly string[];
  readonly timestamp: string;
}

function replaceTaints(node: Node, effect: 'NoSchedule' | 'NoExecute', { owned, wanted, timestamp }: TaintRule): readonly V1Taint[] {
  const before = node.spec?.taints ?? [];
  const kept = before.filter((taint) => taint.effect !== effect || !owned.has(taint.key) || wanted.includes(taint.key));
  const present = new Set(kept.filter((taint) => taint.effect === effect).map(({ key }) => key));
  return [...kept, ...wanted.filter((key) => !present.has(key)).map((key) => ({ key, effect, timeAdded: timestamp }))];
}

export function zoneOf(node: Node): string {
  const labels = node.metadata?.labels ?? {};
  return `${labels['topology.kubernetes.io/region'] ?? ''}:${labels['topology.kubernetes.io/zone'] ?? ''}`;
}

export type Disruption = 'normal' | 'partial' | 'full';

/** How badly a zone is hit: the more nodes are gone at once, the likelier is it that the observer is cut off. */
export function disruptionOf(ready: number, notReady: number): Disruption {
  if (ready === 0 && notReady > 0) return 'full';
  return notReady > 2 && notReady / (notReady + ready) >= 0.55 ? 'partial' : 'normal';
}

const normalPauseMs: Millis = 10_000;
const secondaryPauseMs: Millis = 100_000;
const largeZoneNodes = 50;

/** The time between two evicted nodes of a zone; `undefined`: no more are evicted. */
export function evictionPause(disruption: Disruption, nodes: number): Millis | undefined {
  if (disruption !== 'partial') return normalPauseMs;
  return nodes > largeZoneNodes ? secondaryPauseMs : undefined;
}
