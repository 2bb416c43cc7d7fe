import { encodeBase64 } from '../../schema/base64.ts';
import { type FieldError, forbidden, immutable, invalid, required } from '../../schema/field-error.ts';
import type { V1Secret } from '../../schema/generated/models.ts';
import { deepEqual } from '../../sim/plain.ts';
import { ageColumn } from '../columns.ts';
import { column, defineKind, nameColumn } from '../define-kind.ts';
import { dataKeyProblems } from './data-keys.ts';

export type Secret = V1Secret;

/** Kubernetes: pkg/registry/core/secret (1.36). */
export const secret = defineKind<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  model: 'V1Secret',
  fieldSelectors: { type: (object) => object.type ?? '' },
  columns: [
    nameColumn(),
    column('Type', (object) => object.type ?? ''),
    column('Data', (object) => Object.keys(object.data ?? {}).length, 'integer'),
    ageColumn(),
  ],
  defaults(draft) {
    draft.type ??= 'Opaque';
    if (!draft.stringData) return;
    draft.data ??= {};
    for (const [key, value] of Object.entries(draft.stringData)) draft.data[key] = encodeBase64(value);
    delete draft.stringData;
  },
  validate(object) {
    const errors: FieldError[] = [];
    for (const key in object.data) for (const problem of dataKeyProblems(key)) errors.push(invalid(`data[${key}]`, key, problem));
    for (const key of requiredKeys[object.type ?? ''] ?? []) {
      if (object.data?.[key] === undefined) errors.push(required(`data[${key}]`));
    }
    return errors;
  },
  validateUpdate(next, old) {
    const errors: FieldError[] = [];
    if (next.type !== old.type) errors.push(immutable('type', next.type));
    if (old.immutable) {
      if (!next.immutable) errors.push(forbidden('immutable', 'field is immutable when `immutable` is set'));
      if (!deepEqual(next.data, old.data)) errors.push(forbidden('data', 'field is immutable when `immutable` is set'));
    }
    return errors;
  },
});

const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};
