import type { V1Taint, V1Toleration } from '../../schema/generated/models.ts';

/** Whether one toleration covers one taint. Kubernetes: component-helpers/scheduling/corev1 (1.36). */
export function tolerates({ key, operator, value, effect }: V1Toleration, taint: V1Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  return operator === 'Exists' || (value ?? '') === (taint.value ?? '');
}

export function toleratesTaint(tolerations: readonly V1Toleration[] | undefined, taint: V1Taint): boolean {
  for (const toleration of tolerations ?? []) if (tolerates(toleration, taint)) return true;
  return false;
}
