import type { Pod } from '../kinds/core/pod.ts';
import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';
import type { V1PodTemplateSpec } from '../schema/generated/models.ts';
import { metaOf, namespaceOf, newControllerRef } from './stored-object.ts';

/** The pod that an owner's template describes; the API server chooses the name. */
export function podFromTemplate(ownerKind: AnyKind, owner: ApiObject, template: V1PodTemplateSpec): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${metaOf(owner).name}-`,
      namespace: namespaceOf(owner),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [newControllerRef(ownerKind, owner)],
    },
    spec: template.spec ?? { containers: [] },
  };
}
