import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, findObjects, type models, pass } from '#labs/sdk';
import { findSource } from './network.ts';

const schema = z.strictObject({
  name: z.string().describe('The full name: `web.default.svc.cluster.local`.'),
  type: z.enum(['A', 'AAAA', 'CNAME', 'SRV', 'PTR']).default('A').describe('Type of the record.'),
  value: z.string().optional().describe(`A value that must be among the answers; "\${clusterIP/NAME}" for a Service.`),
  rcode: z.enum(['NOERROR', 'NXDOMAIN', 'SERVFAIL', 'REFUSED']).default('NOERROR').describe('What the server must say.'),
});

/** What the cluster's DNS says about a name. */
export const dnsCheck = defineCheck({
  kind: 'dns',
  schema: schema.describe("A question to the cluster's DNS, asked from a pod."),
  isLive: false,
  literals: ({ name }) => [name.split('.')[0] ?? name],
  evaluate({ cluster }, { name, type, value, rcode }): CheckOutcome {
    const expected = `${rcode}${value === undefined ? '' : ` with ${value}`} for ${name}`;
    const source = findSource(cluster, 'probe');
    if (typeof source === 'string') return fail({ expected, actual: source });
    const [dns] = findObjects(cluster, { kind: 'service', namespace: 'kube-system', name: 'kube-dns' }) as readonly models.V1Service[];
    const { outcome } = cluster.send({
      from: source,
      host: dns?.spec?.clusterIP ?? '',
      port: 53,
      protocol: 'UDP',
      exchange: { kind: 'dns', question: { name, type } },
    });
    if (outcome.kind !== 'dns') return fail({ expected, actual: 'the DNS server does not answer' });
    const values = outcome.answer.records.map((record) => record.value);
    if (outcome.answer.rcode === rcode && (value === undefined || values.some((one) => one === value || one === `${value}.`))) return pass;
    return fail({ expected, actual: `${outcome.answer.rcode} ${values.join(', ')}`.trim(), where: name });
  },
});
