import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, findTarget, pass, readTarget, refOf, shownRef } from '#labs/sdk';
import { namespace, target } from './fields.ts';

/** An object is not there (any more). */
export const absentCheck = defineCheck({
  kind: 'absent',
  schema: z.strictObject({ of: target, namespace }).describe('An object that must not be there. Give it `needs`, or the start passes it.'),
  isLive: true,
  literals: ({ of }) => [readTarget(of).name],
  evaluate({ cluster }, { of, namespace: home }): CheckOutcome {
    const object = findTarget(cluster, of, home);
    if (!object) return pass;
    const about = refOf(cluster, readTarget(of).kind, object);
    return fail({
      expected: `no ${of}`,
      actual: object.metadata?.deletionTimestamp === undefined ? 'it is there' : 'it is being deleted',
      where: shownRef(about),
      about,
    });
  },
});
