import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';
import { qualifiedNameProblems, validateAnnotations, validateLabels } from '../kinds/labels.ts';
import { type FieldError, forbidden, invalid, required } from '../schema/field-error.ts';
import type { V1ObjectMeta } from '../schema/generated/models.ts';

/** The rules of `metadata` that all kinds share. Kubernetes: apimachinery/pkg/api/validation/objectmeta.go (1.36). */
export function validateObjectMeta(kind: AnyKind, object: ApiObject): FieldError[] {
  const errors: FieldError[] = [];
  const metadata: V1ObjectMeta = object.metadata ?? {};
  const { name = '', generateName, labels, annotations, finalizers, ownerReferences } = metadata;
  if (generateName !== undefined && name === '')
    for (const problem of kind.validateName(`${generateName.replace(/-$/, '')}`))
      errors.push(invalid('metadata.generateName', generateName, problem));
  if (name === '') errors.push(required('metadata.name', 'name or generateName is required'));
  else for (const problem of kind.validateName(name)) errors.push(invalid('metadata.name', name, problem));
  if (!kind.namespaced && metadata.namespace) errors.push(forbidden('metadata.namespace', 'not allowed on this type'));
  errors.push(...validateLabels(labels, 'metadata.labels'), ...validateAnnotations(annotations, 'metadata.annotations'));
  finalizers?.forEach((finalizer, index) => {
    for (const problem of qualifiedNameProblems(finalizer)) errors.push(invalid('metadata.finalizers', finalizer, problem));
    if (!finalizer.includes('/') && !standardFinalizers.includes(finalizer)) {
      errors.push(
        invalid(`metadata.finalizers[${index}]`, finalizer, 'name is neither a standard finalizer name nor is it fully qualified'),
      );
    }
  });
  let controllers = 0;
  ownerReferences?.forEach((owner, index) => {
    for (const field of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (!owner[field])
        errors.push(
          invalid(
            `metadata.ownerReferences[${index}].${field}`,
            owner[field] ?? '',
            `${field === 'apiVersion' ? 'version' : field} must not be empty`,
          ),
        );
    }
    if (owner.controller) controllers++;
  });
  if (controllers > 1)
    errors.push(invalid('metadata.ownerReferences', ownerReferences, 'Only one reference can have Controller set to true'));
  return errors;
}

const standardFinalizers: readonly string[] = ['foregroundDeletion', 'orphan', 'kubernetes'];

/** What may not change in `metadata` once an object exists. */
export function validateObjectMetaUpdate(next: ApiObject, old: ApiObject): FieldError[] {
  const errors: FieldError[] = [];
  const after = next.metadata ?? {};
  const before = old.metadata ?? {};
  for (const field of ['name', 'namespace', 'uid', 'creationTimestamp'] as const) {
    if (after[field] !== before[field]) errors.push(invalid(`metadata.${field}`, after[field], 'field is immutable'));
  }
  if (before.deletionTimestamp !== undefined) {
    const added = (after.finalizers ?? []).filter((finalizer) => !before.finalizers?.includes(finalizer));
    if (added.length > 0) {
      errors.push(
        forbidden(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => JSON.stringify(name)).join(', ')}}`,
        ),
      );
    }
  }
  return errors;
}
