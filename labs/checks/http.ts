import { z } from 'zod';
import { type CheckContext, type CheckOutcome, defineCheck, fail, findObjects, pass, refOf, resolveUrl } from '#labs/sdk';
import { describeFailure, failures, findSource, from, literalsOfUrl } from './network.ts';

const schema = z.strictObject({
  from,
  url: z
    .string()
    .describe(`Where to: "http://web/", "http://node-1:\${nodePort/web}/", "http://\${clusterIP/web}/", "http://\${podIP/app=web}/".`),
  status: z.int().default(200).describe('The HTTP status that must come back.'),
  contains: z.string().optional().describe('A part of the body.'),
  fails: z.enum(failures).optional().describe('The request must fail in this way instead.'),
  times: z.int().min(1).max(500).default(1).describe('How many requests; all of them must be answered so.'),
  minPods: z.int().min(1).default(1).describe('How many different pods must have answered.'),
  service: z.string().optional().describe('The Service whose explanation belongs to a failure.'),
});
type Params = z.infer<typeof schema>;

/** Somebody asks over HTTP and gets an answer. */
export const httpCheck = defineCheck({
  kind: 'http',
  schema: schema.describe('HTTP requests over the cluster network, from inside or outside.'),
  isLive: false,
  literals: ({ url, contains }) => [...literalsOfUrl(url), ...(contains === undefined ? [] : [contains])],
  evaluate(context, params): CheckOutcome {
    const { cluster } = context;
    const target = resolveUrl(cluster, params.url);
    if (typeof target === 'string') return fail({ expected: wanted(params), actual: target });
    const source = findSource(cluster, params.from);
    if (typeof source === 'string') return fail({ expected: wanted(params), actual: source });
    const pods = new Set<string>();
    for (let i = 0; i < params.times; i++) {
      const headers = { Host: target.host, 'User-Agent': 'kube40-grader' };
      const { outcome, answeredBy } = cluster.send({
        from: source,
        host: target.host,
        port: target.port,
        exchange: { kind: 'http', method: 'GET', path: target.path, headers, body: '' },
      });
      const problem = findProblem(params, outcome);
      if (problem !== undefined) return failed(context, params, problem);
      if (answeredBy?.pod !== undefined) pods.add(answeredBy.pod);
    }
    if (params.fails !== undefined || pods.size >= params.minPods) return pass;
    return failed(context, params, `${params.times} requests were answered by ${pods.size === 0 ? 'no pod' : [...pods].join(', ')}`);
  },
});

type Outcome = ReturnType<CheckContext['cluster']['send']>['outcome'];

function findProblem({ status, contains, fails }: Params, outcome: Outcome): string | undefined {
  if (outcome.kind === 'failed') return outcome.failure === fails ? undefined : describeFailure(outcome.failure);
  if (outcome.kind !== 'http') return 'something else than HTTP answered';
  const { response } = outcome;
  if (fails !== undefined) return `HTTP ${response.status} came back`;
  if (response.status !== status) return `HTTP ${response.status}`;
  if (contains !== undefined && !response.body.includes(contains))
    return `HTTP ${response.status} with another body: ${response.body.slice(0, 80).trim()}`;
  return undefined;
}

function wanted({ url, status, contains, fails, minPods, from: source }: Params): string {
  const readable = url.replace(/\$\{(\w+)\/([^}]+)\}/g, (_, property: string, of: string) => `<${property} of ${of}>`);
  const what = fails === undefined ? `HTTP ${status}${contains === undefined ? '' : ` with "${contains}"`}` : describeFailure(fails);
  return `${what} from ${readable}, asked from ${source === 'probe' ? 'a pod' : source}${minPods > 1 ? `, by at least ${minPods} pods` : ''}`;
}

function failed({ cluster }: CheckContext, params: Params, actual: string): CheckOutcome {
  const name = params.service ?? /\$\{(?:nodePort|clusterIP|loadBalancer)\/([^}]+)\}/.exec(params.url)?.[1];
  const [service] = name === undefined ? [] : findObjects(cluster, { kind: 'service', name });
  const about = service && refOf(cluster, 'service', service);
  return fail({ expected: wanted(params), actual, ...(about && { about, where: `Service ${about.name}` }) });
}
