import { type FieldError, forbidden, invalid } from '../../schema/field-error.ts';
import type { V1Container, V1Pod, V1PodSpec, V1Toleration } from '../../schema/generated/models.ts';
import { deepEqual } from '../../sim/plain.ts';
import { defineKind } from '../define-kind.ts';
import { podColumns } from './pod-columns.ts';
import { defaultPodSpec } from './pod-defaults.ts';
import { validatePodSpec } from './pod-validation.ts';

export type Pod = V1Pod;

/** Kubernetes: pkg/registry/core/pod (1.36). */
export const pod = defineKind<Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  model: 'V1Pod',
  subresources: ['status', 'binding', 'log', 'exec', 'eviction'],
  generationFields: ['spec'],
  fieldSelectors: {
    'spec.nodeName': (object) => object.spec?.nodeName ?? '',
    'spec.restartPolicy': (object) => object.spec?.restartPolicy ?? '',
    'spec.schedulerName': (object) => object.spec?.schedulerName ?? '',
    'spec.serviceAccountName': (object) => object.spec?.serviceAccountName ?? '',
    'spec.hostNetwork': (object) => String(object.spec?.hostNetwork ?? false),
    'status.phase': (object) => object.status?.phase ?? '',
    'status.podIP': (object) => object.status?.podIP ?? '',
    'status.nominatedNodeName': (object) => object.status?.nominatedNodeName ?? '',
  },
  columns: podColumns,
  defaults(draft) {
    if (!draft.spec) return;
    defaultPodSpec(draft.spec);
    draft.spec.enableServiceLinks ??= true;
  },
  prepareForCreate(draft) {
    draft.status = { phase: 'Pending', qosClass: qosClassOf((draft as Pod).spec) };
  },
  validate: (object) => (object.spec ? validatePodSpec(object.spec, 'spec') : validatePodSpec({ containers: [] }, 'spec')),
  validateUpdate: validatePodUpdate,
});

/** Kubernetes: pkg/apis/core/helper/qos. */
export function qosClassOf(spec: V1PodSpec | undefined): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  let hasAny = false;
  let isGuaranteed = containers.length > 0;
  for (const { resources } of containers) {
    for (const name of ['cpu', 'memory']) {
      const request = resources?.requests?.[name];
      const limit = resources?.limits?.[name];
      if (request !== undefined || limit !== undefined) hasAny = true;
      if (limit === undefined || request !== limit) isGuaranteed = false;
    }
  }
  if (!hasAny) return 'BestEffort';
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

const updateRule =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function validatePodUpdate(next: Pod, old: Pod): FieldError[] {
  const errors: FieldError[] = [];
  const before = old.spec as V1PodSpec;
  const after = next.spec as V1PodSpec;
  if (before === after) return errors;
  if (before.containers.length !== after.containers.length)
    errors.push(forbidden('spec.containers', 'pod may not add or remove containers'));
  for (const [index, { name, image }] of after.containers.entries()) {
    if (!image) errors.push(invalid(`spec.containers[${index}].image`, image ?? '', `must not be empty for container ${name}`));
  }
  if (errors.length > 0) return errors;
  if (!keepsTolerations(before.tolerations ?? [], after.tolerations ?? [])) {
    errors.push(forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'));
  }
  if (!deepEqual(withoutChangeable(before), withoutChangeable(after))) errors.push(forbidden('spec', updateRule));
  return errors;
}

function keepsTolerations(before: readonly V1Toleration[], after: readonly V1Toleration[]): boolean {
  const bare = ({ tolerationSeconds: _, ...rest }: V1Toleration): unknown => rest;
  return before.every((toleration) => after.some((candidate) => deepEqual(bare(candidate), bare(toleration))));
}

function withoutChangeable({ activeDeadlineSeconds: _, tolerations: _tolerations, ...spec }: V1PodSpec): unknown {
  const bare = (containers: readonly V1Container[] | undefined): unknown => containers?.map(({ image: _image, ...rest }) => rest);
  const grace = (spec.terminationGracePeriodSeconds ?? 0) < 0 ? 1 : spec.terminationGracePeriodSeconds;
  return { ...spec, terminationGracePeriodSeconds: grace, containers: bare(spec.containers), initContainers: bare(spec.initContainers) };
}
