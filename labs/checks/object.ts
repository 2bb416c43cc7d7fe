import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, findTarget, pass, readTarget, refOf, shownRef } from '#labs/sdk';
import { cel, celValue, literalsOfCel, namespace, target } from './fields.ts';

const schema = z.strictObject({
  of: target,
  namespace,
  that: z
    .array(
      z.strictObject({
        cel: cel.describe('Must be true; CEL over `object`.'),
        expected: z.string().describe('What is wanted, in words.'),
        actual: cel.optional().describe('What is there; CEL over `object`.'),
        message: z.string().optional().describe("For the student, instead of the check's message."),
      }),
    )
    .min(1)
    .describe('What must be true of the object, asked in order.'),
});

/** One object is there, and expressions over it are true. */
export const objectCheck = defineCheck({
  kind: 'object',
  schema: schema.describe('One object, by CEL expressions over its fields.'),
  isLive: true,
  literals: ({ of, namespace: home, that }) => [
    readTarget(of).name,
    ...(home === 'default' ? [] : [home]),
    ...that.flatMap((one) => literalsOfCel(one.cel)),
  ],
  evaluate({ cluster }, { of, namespace: home, that }): CheckOutcome {
    const object = findTarget(cluster, of, home);
    const { kind, name } = readTarget(of);
    if (!object)
      return fail({
        message: `There is no ${kind} named "${name}" in namespace ${home}.`,
        expected: `${of} in namespace ${home}`,
        actual: 'no such object',
      });
    const about = refOf(cluster, kind, object);
    for (const { cel: text, expected, actual, message } of that) {
      if (celValue(text, object) === true) continue;
      return fail({
        ...(message !== undefined && { message }),
        expected,
        actual: actual === undefined ? 'something else' : shown(celValue(actual, object)),
        where: shownRef(about),
        about,
      });
    }
    return pass;
  },
});

function shown(value: unknown): string {
  if (value === undefined) return 'not set';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
