import { z } from 'zod';
import type { TraceEntry } from '#labs/sdk';

export const step = z.strictObject({
  actor: z
    .string()
    .optional()
    .describe('Who acts: `you`, `kube-scheduler`, `kubelet`, `replicaset-controller`. Instances of a node count too.'),
  verb: z.string().optional().describe('`create`, `update`, `delete`, or `step` for what is no write.'),
  kind: z.string().optional().describe('Kind of the object, e.g. `Pod`.'),
  name: z.string().optional().describe('Beginning of its name.'),
  contains: z.string().optional().describe('A part of what the entry says.'),
});
export type Step = z.infer<typeof step>;

export function matchesStep(entry: TraceEntry, { actor, verb, kind, name, contains }: Step): boolean {
  if (actor !== undefined && entry.actor !== actor && !entry.actor.startsWith(`${actor}/`)) return false;
  if (verb !== undefined && entry.verb !== verb) return false;
  if (kind !== undefined && entry.about?.kind !== kind) return false;
  if (name !== undefined && !(entry.about?.name ?? '').startsWith(name)) return false;
  return contains === undefined || entry.text.includes(contains);
}

export function describeStep({ actor = 'somebody', verb = 'step', kind = '', name = '', contains = '' }: Step): string {
  return [actor, verb, kind, name === '' ? '' : `${name}…`, contains === '' ? '' : `(${contains})`].filter((word) => word !== '').join(' ');
}
