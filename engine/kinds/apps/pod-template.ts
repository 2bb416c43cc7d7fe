import { type FieldError, invalid, notSupported, required } from '../../schema/field-error.ts';
import type { V1LabelSelector, V1PodTemplateSpec } from '../../schema/generated/models.ts';
import type { Mutable } from '../../sim/plain.ts';
import { defaultPodSpec } from '../core/pod-defaults.ts';
import { validatePodSpec } from '../core/pod-validation.ts';
import { matchesSelector, validateAnnotations, validateLabelSelector, validateLabels } from '../labels.ts';

/** Defaults of a pod template. */
export function defaultTemplate(template: Mutable<V1PodTemplateSpec> | undefined): void {
  if (template?.spec) defaultPodSpec(template.spec);
}

/** The rules that Deployments, ReplicaSets and DaemonSets share for `spec.selector` and `spec.template`. Kubernetes: pkg/apis/apps/validation (1.36). */
export function validateSelectorAndTemplate(selector: V1LabelSelector | undefined, template: V1PodTemplateSpec | undefined): FieldError[] {
  const errors: FieldError[] = [];
  const isEmpty = Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions ?? []).length === 0;
  if (!selector) errors.push(required('spec.selector'));
  else {
    errors.push(...validateLabelSelector(selector, 'spec.selector'));
    if (isEmpty) errors.push(invalid('spec.selector', selector, 'empty selector is invalid for deployment'));
  }
  if (selector && !isEmpty && !matchesSelector(selector, template?.metadata?.labels ?? {})) {
    errors.push(
      invalid('spec.template.metadata.labels', template?.metadata?.labels ?? null, '`selector` does not match template `labels`'),
    );
  }
  errors.push(...validateLabels(template?.metadata?.labels, 'spec.template.labels'));
  errors.push(...validateAnnotations(template?.metadata?.annotations, 'spec.template.annotations'));
  errors.push(...validatePodSpec(template?.spec ?? { containers: [] }, 'spec.template.spec'));
  const policy = template?.spec?.restartPolicy;
  if (policy && policy !== 'Always') errors.push(notSupported('spec.template.spec.restartPolicy', policy, ['Always']));
  return errors;
}

/** Image and container columns of workloads. */
export function containerNames(template: V1PodTemplateSpec | undefined): string {
  return (template?.spec?.containers ?? []).map((container) => container.name).join(',');
}

export function containerImages(template: V1PodTemplateSpec | undefined): string {
  return (template?.spec?.containers ?? []).map((container) => container.image ?? '').join(',');
}
