import type { Pod } from '../../kinds/core/pod.ts';
import { formatSelector, matchesSelector } from '../../kinds/labels.ts';
import type { V1LabelSelector } from '../../schema/generated/models.ts';
import { countPods, type NodeInfo } from '../node-info.ts';

/** One topology spread constraint, ready to be evaluated. */
export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly honoursAffinity: boolean;
  readonly honoursTaints: boolean;
  /** Distinguishes the counted pods, for remembering counts. */
  readonly name: string;
  matches(pod: Pod): boolean;
}

export function spreadConstraints(pod: Pod, whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway'): readonly SpreadConstraint[] {
  const constraints = pod.spec?.topologySpreadConstraints?.filter((constraint) => constraint.whenUnsatisfiable === whenUnsatisfiable) ?? [];
  return constraints.map(
    ({ topologyKey, maxSkew, minDomains = 1, nodeAffinityPolicy, nodeTaintsPolicy, labelSelector, matchLabelKeys = [] }) => ({
      topologyKey,
      maxSkew,
      minDomains,
      honoursAffinity: nodeAffinityPolicy !== 'Ignore',
      honoursTaints: nodeTaintsPolicy === 'Honor',
      ...matcherName(withKeys(labelSelector, matchLabelKeys, pod), pod),
    }),
  );
}

/** `matchLabelKeys` adds the pod's own values to the selector. */
function withKeys(selector: V1LabelSelector | undefined, keys: readonly string[], pod: Pod): V1LabelSelector | undefined {
  if (keys.length === 0) return selector;
  const own = Object.fromEntries(
    keys.flatMap((key) => (pod.metadata?.labels?.[key] === undefined ? [] : [[key, pod.metadata.labels[key]]])),
  );
  return { ...selector, matchLabels: { ...selector?.matchLabels, ...own } };
}

export function matcherName(selector: V1LabelSelector | undefined, pod: Pod): Pick<SpreadConstraint, 'name' | 'matches'> {
  const namespace = pod.metadata?.namespace;
  return {
    name: `${namespace}|${formatSelector(selector)}`,
    matches: ({ metadata }) =>
      metadata?.deletionTimestamp === undefined && metadata?.namespace === namespace && matchesSelector(selector, metadata?.labels),
  };
}

export function countMatching({ name, matches }: SpreadConstraint, info: NodeInfo): number {
  return countPods(info, name, matches);
}
