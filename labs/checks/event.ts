import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, findObjects, type models, pass } from '#labs/sdk';
import { namespace } from './fields.ts';

const schema = z.strictObject({
  kind: z.string().describe('Kind of the object that the event is about, e.g. `Pod`.'),
  name: z.string().optional().describe('Beginning of its name.'),
  namespace,
  reason: z.string().describe('E.g. `FailedScheduling`.'),
  contains: z.string().optional().describe('A part of the message.'),
});

/** Something was reported as an Event. */
export const eventCheck = defineCheck({
  kind: 'event',
  schema: schema.describe('An Event about an object.'),
  isLive: true,
  literals: ({ name }) => (name === undefined ? [] : [name]),
  evaluate({ cluster }, { kind, name = '', namespace: home, reason, contains = '' }): CheckOutcome {
    const events = findObjects(cluster, { kind: 'event', namespace: home }) as readonly models.CoreV1Event[];
    const about = events.filter(({ involvedObject: object }) => object.kind === kind && (object.name ?? '').startsWith(name));
    if (about.some((event) => event.reason === reason && (event.message ?? '').includes(contains))) return pass;
    const reasons = [...new Set(about.map((event) => event.reason ?? ''))];
    return fail({
      expected: `an event ${reason} about ${kind} ${name}…`,
      actual: reasons.length === 0 ? 'no events about it' : `events ${reasons.join(', ')}`,
      where: 'kubectl get events',
    });
  },
});
