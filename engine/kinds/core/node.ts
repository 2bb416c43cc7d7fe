import { duplicate, type FieldError, forbidden, invalid, notSupported } from '../../schema/field-error.ts';
import type { V1Node, V1NodeAddress } from '../../schema/generated/models.ts';
import { ageColumn } from '../columns.ts';
import { column, defineKind, nameColumn, wideColumn } from '../define-kind.ts';
import { labelValueProblems, qualifiedNameProblems } from '../labels.ts';
import { taintEffects } from './pod-validation.ts';

export type Node = V1Node;

function addressOf(object: Node, type: V1NodeAddress['type']): string {
  return object.status?.addresses?.find((address) => address.type === type)?.address ?? '<none>';
}

/** `Ready`, `NotReady`, `Ready,SchedulingDisabled`, as kubectl prints it. */
export function nodeStatusText(object: Node): string {
  const ready = object.status?.conditions?.find((condition) => condition.type === 'Ready');
  const texts = [ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'];
  if (object.spec?.unschedulable) texts.push('SchedulingDisabled');
  return texts.join(',');
}

function nodeRoles(object: Node): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.entries(object.metadata?.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(prefix) && key.length > prefix.length) return [key.slice(prefix.length)];
    return key === 'kubernetes.io/role' && value !== '' ? [value] : [];
  });
  return roles.length === 0 ? '<none>' : [...new Set(roles)].sort().join(',');
}

/** Kubernetes: pkg/registry/core/node (1.36). */
export const node = defineKind<Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  model: 'V1Node',
  storagePrefix: '/registry/minions',
  subresources: ['status'],
  fieldSelectors: { 'spec.unschedulable': (object) => String(object.spec?.unschedulable ?? false) },
  columns: [
    nameColumn(),
    column('Status', nodeStatusText),
    column('Roles', nodeRoles),
    ageColumn(),
    column('Version', (object) => object.status?.nodeInfo?.kubeletVersion ?? ''),
    wideColumn('Internal-IP', (object) => addressOf(object, 'InternalIP')),
    wideColumn('External-IP', (object) => addressOf(object, 'ExternalIP')),
    wideColumn('OS-Image', (object) => object.status?.nodeInfo?.osImage || '<unknown>'),
    wideColumn('Kernel-Version', (object) => object.status?.nodeInfo?.kernelVersion || '<unknown>'),
    wideColumn('Container-Runtime', (object) => object.status?.nodeInfo?.containerRuntimeVersion || '<unknown>'),
  ],
  defaults(draft) {
    draft.spec ??= {};
  },
  validate(object) {
    const errors: FieldError[] = [];
    const seen = new Set<string>();
    (object.spec?.taints ?? []).forEach((taint, index) => {
      const at = `metadata.taints[${index}]`;
      for (const problem of qualifiedNameProblems(taint.key)) errors.push(invalid(`${at}.key`, taint.key, problem));
      for (const problem of labelValueProblems(taint.value ?? '')) errors.push(invalid(`${at}.value`, taint.value, problem));
      if (!taintEffects.includes(taint.effect)) errors.push(notSupported(`${at}.effect`, taint.effect, taintEffects));
      const id = `${taint.key}:${taint.effect}`;
      if (seen.has(id)) errors.push(duplicate(`metadata.taints`, taint));
      seen.add(id);
    });
    return errors;
  },
  validateUpdate(next, old) {
    const errors: FieldError[] = [];
    const { podCIDR, providerID } = old.spec ?? {};
    if (podCIDR && next.spec?.podCIDR !== podCIDR)
      errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
    if (providerID && next.spec?.providerID !== providerID)
      errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'));
    return errors;
  },
});
