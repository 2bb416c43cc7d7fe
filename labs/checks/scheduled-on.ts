import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, findPods, pass, refOf, shownRef } from '#labs/sdk';
import { literalsOfSelector, namespace, selector } from './fields.ts';

const schema = z.strictObject({
  selector,
  name: z.string().optional().describe('One pod by its name.'),
  namespace,
  node: z.string().optional().describe('All of them are on this node.'),
  notNode: z.string().optional().describe('None of them is on this node.'),
  minNodes: z.int().min(1).optional().describe('They are on at least this many nodes.'),
});

/** Where pods were placed. */
export const scheduledOnCheck = defineCheck({
  kind: 'scheduledOn',
  schema: schema.describe('The nodes that pods were placed on.'),
  isLive: true,
  literals: ({ selector: text, name, node }) => [
    ...literalsOfSelector(text),
    ...(name === undefined ? [] : [name]),
    ...(node === undefined ? [] : [node]),
  ],
  evaluate({ cluster }, { selector: text, name, namespace: home, node, notNode, minNodes }): CheckOutcome {
    const pods = findPods(cluster, { selector: text, name, namespace: home }).filter(
      ({ metadata }) => metadata?.deletionTimestamp === undefined,
    );
    if (pods.length === 0) return fail({ expected: `pods with ${text ?? name ?? 'any name'}`, actual: 'none' });
    const wrong = pods.find(
      ({ spec }) => spec?.nodeName === undefined || (node !== undefined && spec.nodeName !== node) || spec.nodeName === notNode,
    );
    if (wrong) {
      const about = refOf(cluster, 'pod', wrong);
      const expected = node !== undefined ? `on ${node}` : notNode !== undefined ? `not on ${notNode}` : 'on a node';
      return fail({
        expected,
        actual: wrong.spec?.nodeName === undefined ? 'on no node yet' : `on ${wrong.spec.nodeName}`,
        where: shownRef(about),
        about,
      });
    }
    const nodes = new Set(pods.map(({ spec }) => spec?.nodeName));
    return minNodes === undefined || nodes.size >= minNodes
      ? pass
      : fail({ expected: `on at least ${minNodes} nodes`, actual: `all on ${[...nodes].join(', ')}` });
  },
});
