import { type FieldError, forbidden, immutable, invalid, notSupported, required } from '../../schema/field-error.ts';
import type { V1Deployment, V1DeploymentStrategy } from '../../schema/generated/models.ts';
import { deepEqual } from '../../sim/plain.ts';
import { ageColumn } from '../columns.ts';
import { column, defineKind, nameColumn, wideColumn } from '../define-kind.ts';
import { formatSelector } from '../labels.ts';
import { containerImages, containerNames, defaultTemplate, validateSelectorAndTemplate } from './pod-template.ts';

export type Deployment = V1Deployment;

/** Kubernetes: pkg/registry/apps/deployment (1.36). */
export const deployment = defineKind<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  model: 'V1Deployment',
  subresources: ['status', 'scale'],
  generationFields: ['spec'],
  columns: [
    nameColumn(),
    column('Ready', (object) => `${object.status?.readyReplicas ?? 0}/${object.spec?.replicas ?? 0}`),
    column('Up-to-date', (object) => object.status?.updatedReplicas ?? 0, 'integer'),
    column('Available', (object) => object.status?.availableReplicas ?? 0, 'integer'),
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
    const { spec } = draft;
    if (!spec) return;
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= 10;
    spec.progressDeadlineSeconds ??= 600;
    spec.strategy ??= {};
    spec.strategy.type ||= 'RollingUpdate';
    if (spec.strategy.type === 'RollingUpdate') {
      spec.strategy.rollingUpdate ??= {};
      spec.strategy.rollingUpdate.maxSurge ??= '25%';
      spec.strategy.rollingUpdate.maxUnavailable ??= '25%';
    }
    defaultTemplate(spec.template);
  },
  prepareForCreate(draft) {
    draft.status = {};
  },
  validate(object) {
    const { spec } = object;
    const errors = validateSelectorAndTemplate(spec?.selector, spec?.template);
    if (!spec) return errors;
    for (const field of ['replicas', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'] as const) {
      const value = spec[field];
      if (value !== undefined && value < 0) errors.push(invalid(`spec.${field}`, value, 'must be greater than or equal to 0'));
    }
    if ((spec.progressDeadlineSeconds ?? 600) <= (spec.minReadySeconds ?? 0)) {
      errors.push(invalid('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds, 'must be greater than minReadySeconds'));
    }
    return [...errors, ...validateStrategy(spec.strategy)];
  },
  validateUpdate: (next, old) =>
    deepEqual(next.spec?.selector, old.spec?.selector) ? [] : [immutable('spec.selector', next.spec?.selector)],
});

function validateStrategy(strategy: V1DeploymentStrategy | undefined): FieldError[] {
  if (strategy?.type === 'Recreate') {
    return strategy.rollingUpdate
      ? [forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'")]
      : [];
  }
  if (strategy?.type !== 'RollingUpdate') return [notSupported('spec.strategy.type', strategy?.type ?? '', ['Recreate', 'RollingUpdate'])];
  const rolling = strategy.rollingUpdate;
  if (!rolling) return [required('spec.strategy.rollingUpdate', 'this should be defaulted and never be nil')];
  const errors: FieldError[] = [];
  for (const field of ['maxUnavailable', 'maxSurge'] as const) {
    const value = rolling[field];
    const isValid = typeof value === 'number' ? value >= 0 : /^\d+%$/.test(value ?? '');
    if (isValid) continue;
    const detail =
      typeof value === 'number'
        ? 'must be greater than or equal to 0'
        : "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
    errors.push(invalid(`spec.strategy.rollingUpdate.${field}`, value, detail));
  }
  const isZero = (value: number | string | undefined): boolean => Number.parseInt(String(value), 10) === 0;
  if (errors.length === 0 && isZero(rolling.maxUnavailable) && isZero(rolling.maxSurge)) {
    errors.push(invalid('spec.strategy.rollingUpdate.maxUnavailable', rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
  if (typeof rolling.maxUnavailable === 'string' && Number.parseInt(rolling.maxUnavailable, 10) > 100) {
    errors.push(invalid('spec.strategy.rollingUpdate.maxUnavailable', rolling.maxUnavailable, 'must not be greater than 100%'));
  }
  return errors;
}
