import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, pass } from '#labs/sdk';
import { describeStep, matchesStep, step } from './trace-step.ts';

const schema = z.strictObject({
  steps: z.array(step).min(1).describe('What must have happened since the lab began, each after the one before.'),
});

/** Things happened, in this order. */
export const orderCheck = defineCheck({
  kind: 'order',
  schema: schema.describe("Steps in the cluster's trace, in order."),
  isLive: true,
  literals: ({ steps }) => steps.flatMap(({ name }) => name ?? []),
  evaluate({ cluster, sinceEntry }, { steps }): CheckOutcome {
    let next = 0;
    for (const entry of cluster.trace.state.entries) {
      const wanted = steps[next];
      if (!wanted) return pass;
      if (entry.id >= sinceEntry && matchesStep(entry, wanted)) next++;
    }
    const missing = steps[next];
    return missing
      ? fail({
          expected: describeStep(missing),
          actual: next === 0 ? 'it has not happened yet' : `it has not happened after: ${describeStep(steps[next - 1] ?? {})}`,
          where: 'the trace',
        })
      : pass;
  },
});
