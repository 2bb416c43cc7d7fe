import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, pass } from '#labs/sdk';

const parts = z.array(z.record(z.string(), z.unknown())).min(2).max(10);

/** Several things are true in the same moment. */
export const allCheck = defineCheck({
  kind: 'all',
  schema: parts.describe('Expectations that hold in the same moment; for milestones.'),
  isLive: true,
  literals: () => [],
  parts: (list) => list,
  evaluate({ evaluate }, list): CheckOutcome {
    for (const part of list) {
      const outcome = evaluate(part);
      if (outcome.status !== 'pass') return outcome;
    }
    return pass;
  },
});

/** One of several things is true: for tasks that leave the way open. */
export const anyCheck = defineCheck({
  kind: 'any',
  schema: parts.describe('Expectations of which one holds.'),
  isLive: true,
  literals: () => [],
  parts: (list) => list,
  evaluate({ evaluate }, list): CheckOutcome {
    const outcomes = list.map((part) => evaluate(part));
    if (outcomes.some(({ status }) => status === 'pass')) return pass;
    return outcomes.find(({ status }) => status === 'error') ?? outcomes[0] ?? fail({ actual: 'nothing was asked' });
  },
});
