import type { V1ServiceAccount } from '../../schema/generated/models.ts';
import { ageColumn } from '../columns.ts';
import { column, defineKind, nameColumn } from '../define-kind.ts';

export type ServiceAccount = V1ServiceAccount;

/** Kubernetes: pkg/registry/core/serviceaccount (1.36). */
export const serviceAccount = defineKind<ServiceAccount>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  namespaced: true,
  model: 'V1ServiceAccount',
  columns: [nameColumn(), column('Secrets', (object) => object.secrets?.length ?? 0, 'integer'), ageColumn()],
});
