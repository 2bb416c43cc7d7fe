import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, findTarget, pass, readTarget, refOf, shownRef } from '#labs/sdk';
import { namespace, target } from './fields.ts';

const schema = z.strictObject({
  of: target,
  namespace,
  type: z.string().describe('The condition, e.g. `Available`.'),
  status: z.enum(['True', 'False', 'Unknown']).default('True').describe('Its status.'),
  reason: z.string().optional().describe('Its reason.'),
});

interface WithConditions {
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

/** A condition in an object's status. */
export const conditionCheck = defineCheck({
  kind: 'condition',
  schema: schema.describe("A condition in an object's status."),
  isLive: true,
  literals: ({ of, namespace: home }) => [readTarget(of).name, ...(home === 'default' ? [] : [home])],
  evaluate({ cluster }, { of, namespace: home, type, status, reason }): CheckOutcome {
    const object = findTarget(cluster, of, home);
    const expected = `${of} has the condition ${type}=${status}${reason === undefined ? '' : ` with reason ${reason}`}`;
    if (!object)
      return fail({ message: `There is no ${of.replace('/', ' named "')}" in namespace ${home}.`, expected, actual: 'no such object' });
    const found = (object as WithConditions).status?.conditions?.find((one) => one.type === type);
    if (found?.status === status && (reason === undefined || found.reason === reason)) return pass;
    const about = refOf(cluster, readTarget(of).kind, object);
    return fail({
      expected,
      actual: found ? `${type}=${found.status}: ${found.message ?? found.reason ?? ''}` : `no condition ${type}`,
      where: shownRef(about),
      about,
    });
  },
});
