import { z } from 'zod';
import { type CheckOutcome, type Cluster, defineCheck, fail, findPods, kindNamed, type models, pass } from '#labs/sdk';
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
    let lines = 0;
    let pods = 0;
    for (const pod of findPods(cluster, { selector: text, namespace: home })) {
      const found = (pod.spec?.containers ?? []).flatMap(({ name }) => readLog(cluster, pod, name));
      const count = found.filter((line) => line.includes(contains) && (without === undefined || !line.includes(without))).length;
      lines += count;
      if (count > 0) pods++;
    }
    if (lines >= minLines && pods >= minPods) return pass;
    return fail({
      expected: `at least ${minLines} lines with "${contains}" in the logs of at least ${minPods} pods`,
      actual: `${lines} such lines in the logs of ${pods} pods`,
      where: `kubectl logs -l ${text ?? ''} --prefix`,
    });
  },
});

/** The lines of a container; none while it cannot be asked. */
function readLog(cluster: Cluster, { metadata }: models.V1Pod, container: string): readonly string[] {
  const { code, body } = cluster.request({
    verb: 'get',
    kind: kindNamed(cluster, 'pod'),
    subresource: 'log',
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    options: { log: { container } },
    user: { name: 'grader', groups: ['system:masters'] },
  });
  return code === 200 && typeof body === 'string' ? body.split('\n') : [];
}
