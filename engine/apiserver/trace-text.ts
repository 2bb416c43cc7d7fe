import { nodeStatusText } from '../kinds/core/node.ts';
import { summarizePod } from '../kinds/core/pod-columns.ts';
import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';
import type { V1Node, V1Pod } from '../schema/generated/models.ts';

interface Replicated {
  readonly spec?: { readonly replicas?: number; readonly nodeName?: string };
  readonly status?: { readonly readyReplicas?: number };
}

/**
 * What the trace says about a write beyond verb and object. Written down with the step, because the object goes on changing; `describeStep`
 * makes a sentence of it.
 */
export function traceText(kind: AnyKind, subresource: string | undefined, object: ApiObject, old: ApiObject | undefined): string {
  if (subresource === 'binding') return `binding ${(object as Replicated).spec?.nodeName ?? ''}`;
  if (subresource === 'status') return `status ${outcomeOf(kind, object)}`.trim();
  if (subresource !== undefined) return subresource;
  if (old === undefined) return ownerText(object);
  const [before, after] = [(old as Replicated).spec?.replicas, (object as Replicated).spec?.replicas];
  return kind.scale && before !== after ? `replicas ${before ?? 1} ${after ?? 1}` : changedParts(object, old);
}

function ownerText({ metadata }: ApiObject): string {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller);
  return owner ? `for ${owner.kind} ${owner.name}` : '';
}

/** What a status comes to, in a word. */
function outcomeOf(kind: AnyKind, object: ApiObject): string {
  if (kind.kind === 'Node') return nodeStatusText(object as V1Node as Parameters<typeof nodeStatusText>[0]);
  if (kind.kind === 'Pod') {
    const { status, ready, total } = summarizePod(object as V1Pod);
    return status === 'Running' && ready < total ? 'Running, not ready' : status;
  }
  const { spec, status } = object as Replicated;
  return kind.scale && spec?.replicas !== undefined ? `${status?.readyReplicas ?? 0}/${spec.replicas}` : '';
}

function changedParts(object: ApiObject, old: ApiObject): string {
  const [after, before] = [object, old] as unknown as readonly [Record<string, unknown>, Record<string, unknown>];
  return Object.keys(after)
    .filter((field) => field !== 'metadata' && after[field] !== before[field])
    .join(', ');
}
