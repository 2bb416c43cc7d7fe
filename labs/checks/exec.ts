import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, findPods, isReady, pass, refOf, shownRef } from '#labs/sdk';
import { literalsOfSelector, namespace, selector } from './fields.ts';

const schema = z.strictObject({
  selector,
  name: z.string().optional().describe('One pod by its name.'),
  namespace,
  container: z.string().optional().describe('Any one when absent.'),
  command: z.array(z.string()).min(1).describe('The command and its arguments.'),
  exitCode: z.int().default(0).describe('How it must end.'),
  contains: z.string().default('').describe('A part of what it must print.'),
});

/** A command in a container ends well and prints something. */
export const execCheck = defineCheck({
  kind: 'exec',
  schema: schema.describe('A command that is run in a container.'),
  isLive: false,
  literals: ({ selector: text, name, container }) => [
    ...literalsOfSelector(text),
    ...(name === undefined ? [] : [name]),
    ...(container === undefined ? [] : [container]),
  ],
  evaluate({ cluster }, { selector: text, name, namespace: home, container, command, exitCode, contains }): CheckOutcome {
    const expected = `\`${command.join(' ')}\` ends with ${exitCode}${contains === '' ? '' : ` and prints "${contains}"`}`;
    const pods = findPods(cluster, { selector: text, name, namespace: home });
    const pod = pods.find(isReady) ?? pods[0];
    if (!pod) return fail({ expected, actual: `there is no pod ${name ?? text ?? ''}` });
    const about = refOf(cluster, 'pod', pod);
    const problems: string[] = [];
    // Which container of the pod does the work is no matter of its position.
    for (const { name: one } of pod.spec?.containers ?? []) {
      if (container !== undefined && one !== container) continue;
      const result = cluster.exec(home, about.name, one, command);
      if (typeof result === 'string') problems.push(result);
      else if (result.exitCode === exitCode && result.stdout.includes(contains)) return pass;
      else problems.push(`ended with ${result.exitCode}: ${(result.stdout + result.stderr).trim().slice(0, 120)}`);
    }
    return fail({ expected, actual: problems.join('; ') || 'no such container', where: shownRef(about), about });
  },
});
