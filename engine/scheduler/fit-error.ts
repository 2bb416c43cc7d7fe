/** The words for a pod that fits nowhere. Kubernetes: pkg/scheduler/framework/types.go FitError (1.36). */
export interface FitFailure {
  readonly nodeCount: number;
  /** Why PreFilter rejected the pod for all nodes; empty when it did not. */
  readonly preFilterReasons: readonly string[];
  /** Reasons of each rejected node. */
  readonly nodeReasons: Iterable<readonly string[]>;
  readonly postFilterReasons: readonly string[];
}

export const noNodesMessage = 'no nodes available to schedule pods';

export function fitErrorMessage({ nodeCount, preFilterReasons, nodeReasons, postFilterReasons }: FitFailure): string {
  let text = `0/${nodeCount} nodes are available:`;
  if (preFilterReasons.length > 0) text += ` ${preFilterReasons.join(', ')}.`;
  else {
    const counted = countReasons(nodeReasons);
    if (counted.length > 0) text += ` ${counted.join(', ')}.`;
  }
  if (postFilterReasons.length > 0) text += ` ${postFilterReasons.join(', ')}`;
  return text;
}

/** `2 Insufficient cpu`, in the order of the texts. */
function countReasons(nodeReasons: Iterable<readonly string[]>): readonly string[] {
  const counts = new Map<string, number>();
  for (const reasons of nodeReasons) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${reason}`).sort(byBytes);
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
