import type { ControllerContext } from '../client/controller.ts';
import { type Deployment, deployment } from '../kinds/apps/deployment.ts';
import { type ReplicaSet, replicaSet } from '../kinds/apps/replica-set.ts';
import { ApiError } from '../schema/api-error.ts';
import { deepEqual } from '../sim/plain.ts';
import {
  annotationsFor,
  hashLabel,
  hasScaleAnnotations,
  hasTemplateOf,
  nextRevision,
  type ReplicaSets,
  replicaSetName,
  revisionAnnotation,
  scaleAnnotations,
  templateHash,
} from './deployment-revisions.ts';
import { fenceposts, replicasOf, type ScaleStep, sizeOfCurrent } from './deployment-scaling.ts';
import { type ConditionText, condition, findCondition, hasProgressDeadline, setCondition } from './deployment-status.ts';
import { controllerRefOf, metaOf, namespaceOf, newControllerRef } from './stored-object.ts';

/** Writes of the Deployment controller to its ReplicaSets. Kubernetes: pkg/controller/deployment/sync.go (1.36). */
export interface Synced {
  readonly object: Deployment;
  readonly sets: ReplicaSets;
}

/** Makes sure that a ReplicaSet with the Deployment's template exists and carries the highest revision. */
export function findOrCreateCurrent(context: ControllerContext, object: Deployment, sets: ReplicaSets): Synced {
  return sets.current ? syncCurrent(context, object, { ...sets, current: sets.current }) : createCurrent(context, object, sets);
}

/** Brings revision, annotations and minReadySeconds of the current ReplicaSet up to date; a template that comes back is re-numbered here. */
export function syncCurrent(context: ControllerContext, object: Deployment, sets: ReplicaSets & { readonly current: ReplicaSet }): Synced {
  const { current } = sets;
  const before = current.metadata?.annotations ?? {};
  const annotations = annotationsFor(object, before, nextRevision(sets.old), false);
  const minReadySeconds = object.spec?.minReadySeconds ?? 0;
  if (!deepEqual(annotations, before) || (current.spec?.minReadySeconds ?? 0) !== minReadySeconds) {
    const updated = context.client.update(replicaSet, {
      ...current,
      metadata: { ...current.metadata, annotations },
      ...(current.spec && { spec: { ...current.spec, minReadySeconds } }),
    });
    return { object: writeRevision(context, object, annotations[revisionAnnotation]), sets: { ...sets, current: updated } };
  }
  const found: ConditionText = { status: 'True', reason: 'FoundNewReplicaSet', message: `Found new replica set "${metaOf(current).name}"` };
  const isUnknown = hasProgressDeadline(object) && findCondition(object.status?.conditions, 'Progressing') === undefined;
  return { object: writeRevision(context, object, annotations[revisionAnnotation], isUnknown ? found : undefined), sets };
}

/** Writes the revision, and what is known of the progress, to the Deployment if it does not say so yet. */
function writeRevision(context: ControllerContext, before: Deployment, revision: string | undefined, progress?: ConditionText): Deployment {
  const annotations = before.metadata?.annotations;
  const hasRevision = revision === undefined || annotations?.[revisionAnnotation] === revision;
  const object = hasRevision
    ? before
    : context.client.update(deployment, {
        ...before,
        metadata: { ...before.metadata, annotations: { ...annotations, [revisionAnnotation]: revision } },
      });
  if (!progress) return object;
  const conditions = setCondition(object.status?.conditions ?? [], condition('Progressing', progress, context.timestamp));
  return context.client.updateStatus(deployment, { ...object, status: { ...object.status, conditions } });
}

function newReplicaSet(object: Deployment, old: readonly ReplicaSet[]): ReplicaSet {
  const { template, selector, minReadySeconds } = object.spec ?? { selector: {}, template: {} };
  const hash = templateHash(template, object.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const replicas = sizeOfCurrent(object, old, 0);
  const annotations = {
    ...annotationsFor(object, {}, nextRevision(old), true),
    ...scaleAnnotations(replicasOf(object), replicasOf(object) + fenceposts(object).maxSurge),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: replicaSetName(object, hash),
      namespace: namespaceOf(object),
      labels,
      annotations,
      ownerReferences: [newControllerRef(deployment, object)],
    },
    spec: {
      replicas,
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

function createCurrent(context: ControllerContext, object: Deployment, sets: ReplicaSets): Synced {
  const wanted = newReplicaSet(object, sets.old);
  const name = wanted.metadata?.name ?? '';
  const { created, isNew } = createOrFind(context, object, wanted);
  const size = replicasOf(wanted);
  if (isNew && size > 0) context.event(object, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${size}`);
  const text: ConditionText = { status: 'True', reason: 'NewReplicaSetCreated', message: `Created new replica set "${name}"` };
  const revision = String(nextRevision(sets.old));
  return {
    object: writeRevision(context, object, revision, isNew && hasProgressDeadline(object) ? text : undefined),
    sets: { current: created, old: sets.old },
  };
}

function createOrFind(
  context: ControllerContext,
  object: Deployment,
  wanted: ReplicaSet,
): { readonly created: ReplicaSet; readonly isNew: boolean } {
  try {
    return { created: context.client.create(replicaSet, wanted), isNew: true };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.reason === 'AlreadyExists') return { created: resolveTaken(context, object, wanted, error), isNew: false };
    const message = `Failed to create new replica set "${wanted.metadata?.name}": ${error.message}`;
    context.event(object, 'Warning', 'ReplicaSetCreateError', message);
    if (hasProgressDeadline(object))
      writeRevision(context, object, undefined, { status: 'False', reason: 'ReplicaSetCreateError', message });
    throw error;
  }
}

/** The name is taken: by our own ReplicaSet, which the cache does not show yet, or by a stranger, and then the next try needs another hash. */
function resolveTaken(context: ControllerContext, object: Deployment, wanted: ReplicaSet, error: ApiError): ReplicaSet {
  const taken = context.client.get(replicaSet, namespaceOf(object), wanted.metadata?.name ?? '');
  if (controllerRefOf(taken)?.uid === metaOf(object).uid && hasTemplateOf(taken, object)) return taken;
  const collisionCount = (object.status?.collisionCount ?? 0) + 1;
  context.client.updateStatus(deployment, { ...object, status: { ...object.status, collisionCount } });
  throw error;
}

/** Scales one ReplicaSet and keeps its size annotations; true when its size changed. */
export function scaleReplicaSet(context: ControllerContext, object: Deployment, { target, replicas }: ScaleStep): boolean {
  const desired = replicasOf(object);
  const max = desired + fenceposts(object).maxSurge;
  const before = replicasOf(target);
  if (before === replicas && hasScaleAnnotations(target, desired, max)) return false;
  if (!target.spec) return false;
  context.client.update(replicaSet, {
    ...target,
    metadata: { ...target.metadata, annotations: { ...target.metadata?.annotations, ...scaleAnnotations(desired, max) } },
    spec: { ...target.spec, replicas },
  });
  if (before === replicas) return false;
  const direction = replicas > before ? 'up' : 'down';
  context.event(
    object,
    'Normal',
    'ScalingReplicaSet',
    `Scaled ${direction} replica set ${metaOf(target).name} from ${before} to ${replicas}`,
  );
  return true;
}
