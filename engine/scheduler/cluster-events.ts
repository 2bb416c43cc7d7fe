import type { WatchChange } from '../client/process.ts';
import type { Node } from '../kinds/core/node.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { deepEqual } from '../sim/plain.ts';
import type { ClusterEvent } from './plugin.ts';
import { requestOf } from './resources.ts';

/** What a change of a node or of a pod means for pods that wait. Kubernetes: pkg/scheduler/framework/events.go (1.36). */
export function nodeEvents(change: WatchChange): readonly ClusterEvent[] {
  if (change.type === 'added') return ['Node/added'];
  if (change.type === 'deleted') return [];
  const before = change.old as Node;
  const after = change.object as Node;
  const events: ClusterEvent[] = [];
  if (differs(before.status?.allocatable, after.status?.allocatable)) events.push('Node/allocatable');
  if (differs(before.metadata?.labels, after.metadata?.labels)) events.push('Node/labels');
  if (differs(before.spec?.taints, after.spec?.taints)) events.push('Node/taints');
  if ((before.spec?.unschedulable ?? false) !== (after.spec?.unschedulable ?? false)) events.push('Node/unschedulable');
  return events;
}

/** Events of a pod that has a node already. */
export function assignedPodEvents(change: WatchChange): readonly ClusterEvent[] {
  const after = change.object as Pod;
  if (change.type === 'deleted') return ['Pod/deleted'];
  const before = change.old as Pod | undefined;
  if (!before?.spec?.nodeName) return ['Pod/assigned'];
  const events: ClusterEvent[] = [];
  if (differs(before.metadata?.labels, after.metadata?.labels)) events.push('Pod/labels');
  if (isScaledDown(before, after)) events.push('Pod/scaled-down');
  return events;
}

/** Events of a pod that waits itself. */
export function waitingPodEvents(change: WatchChange): readonly ClusterEvent[] {
  const before = change.old as Pod | undefined;
  const after = change.object as Pod;
  if (!before) return [];
  const events: ClusterEvent[] = [];
  if (differs(before.metadata?.labels, after.metadata?.labels)) events.push('Pod/labels');
  if (differs(before.spec?.tolerations, after.spec?.tolerations)) events.push('Pod/tolerations');
  if (differs(before.spec?.schedulingGates, after.spec?.schedulingGates)) events.push('Pod/gates');
  if (isScaledDown(before, after)) events.push('Pod/scaled-down');
  return events;
}

function differs(before: unknown, after: unknown): boolean {
  return before !== after && !deepEqual(before, after);
}

function isScaledDown(before: Pod, after: Pod): boolean {
  if (before.spec === after.spec) return false;
  const now = requestOf(after).amounts;
  for (const [name, amount] of requestOf(before).amounts) if ((now.get(name) ?? 0) < amount) return true;
  return false;
}
