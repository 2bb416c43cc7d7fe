import type { V1Namespace } from '../../schema/generated/models.ts';
import { ageColumn } from '../columns.ts';
import { column, defineKind, dns1123Label, nameColumn } from '../define-kind.ts';

export type Namespace = V1Namespace;

/** Kubernetes: pkg/registry/core/namespace (1.36). */
export const namespace = defineKind<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  model: 'V1Namespace',
  subresources: ['status', 'finalize'],
  fieldSelectors: { 'status.phase': (object) => object.status?.phase ?? '' },
  columns: [nameColumn(), column('Status', (object) => object.status?.phase ?? ''), ageColumn()],
  validateName: dns1123Label,
  defaults(draft) {
    draft.metadata ??= {};
    draft.metadata.labels = {
      ...draft.metadata.labels,
      ...(draft.metadata.name && { 'kubernetes.io/metadata.name': draft.metadata.name }),
    };
  },
  prepareForCreate(draft) {
    draft.status = { phase: 'Active' };
    draft.spec = { ...draft.spec, finalizers: [...new Set([...(draft.spec?.finalizers ?? []), 'kubernetes'])] };
  },
  prepareForUpdate(draft, old) {
    if (old.spec?.finalizers) draft.spec = { ...draft.spec, finalizers: [...old.spec.finalizers] };
  },
});
