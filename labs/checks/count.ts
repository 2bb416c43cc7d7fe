import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, findObjects, pass, refOf } from '#labs/sdk';
import { cel, celValue, literalsOfCel, literalsOfSelector, namespace, selector } from './fields.ts';

const schema = z
  .strictObject({
    kind: z.string().describe('As kubectl takes it: `pod`, `deployment`, …'),
    namespace,
    selector,
    where: cel.optional().describe('CEL over `object`; `ready(object)` is true for a Ready pod or node that is not being deleted.'),
    is: z.int().min(0).optional().describe('Exactly this many.'),
    min: z.int().min(0).optional().describe('At least this many.'),
    max: z.int().min(0).optional().describe('At most this many.'),
    what: z.string().describe('What is counted, in words: `Ready pods of tides`.'),
    owner: z.string().optional().describe('What explains a wrong number, as `kind/name`: the Deployment of the pods.'),
  })
  .refine(({ is, min, max }) => is !== undefined || min !== undefined || max !== undefined, { error: 'say `is`, `min` or `max`' });

/** How many objects there are of which something is true. */
export const countCheck = defineCheck({
  kind: 'count',
  schema: schema.describe('A number of objects that match a selector and an expression.'),
  isLive: true,
  literals: ({ namespace: home, selector: text, where }) => [
    ...(home === 'default' || home === 'all' || home === 'kube-system' ? [] : [home]),
    ...literalsOfSelector(text),
    ...(where === undefined ? [] : literalsOfCel(where)),
  ],
  evaluate({ cluster }, { kind, namespace: home, selector: text, where, is, min = is, max = is, what, owner }): CheckOutcome {
    const candidates = findObjects(cluster, { kind, namespace: home, selector: text });
    const found = where === undefined ? candidates : candidates.filter((object) => celValue(where, object) === true);
    if ((min === undefined || found.length >= min) && (max === undefined || found.length <= max)) return pass;
    const wanted =
      is !== undefined
        ? `${is}`
        : min !== undefined && max !== undefined
          ? `${min} to ${max}`
          : min !== undefined
            ? `at least ${min}`
            : `at most ${max}`;
    const other = candidates.find((object) => !found.includes(object)) ?? found[0];
    const about = other ? refOf(cluster, kind, other) : ownerOf(cluster, owner, home);
    return fail({
      expected: `${wanted} ${what}`,
      actual:
        found.length === 0
          ? `none${candidates.length > 0 ? ` (${candidates.length} others of that kind match the selector)` : ''}`
          : `${found.length}: ${names(found)}`,
      ...(about && { about, where: `${about.kind} ${about.name}` }),
    });
  },
});

function ownerOf(cluster: Parameters<typeof refOf>[0], owner: string | undefined, home: string): ReturnType<typeof refOf> | undefined {
  if (owner === undefined) return undefined;
  const [kind = '', name = ''] = owner.split('/');
  const [object] = findObjects(cluster, { kind, name, namespace: home });
  return object && refOf(cluster, kind, object);
}

function names(objects: readonly { readonly metadata?: { readonly name?: string } }[]): string {
  const shown = objects.slice(0, 5).map(({ metadata }) => metadata?.name ?? '');
  return shown.join(', ') + (objects.length > shown.length ? ', …' : '');
}
