import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, findPods, pass } from '#labs/sdk';
import { literalsOfSelector, namespace, selector } from './fields.ts';

const schema = z.strictObject({
  selector,
  namespace,
  contains: z.string().describe('A part of the line.'),
  without: z.string().optional().describe('Lines with this part do not count, e.g. those of probes.'),
  minLines: z.int().min(1).default(1).describe('How many such lines together.'),
  minPods: z.int().min(1).default(1).describe('In the logs of how many pods.'),
});

/** What pods have logged. */
export const logCheck = defineCheck({
  kind: 'log',
  schema: schema.describe('Lines in the logs of pods.'),
  isLive: true,
  literals: ({ selector: text }) => literalsOfSelector(text),
  evaluate({ cluster }, { selector: text, namespace: home, contains, without, minLines, minPods }): CheckOutcome {
    const kind = cluster.api.kinds.findName('pod');
    let lines = 0;
    let pods = 0;
    for (const { metadata } of kind ? findPods(cluster, { selector: text, namespace: home }) : []) {
      const { code, body } = cluster.request({ verb: 'get', kind: kind as NonNullable<typeof kind>, subresource: 'log', namespace: metadata?.namespace ?? '', name: metadata?.name ?? '', options: {}, user: { name: 'grader', groups: ['system:masters'] } });
      if (code !== 200 || typeof body !== 'string') continue;
      const count = body.split('\n').filter((line) => line.includes(contains) && (without === undefined || !line.includes(without))).length;
      lines += count;
      if (count > 0) pods++;
    }
    if (lines >= minLines && pods >= minPods) return pass;
    return fail({ expected: `at least ${minLines} lines with "${contains}" in the logs of at least ${minPods} pods`, actual: `${lines} such lines in the logs of ${pods} pods`, where: `kubectl logs -l ${text ?? ''} --prefix` });
  },
});
