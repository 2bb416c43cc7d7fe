import { immutable, notSupported } from '../../schema/field-error.ts';
import type { V1DaemonSet } from '../../schema/generated/models.ts';
import { deepEqual } from '../../sim/plain.ts';
import { ageColumn } from '../columns.ts';
import { column, defineKind, nameColumn, wideColumn } from '../define-kind.ts';
import { formatLabels, formatSelector } from '../labels.ts';
import { containerImages, containerNames, defaultTemplate, validateSelectorAndTemplate } from './pod-template.ts';

export type DaemonSet = V1DaemonSet;

/** Kubernetes: pkg/registry/apps/daemonset (1.36). */
export const daemonSet = defineKind<DaemonSet>({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  model: 'V1DaemonSet',
  subresources: ['status'],
  generationFields: ['spec'],
  columns: [
    nameColumn(),
    column('Desired', (object) => object.status?.desiredNumberScheduled ?? 0, 'integer'),
    column('Current', (object) => object.status?.currentNumberScheduled ?? 0, 'integer'),
    column('Ready', (object) => object.status?.numberReady ?? 0, 'integer'),
    column('Up-to-date', (object) => object.status?.updatedNumberScheduled ?? 0, 'integer'),
    column('Available', (object) => object.status?.numberAvailable ?? 0, 'integer'),
    column('Node Selector', (object) => formatLabels(object.spec?.template.spec?.nodeSelector)),
    ageColumn(),
    wideColumn('Containers', (object) => containerNames(object.spec?.template)),
    wideColumn('Images', (object) => containerImages(object.spec?.template)),
    wideColumn('Selector', (object) => formatSelector(object.spec?.selector)),
  ],
  defaults(draft) {
    const { spec } = draft;
    if (!spec) return;
    spec.revisionHistoryLimit ??= 10;
    spec.updateStrategy ??= {};
    spec.updateStrategy.type ||= 'RollingUpdate';
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate ??= {};
      spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1;
      spec.updateStrategy.rollingUpdate.maxSurge ??= 0;
    }
    defaultTemplate(spec.template);
  },
  prepareForCreate(draft) {
    draft.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
  },
  validate(object) {
    const errors = validateSelectorAndTemplate(object.spec?.selector, object.spec?.template);
    const type = object.spec?.updateStrategy?.type;
    return type && !['OnDelete', 'RollingUpdate'].includes(type)
      ? [...errors, notSupported('spec.updateStrategy.type', type, ['OnDelete', 'RollingUpdate'])]
      : errors;
  },
  validateUpdate: (next, old) =>
    deepEqual(next.spec?.selector, old.spec?.selector) ? [] : [immutable('spec.selector', next.spec?.selector)],
});
