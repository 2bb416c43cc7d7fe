import { type FieldError, forbidden, invalid } from '../../schema/field-error.ts';
import type { V1ConfigMap } from '../../schema/generated/models.ts';
import { deepEqual } from '../../sim/plain.ts';
import { ageColumn } from '../columns.ts';
import { column, defineKind, nameColumn } from '../define-kind.ts';
import { dataKeyProblems } from './data-keys.ts';

export type ConfigMap = V1ConfigMap;

/** Kubernetes: pkg/registry/core/configmap (1.36). */
export const configMap = defineKind<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  model: 'V1ConfigMap',
  columns: [
    nameColumn(),
    column('Data', (object) => Object.keys(object.data ?? {}).length + Object.keys(object.binaryData ?? {}).length, 'integer'),
    ageColumn(),
  ],
  validate(object) {
    const errors: FieldError[] = [];
    for (const field of ['data', 'binaryData'] as const) {
      for (const key in object[field]) for (const problem of dataKeyProblems(key)) errors.push(invalid(`${field}[${key}]`, key, problem));
    }
    return errors;
  },
  validateUpdate(next, old) {
    if (!old.immutable) return [];
    const errors: FieldError[] = [];
    if (!next.immutable) errors.push(forbidden('immutable', 'field is immutable when `immutable` is set'));
    for (const field of ['data', 'binaryData'] as const) {
      if (!deepEqual(next[field], old[field])) errors.push(forbidden(field, 'field is immutable when `immutable` is set'));
    }
    return errors;
  },
});
