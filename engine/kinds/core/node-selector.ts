import type { V1NodeSelectorRequirement, V1NodeSelectorTerm, V1PodSpec } from '../../schema/generated/models.ts';
import { matchesLabels } from '../labels.ts';
import type { Node } from './node.ts';

/** Which nodes a pod may run on by its own words. Kubernetes: component-helpers/scheduling/corev1/nodeaffinity (1.36). */
export function requiredNodeTerms(spec: V1PodSpec | undefined): readonly V1NodeSelectorTerm[] | undefined {
  return spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
}

/** `nodeSelector` and required affinity together. Terms are alternatives; an empty term matches nothing. */
export function matchesRequiredNodes(spec: V1PodSpec | undefined, node: Node): boolean {
  if (!matchesLabels(spec?.nodeSelector, node.metadata?.labels)) return false;
  const terms = requiredNodeTerms(spec);
  return terms === undefined || terms.some((term) => matchesNodeTerm(term, node));
}

export function matchesNodeTerm({ matchExpressions = [], matchFields = [] }: V1NodeSelectorTerm, { metadata }: Node): boolean {
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
