import type { V1Lease } from '../../schema/generated/models.ts';
import { ageColumn } from '../columns.ts';
import { column, defineKind, nameColumn } from '../define-kind.ts';

export type Lease = V1Lease;

/** Kubernetes: pkg/registry/coordination/lease (1.36). */
export const lease = defineKind<Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  model: 'V1Lease',
  isTraced: false,
  columns: [nameColumn(), column('Holder', (object) => object.spec?.holderIdentity ?? ''), ageColumn()],
});
