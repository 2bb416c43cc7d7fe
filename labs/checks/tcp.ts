import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, pass, resolveUrl } from '#labs/sdk';
import { describeFailure, failures, findSource, from, literalsOfUrl } from './network.ts';

const schema = z.strictObject({
  from,
  to: z.string().describe(`Host and port: "cache:6379", "\${podIP/app=cache}:6379".`),
  send: z.string().default('').describe('What is sent; nothing for a bare connection.'),
  contains: z.string().default('').describe('A part of what must come back.'),
  fails: z.enum(failures).optional().describe('The connection must fail in this way instead.'),
});

/** Something listens on a port, and answers. */
export const tcpCheck = defineCheck({
  kind: 'tcp',
  schema: schema.describe('A TCP connection, with an optional exchange.'),
  isLive: false,
  literals: ({ to }) => literalsOfUrl(to),
  evaluate({ cluster }, { from: place, to, send, contains, fails }): CheckOutcome {
    const expected = fails === undefined ? `an answer from ${to}` : `${to}: ${describeFailure(fails)}`;
    const target = resolveUrl(cluster, to);
    if (typeof target === 'string') return fail({ expected, actual: target });
    const source = findSource(cluster, place);
    if (typeof source === 'string') return fail({ expected, actual: source });
    const { outcome } = cluster.send({ from: source, host: target.host, port: target.port, exchange: { kind: 'tcp', data: send } });
    if (outcome.kind === 'failed') return outcome.failure === fails ? pass : fail({ expected, actual: describeFailure(outcome.failure) });
    if (fails !== undefined) return fail({ expected, actual: 'the connection was taken' });
    const data = outcome.kind === 'tcp' ? outcome.data : '';
    return data.includes(contains) ? pass : fail({ expected: `${expected} with "${contains}"`, actual: JSON.stringify(data.slice(0, 80)) });
  },
});
