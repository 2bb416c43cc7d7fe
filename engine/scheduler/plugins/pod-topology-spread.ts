import { replicaSet } from '../../kinds/apps/replica-set.ts';
import { matchesRequiredNodes } from '../../kinds/core/node-selector.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { service } from '../../kinds/core/service.ts';
import { matchesLabels } from '../../kinds/labels.ts';
import type { V1LabelSelector } from '../../schema/generated/models.ts';
import type { NodeInfo } from '../node-info.ts';
import { fits, maxNodeScore, rejected, type SchedulerPlugin, type SchedulerView, stateKey } from '../plugin.ts';
import { blockingTaint } from './taint-toleration.ts';
import { countMatching, matcherName, type SpreadConstraint, spreadConstraints } from './topology-counts.ts';

/** Spreads pods over nodes and zones. Kubernetes: plugins/podtopologyspread (1.36). */

const hostname = 'kubernetes.io/hostname';
const zone = 'topology.kubernetes.io/zone';

/** What holds for pods that say nothing themselves. */
const systemDefaults = [
  { topologyKey: hostname, maxSkew: 3 },
  { topologyKey: zone, maxSkew: 5 },
] as const;

interface Domains {
  readonly constraint: SpreadConstraint;
  /** Matching pods by value of the topology key. */
  readonly counts: Map<string, number>;
}
const filterDomains = stateKey<readonly Domains[]>('PodTopologySpread/filter');

interface ScoreState {
  readonly domains: readonly (Domains & { readonly weight: number })[];
  readonly ignored: ReadonlySet<string>;
}
const scoreState = stateKey<ScoreState>('PodTopologySpread/score');

export const podTopologySpread: SchedulerPlugin = {
  name: 'PodTopologySpread',
  requeueOn: [
    { on: 'Pod/assigned' },
    { on: 'Pod/deleted' },
    { on: 'Pod/labels' },
    { on: 'Node/added' },
    { on: 'Node/labels' },
    { on: 'Node/taints' },
  ],

  preFilter(state, pod, view) {
    const constraints = spreadConstraints(pod, 'DoNotSchedule');
    if (constraints.length === 0) return { kind: 'skip' };
    state.write(
      filterDomains,
      constraints.map((constraint) => ({ constraint, counts: countDomains(constraint, constraints, pod, view) })),
    );
    return { kind: 'run' };
  },
  filter(state, pod, { node }) {
    for (const { constraint, counts } of state.read(filterDomains) ?? []) {
      const value = node?.metadata?.labels?.[constraint.topologyKey];
      if (value === undefined)
        return rejected("node(s) didn't match pod topology spread constraints (missing required label)", { preemptible: false });
      const least = counts.size < constraint.minDomains ? 0 : Math.min(...counts.values());
      const self = constraint.matches(pod) ? 1 : 0;
      if ((counts.get(value) ?? 0) + self - least > constraint.maxSkew)
        return rejected("node(s) didn't match pod topology spread constraints", { preemptible: true });
    }
    return fits;
  },
  preScore(state, pod, nodes, view) {
    const own = spreadConstraints(pod, 'ScheduleAnyway');
    const isDefaulted = (pod.spec?.topologySpreadConstraints ?? []).length === 0;
    const constraints = isDefaulted ? defaultConstraints(pod, view) : own;
    if (constraints.length === 0) return 'skip';
    state.write(scoreState, prepareScore({ pod, nodes, view, constraints, needsAllKeys: !isDefaulted }));
    return 'run';
  },
  score(state, _pod, info) {
    const prepared = state.read(scoreState);
    if (!prepared || prepared.ignored.has(info.name)) return 0;
    let score = 0;
    for (const { constraint, counts, weight } of prepared.domains) {
      const value = info.node?.metadata?.labels?.[constraint.topologyKey];
      if (value === undefined) continue;
      const matching = constraint.topologyKey === hostname ? countMatching(constraint, info) : (counts.get(value) ?? 0);
      score += matching * weight + (constraint.maxSkew - 1);
    }
    return Math.round(score);
  },
  normalize(state, _pod, nodes, scores) {
    const ignored = state.read(scoreState)?.ignored ?? new Set();
    const judged = scores.filter((_, index) => !ignored.has(nodes[index]?.name ?? ''));
    const most = Math.max(...judged);
    const least = Math.min(...judged);
    nodes.forEach(({ name }, index) => {
      const score = scores[index] ?? 0;
      if (ignored.has(name)) scores[index] = 0;
      else scores[index] = most === 0 ? maxNodeScore : Math.floor((maxNodeScore * (most + least - score)) / most);
    });
  },
};

