import type { DaemonSet } from '../kinds/apps/daemon-set.ts';
import type { Node } from '../kinds/core/node.ts';
import { matchesRequiredNodes } from '../kinds/core/node-selector.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { toleratesTaint } from '../kinds/core/taints.ts';
import type {
  V1DaemonSetStatus,
  V1NodeSelectorRequirement,
  V1NodeSelectorTerm,
  V1PodTemplateSpec,
  V1Toleration,
} from '../schema/generated/models.ts';
import type { Millis } from '../sim/simulation.ts';
import { isAvailable, isReady } from './pod-state.ts';
import { byAge, isDeleting, metaOf } from './stored-object.ts';

/** Which nodes a DaemonSet runs on. Kubernetes: pkg/controller/daemon (1.36). */
export const generationLabel = 'pod-template-generation';
export const revisionLabel = 'controller-revision-hash';

const alwaysTolerated: readonly V1Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];
const hostNetworkToleration: V1Toleration = { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' };

export function daemonTolerations({ spec }: V1PodTemplateSpec): readonly V1Toleration[] {
  const own = spec?.tolerations ?? [];
  const standard = spec?.hostNetwork ? [...alwaysTolerated, hostNetworkToleration] : alwaysTolerated;
  const isThere = (wanted: V1Toleration): boolean =>
    own.some(({ key, operator, effect }) => key === wanted.key && operator === wanted.operator && effect === wanted.effect);
  return [...own, ...standard.filter((toleration) => !isThere(toleration))];
}

/** The template for one node: bound by name through node affinity, so that the scheduler still has a say. */
export function templateForNode(template: V1PodTemplateSpec, node: string): V1PodTemplateSpec {
  const affinity = template.spec?.affinity;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const byName: V1NodeSelectorRequirement = { key: 'metadata.name', operator: 'In', values: [node] };
  const terms: readonly V1NodeSelectorTerm[] = required
    ? required.nodeSelectorTerms.map((term) => ({ ...term, matchFields: [byName] }))
    : [{ matchFields: [byName] }];
  return {
    ...template,
    spec: {
      ...(template.spec ?? { containers: [] }),
      affinity: {
        ...affinity,
        nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
      },
      tolerations: daemonTolerations(template),
    },
  };
}

export interface NodeDecision {
  readonly shouldRun: boolean;
  readonly shouldContinue: boolean;
}

/** A pod that runs may stay on a node where none would be started: a NoSchedule taint ends nothing. */
export function decideNode({ spec }: DaemonSet, node: Node): NodeDecision {
  const template = spec?.template ?? {};
  const no = { shouldRun: false, shouldContinue: false };
  if (template.spec?.nodeName && template.spec.nodeName !== metaOf(node).name) return no;
  if (!matchesRequiredNodes(template.spec, node)) return no;
  const tolerations = daemonTolerations(template);
  const untolerated = (node.spec?.taints ?? []).filter((taint) => !toleratesTaint(tolerations, taint));
  if (untolerated.some(({ effect }) => effect === 'NoExecute')) return no;
  return { shouldRun: !untolerated.some(({ effect }) => effect === 'NoSchedule'), shouldContinue: true };
}

/** The node that a daemon pod is for, whether or not it is bound yet. */
export function nodeOf({ spec }: Pod): string | undefined {
  if (spec?.nodeName) return spec.nodeName;
  for (const { matchFields } of spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []) {
    const byName = matchFields?.find(({ key, operator }) => key === 'metadata.name' && operator === 'In');
    if (byName?.values?.length === 1) return byName.values[0];
  }
  return undefined;
}

export interface DaemonPlan {
  /** Nodes that get a pod. */
  readonly create: readonly string[];
  readonly remove: readonly Pod[];
  /** Pods that failed; they are deleted, with an event, and come again. */
  readonly failed: readonly Pod[];
}

export interface DaemonInput {
  readonly set: DaemonSet;
  readonly nodes: readonly Node[];
  readonly byNode: ReadonlyMap<string, readonly Pod[]>;
}

export function planDaemons({ set, nodes, byNode }: DaemonInput): DaemonPlan {
  const create: string[] = [];
  const remove: Pod[] = [];
  const failed: Pod[] = [];
  for (const node of nodes) {
    const { shouldRun, shouldContinue } = decideNode(set, node);
    const pods = (byNode.get(metaOf(node).name) ?? []).filter((pod) => !isDeleting(pod));
    if (!shouldContinue) {
      remove.push(...pods);
      continue;
    }
    const broken = pods.filter(({ status }) => status?.phase === 'Failed');
    const running = pods.filter((pod) => !broken.includes(pod));
    failed.push(...broken);
    // The pod that runs longest stays.
    remove.push(...[...running].sort(byAge).slice(1));
    const isEnding = (byNode.get(metaOf(node).name) ?? []).some(isDeleting);
    if (shouldRun && running.length === 0 && broken.length === 0 && !isEnding) create.push(metaOf(node).name);
  }
  const known = new Set(nodes.map((node) => metaOf(node).name));
  for (const [node, pods] of byNode) if (!known.has(node)) remove.push(...pods.filter((pod) => !isDeleting(pod)));
  return { create, remove, failed };
}

export interface RollingInput extends DaemonInput {
  readonly hash: string;
  readonly now: Millis;
}

/** Old pods that may go: those that are not available at once, the others up to `maxUnavailable`. */
export function planRollingUpdate({ set, nodes, byNode, hash, now }: RollingInput): readonly Pod[] {
  const most = set.spec?.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1;
  const desired = nodes.filter((node) => decideNode(set, node).shouldRun);
  const limit = typeof most === 'number' ? most : Math.ceil((Number.parseInt(most, 10) * desired.length) / 100);
  const remove: Pod[] = [];
  const candidates: Pod[] = [];
  let unavailable = 0;
  for (const node of desired) {
    const pods = byNode.get(metaOf(node).name) ?? [];
    const current = pods.find((pod) => pod.metadata?.labels?.[revisionLabel] === hash && !isDeleting(pod));
    const old = pods.find((pod) => pod.metadata?.labels?.[revisionLabel] !== hash && !isDeleting(pod));
    const serving = current ?? old;
    if (!serving || !isAvailable(serving, set.spec?.minReadySeconds ?? 0, now)) unavailable++;
    if (current || !old) continue;
    if (isAvailable(old, set.spec?.minReadySeconds ?? 0, now)) candidates.push(old);
    else remove.push(old);
  }
  return [...remove, ...candidates.slice(0, Math.max(0, limit - unavailable))];
}

export function daemonSetStatus({ set, nodes, byNode, hash, now }: RollingInput): V1DaemonSetStatus {
  let [desired, current, misscheduled, ready, available, updated] = [0, 0, 0, 0, 0, 0];
  for (const node of nodes) {
    const { shouldRun } = decideNode(set, node);
    const pods = byNode.get(metaOf(node).name) ?? [];
    if (!shouldRun) {
      if (pods.length > 0) misscheduled++;
      continue;
    }
    desired++;
    const oldest = [...pods].sort((a, b) => Number(isReady(b)) - Number(isReady(a)) || byAge(a, b))[0];
    if (!oldest) continue;
    current++;
    if (isReady(oldest)) ready++;
    if (isAvailable(oldest, set.spec?.minReadySeconds ?? 0, now)) available++;
    if (oldest.metadata?.labels?.[revisionLabel] === hash) updated++;
  }
  const { generation } = metaOf(set);
  return {
    currentNumberScheduled: current,
    numberMisscheduled: misscheduled,
    desiredNumberScheduled: desired,
    numberReady: ready,
    ...(generation !== undefined && { observedGeneration: generation }),
    ...(updated > 0 && { updatedNumberScheduled: updated }),
    ...(available > 0 && { numberAvailable: available }),
    ...(desired - available > 0 && { numberUnavailable: desired - available }),
  };
}
