import { type Cluster, parseUrl, type Source } from '#engine';
import type { HopView, Lever } from '../../gateway/protocol.ts';
import type { InputResult } from '../cluster-messages.ts';
import type { ChangeCollector } from './change-collector.ts';

/** Most packets of one burst whose way is shown; the others only count. */
const maxShown = 12;

/** Does what a person asked of the cluster beside its API. */
export function pullLever(cluster: Cluster, changes: ChangeCollector, action: Lever): InputResult {
  switch (action.lever) {
    case 'stopComponent':
      return told(cluster.stopComponent(action.component, action.node));
    case 'startComponent':
      return told(cluster.startComponent(action.component, action.node));
    case 'powerOffNode':
      if (!cluster.powerOffNode(action.node)) return notFound(`There is no node ${action.node} with its power on.`);
      changes.touchNode(action.node);
      return told(`${action.node} lost its power. The cluster has not been told; it has to find out.`);
    case 'powerOnNode':
      if (!cluster.powerOnNode(action.node)) return notFound(`There is no node ${action.node} with its power off.`);
      changes.touchNode(action.node);
      return told(`${action.node} has power again and boots.`);
    case 'killContainer':
      return cluster.killContainer(action.namespace, action.pod, action.container)
        ? told(`The process of ${action.container} in ${action.pod} was killed.`)
        : notFound(`No container ${action.container} runs in pod ${action.namespace}/${action.pod}.`);
    case 'sendRequests':
      return sendRequests(cluster, changes, action);
  }
}

function told(text: string): InputResult {
  return { kind: 'lever', text };
}

function notFound(userMessage: string): InputResult {
  return { kind: 'refused', code: 'notFound', userMessage };
}

function sendRequests(cluster: Cluster, changes: ChangeCollector, { from, url, count }: Lever & { lever: 'sendRequests' }): InputResult {
  const target = parseUrl(url);
  const source = parseSource(from);
  if (!target)
    return { kind: 'refused', code: 'invalid', userMessage: `"${url}" is no http address. Write it like http://172.18.0.3:30080/.` };
  if (!source)
    return {
      kind: 'refused',
      code: 'invalid',
      userMessage: `"${from}" is no place to send from. Use outside, node/<name> or pod/<namespace>/<name>.`,
    };
  const answers = new Map<string, number>();
  const shown: HopView[] = [];
  for (let index = 0; index < count; index++) {
    const { outcome, hops, answeredBy } = cluster.send({
      from: source,
      host: target.host,
      port: target.port,
      withoutHops: index >= maxShown,
      exchange: { kind: 'http', method: 'GET', path: target.path, headers: {}, body: '', ...(target.scheme === 'https' && { tls: true }) },
    });
    const text =
      outcome.kind === 'http' ? `${outcome.response.status}` : outcome.kind === 'failed' ? describeFailure(outcome.failure) : outcome.kind;
    const ok = outcome.kind === 'http' && outcome.response.status < 500;
    const by = answeredBy?.pod ?? answeredBy?.address;
    const key = by === undefined ? text : `${text} from ${by}`;
    answers.set(key, (answers.get(key) ?? 0) + 1);
    if (index < maxShown) shown.push({ id: cluster.trace.nextId * 1000 + index, atMs: cluster.now, hops, outcome: key, ok });
  }
  changes.addHops(shown);
  return told(
    [...answers]
      .sort(([, a], [, b]) => b - a)
      .map(([answer, times]) => `${times} × ${answer}`)
      .join(', '),
  );
}

function describeFailure(failure: string): string {
  const words: Readonly<Record<string, string>> = {
    refused: 'connection refused',
    timeout: 'timed out',
    unresolved: 'could not resolve host',
    reset: 'connection reset',
  };
  return words[failure] ?? failure;
}

function parseSource(text: string): Source | undefined {
  if (text === 'outside') return { kind: 'outside' };
  const [kind, first, second] = text.split('/');
  if (kind === 'node' && first) return { kind: 'node', node: first };
  return kind === 'pod' && first && second ? { kind: 'pod', namespace: first, name: second } : undefined;
}