/** Counts matching pods in each domain that the pod could go to. */
function countDomains(constraint: SpreadConstraint, all: readonly SpreadConstraint[], pod: Pod, view: SchedulerView): Map<string, number> {
  const counts = new Map<string, number>();
  for (const info of view.nodes()) {
    if (!isIncluded(constraint, all, pod, info)) continue;
    const value = info.node?.metadata?.labels?.[constraint.topologyKey] as string;
    counts.set(value, (counts.get(value) ?? 0) + countMatching(constraint, info));
  }
  return counts;
}

function isIncluded(constraint: SpreadConstraint, all: readonly SpreadConstraint[], pod: Pod, info: NodeInfo): boolean {
  const labels = info.node?.metadata?.labels;
  return all.every(({ topologyKey }) => labels?.[topologyKey] !== undefined) && isMeant(constraint, pod, info);
}

/** Nodes that the pod could not go to anyway do not count, if the constraint says so. */
function isMeant({ honoursAffinity, honoursTaints }: SpreadConstraint, pod: Pod, { node }: NodeInfo): boolean {
  if (!node || (honoursAffinity && !matchesRequiredNodes(pod.spec, node))) return false;
  return !honoursTaints || blockingTaint(pod, node) === undefined;
}

interface ScoreInput {
  readonly pod: Pod;
  readonly nodes: readonly NodeInfo[];
  readonly view: SchedulerView;
  readonly constraints: readonly SpreadConstraint[];
  readonly needsAllKeys: boolean;
}

function prepareScore({ pod, nodes, view, constraints, needsAllKeys }: ScoreInput): ScoreState {
  const ignored = new Set<string>();
  const domains = constraints.map((constraint) => ({ constraint, counts: new Map<string, number>(), weight: 0 }));
  for (const { name, node } of nodes) {
    const labels = node?.metadata?.labels;
    if (needsAllKeys && constraints.some(({ topologyKey }) => labels?.[topologyKey] === undefined)) {
      ignored.add(name);
      continue;
    }
    for (const { constraint, counts } of domains) {
      const value = labels?.[constraint.topologyKey];
      if (value !== undefined && constraint.topologyKey !== hostname) counts.set(value, 0);
    }
  }
  for (const { constraint, counts } of domains) {
    if (constraint.topologyKey === hostname) continue;
    for (const info of view.nodes()) {
      const value = info.node?.metadata?.labels?.[constraint.topologyKey];
      if (value === undefined || !counts.has(value) || !isMeant(constraint, pod, info)) continue;
      counts.set(value, (counts.get(value) ?? 0) + countMatching(constraint, info));
    }
  }
  return {
    ignored,
    domains: domains.map((domain) => {
      const size = domain.constraint.topologyKey === hostname ? nodes.length - ignored.size : domain.counts.size;
      // The more domains there are, the more one pod too many in one of them matters.
      return { ...domain, weight: Math.log(size + 2) };
    }),
  };
}

/** Pods of one Service or ReplicaSet are spread although they do not ask for it. */
function defaultConstraints(pod: Pod, view: SchedulerView): readonly SpreadConstraint[] {
  const selector = commonSelector(pod, view);
  if (!selector) return [];
  return systemDefaults.map(({ topologyKey, maxSkew }) => ({
    topologyKey,
    maxSkew,
    minDomains: 1,
    honoursAffinity: true,
    honoursTaints: false,
    ...matcherName(selector, pod),
  }));
}

/** What all Services that select the pod and its ReplicaSet ask for together. */
function commonSelector(pod: Pod, view: SchedulerView): V1LabelSelector | undefined {
  const namespace = pod.metadata?.namespace ?? '';
  const matchLabels: Record<string, string> = {};
  for (const { spec } of view.lister(service).inNamespace(namespace)) {
    if (spec?.selector && Object.keys(spec.selector).length > 0 && matchesLabels(spec.selector, pod.metadata?.labels))
      Object.assign(matchLabels, spec.selector);
  }
  const owner = pod.metadata?.ownerReferences?.find(({ controller }) => controller);
  const selector = owner?.kind === 'ReplicaSet' ? view.lister(replicaSet).get(namespace, owner.name)?.spec?.selector : undefined;
  Object.assign(matchLabels, selector?.matchLabels);
  const matchExpressions = selector?.matchExpressions ?? [];
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0 ? undefined : { matchLabels, matchExpressions };
}
