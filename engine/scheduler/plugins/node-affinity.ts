import type { Node } from '../../kinds/core/node.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { matchesLabels } from '../../kinds/labels.ts';
import type { V1NodeSelectorRequirement, V1NodeSelectorTerm } from '../../schema/generated/models.ts';
import { fits, rejected, type SchedulerPlugin } from '../plugin.ts';

/** Sends pods to nodes by the nodes' labels and names. Kubernetes: plugins/nodeaffinity, component-helpers/scheduling/corev1/nodeaffinity (1.36). */
export const nodeAffinity: SchedulerPlugin = {
  name: 'NodeAffinity',
  requeueOn: [
    { on: 'Node/added', hint: (pod, { object }) => matchesRequired(pod, object as Node) },
    { on: 'Node/labels', hint: (pod, { object }) => matchesRequired(pod, object as Node) },
  ],
  preFilter(_state, pod) {
    const terms = requiredTerms(pod);
    if (!terms && !pod.spec?.nodeSelector) return { kind: 'skip' };
    const names = terms && namedNodes(terms);
    return names ? { kind: 'run', nodes: names } : { kind: 'run' };
  },
  filter(_state, pod, { node }) {
    return node && matchesRequired(pod, node)
      ? fits
      : rejected("node(s) didn't match Pod's node affinity/selector", { preemptible: false });
  },
  preScore: (_state, pod) => (preferredTerms(pod).length === 0 ? 'skip' : 'run'),
  score(_state, pod, { node }) {
    let score = 0;
    for (const { preference, weight } of preferredTerms(pod)) if (node && matchesTerm(preference, node)) score += weight;
    return score;
  },
  normalize: 'default',
};

function requiredTerms({ spec }: Pod): readonly V1NodeSelectorTerm[] | undefined {
  return spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
}

function preferredTerms({ spec }: Pod): readonly { readonly preference: V1NodeSelectorTerm; readonly weight: number }[] {
  return spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
}

/** When every term asks for nodes by name, only those need to be looked at. */
function namedNodes(terms: readonly V1NodeSelectorTerm[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const byName = matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In');
    if (byName.length === 0) return undefined;
    for (const { values } of byName) for (const value of values ?? []) names.add(value);
  }
  return names;
}

/** `nodeSelector` and required affinity together. Terms are alternatives; an empty term matches nothing. */
export function matchesRequired(pod: Pod, node: Node): boolean {
  if (!matchesLabels(pod.spec?.nodeSelector, node.metadata?.labels)) return false;
  const terms = requiredTerms(pod);
  return terms === undefined || terms.some((term) => matchesTerm(term, node));
}

function matchesTerm({ matchExpressions = [], matchFields = [] }: V1NodeSelectorTerm, { metadata }: Node): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const fields: Readonly<Record<string, string>> = { 'metadata.name': metadata?.name ?? '' };
  return (
    matchExpressions.every((requirement) => matches(requirement, metadata?.labels)) &&
    matchFields.every((requirement) => matches(requirement, fields))
  );
}

function matches({ key, operator, values = [] }: V1NodeSelectorRequirement, labels: Readonly<Record<string, string>> | undefined): boolean {
  const value = labels?.[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt':
      return compares(operator, value, values[0]);
    default:
      return false;
  }
}

function compares(operator: 'Gt' | 'Lt', value: string | undefined, bound: string | undefined): boolean {
  const integer = /^-?\d+$/;
  if (value === undefined || bound === undefined || !integer.test(value) || !integer.test(bound)) return false;
  return operator === 'Gt' ? Number(value) > Number(bound) : Number(value) < Number(bound);
}
