import type { Node } from '../../kinds/core/node.ts';
import { matchesNodeTerm, matchesRequiredNodes, requiredNodeTerms } from '../../kinds/core/node-selector.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { V1NodeSelectorTerm } from '../../schema/generated/models.ts';
import { fits, rejected, type SchedulerPlugin } from '../plugin.ts';

/** Sends pods to nodes by the nodes' labels and names. Kubernetes: plugins/nodeaffinity, component-helpers/scheduling/corev1/nodeaffinity (1.36). */
export const nodeAffinity: SchedulerPlugin = {
  name: 'NodeAffinity',
  requeueOn: [
    { on: 'Node/added', hint: (pod, { object }) => matchesRequiredNodes(pod.spec, object as Node) },
    { on: 'Node/labels', hint: (pod, { object }) => matchesRequiredNodes(pod.spec, object as Node) },
  ],
  preFilter(_state, pod) {
    const terms = requiredNodeTerms(pod.spec);
    if (!terms && !pod.spec?.nodeSelector) return { kind: 'skip' };
    const names = terms && namedNodes(terms);
    return names ? { kind: 'run', nodes: names } : { kind: 'run' };
  },
  filter(_state, pod, { node }) {
    return node && matchesRequiredNodes(pod.spec, node)
      ? fits
      : rejected("node(s) didn't match Pod's node affinity/selector", { preemptible: false });
  },
  preScore: (_state, pod) => (preferredTerms(pod).length === 0 ? 'skip' : 'run'),
  score(_state, pod, { node }) {
    let score = 0;
    for (const { preference, weight } of preferredTerms(pod)) if (node && matchesNodeTerm(preference, node)) score += weight;
    return score;
  },
  normalize: 'default',
};

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
