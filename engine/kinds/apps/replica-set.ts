import { immutable, invalid } from '../../schema/field-error.ts';
import type { V1ReplicaSet } from '../../schema/generated/models.ts';
import { deepEqual } from '../../sim/plain.ts';
import { ageColumn } from '../columns.ts';
import { column, defineKind, nameColumn, wideColumn } from '../define-kind.ts';
import { formatSelector } from '../labels.ts';
import { containerImages, containerNames, defaultTemplate, validateSelectorAndTemplate } from './pod-template.ts';

export type ReplicaSet = V1ReplicaSet;

/** Kubernetes: pkg/registry/apps/replicaset (1.36). */
export const replicaSet = defineKind<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  model: 'V1ReplicaSet',
  subresources: ['status', 'scale'],
  generationFields: ['spec'],
  fieldSelectors: { 'status.replicas': (object) => String(object.status?.replicas ?? 0) },
  columns: [
    nameColumn(),
    column('Desired', (object) => object.spec?.replicas ?? 0, 'integer'),
    column('Current', (object) => object.status?.replicas ?? 0, 'integer'),
    column('Ready', (object) => object.status?.readyReplicas ?? 0, 'integer'),
    ageColumn(),
    wideColumn('Containers', (object) => containerNames(object.spec?.template)),
    wideColumn('Images', (object) => containerImages(object.spec?.template)),
    wideColumn('Selector', (object) => formatSelector(object.spec?.selector)),
  ],
  scale: {
    replicas: (object) => object.spec?.replicas ?? 0,
    statusReplicas: (object) => object.status?.replicas ?? 0,
    selector: (object) => formatSelector(object.spec?.selector),
    setReplicas(draft, replicas) {
      if (draft.spec) draft.spec.replicas = replicas;
    },
  },
  defaults(draft) {
    if (!draft.spec) return;
    draft.spec.replicas ??= 1;
    defaultTemplate(draft.spec.template);
  },
  prepareForCreate(draft) {
    draft.status = { replicas: 0 };
  },
  validate(object) {
    const errors = validateSelectorAndTemplate(object.spec?.selector, object.spec?.template);
    const replicas = object.spec?.replicas ?? 1;
    return replicas < 0 ? [...errors, invalid('spec.replicas', replicas, 'must be greater than or equal to 0')] : errors;
  },
  validateUpdate: (next, old) =>
    deepEqual(next.spec?.selector, old.spec?.selector) ? [] : [immutable('spec.selector', next.spec?.selector)],
});
