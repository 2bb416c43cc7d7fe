import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, pass } from '#labs/sdk';

const schema = z.strictObject({
  name: z.string().optional().describe('E.g. `kube-scheduler`, `kubelet`. Without it: every component.'),
  node: z.string().optional().describe('Its node, for what runs on every node.'),
  health: z.enum(['running', 'stopped', 'failing']).default('running').describe('How it must be.'),
});

/** The health of the parts that make the cluster. */
export const componentCheck = defineCheck({
  kind: 'component',
  schema: schema.describe('The health of a component, or of all of them.'),
  isLive: true,
  literals: () => [],
  evaluate({ cluster }, { name, node, health }): CheckOutcome {
    const all = cluster
      .components()
      .filter((one) => (name === undefined || one.name === name) && (node === undefined || one.node === node));
    const wrong = all.find((one) => one.health !== health);
    if (all.length > 0 && !wrong) return pass;
    const place = wrong?.node === undefined ? '' : ` on ${wrong.node}`;
    return fail({
      expected: `${name ?? 'every component'}${node === undefined ? '' : ` on ${node}`} is ${health}`,
      actual: wrong
        ? `${wrong.name}${place} is ${wrong.health}${wrong.detail === '' ? '' : `: ${wrong.detail}`}`
        : 'there is no such component',
      where: wrong ? `${wrong.name}${place}` : 'the cluster view',
    });
  },
});
