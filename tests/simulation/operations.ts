import { type AnyKind, type ApiRequest, type Cluster, ConnectionRefused } from '#engine';
import type { Chance } from './chance.ts';

export const workers = ['node-1', 'node-2', 'node-3'];
const names = ['a', 'b', 'c', 'd'];
const images = ['nginx:1.26', 'nginx:1.27'];
const components = ['etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'coredns'];
const services = ['kubelet', 'containerd', 'kube-proxy'];

export function kind(cluster: Cluster, name: string): AnyKind {
  const found = cluster.api.kinds.findName(name);
  if (!found) throw new Error(`no kind ${name}`);
  return found;
}

type Ask = Pick<ApiRequest, 'verb' | 'name'> & Partial<Pick<ApiRequest, 'body' | 'options' | 'subresource'>> & { readonly of: string };

/** A request as a user; gives the answer's code, or 0 when nobody answered. */
function ask(cluster: Cluster, { of, options = {}, ...rest }: Ask): number {
  const wanted = kind(cluster, of);
  try {
    return cluster.request({
      kind: wanted,
      namespace: wanted.namespaced ? 'default' : '',
      options,
      user: { name: 'student', groups: ['system:masters'] },
      ...rest,
    }).code;
  } catch (error) {
    if (error instanceof ConnectionRefused) return 0;
    throw error;
  }
}

function template(name: string, image: string, cpu: string): object {
  return {
    metadata: { labels: { app: name } },
    spec: { terminationGracePeriodSeconds: 5, containers: [{ name: 'main', image, resources: { requests: { cpu, memory: '32Mi' } } }] },
  };
}

interface Operation {
  readonly weight: number;
  /** Does something and says what. */
  run(cluster: Cluster, chance: Chance): string;
}

function patchOf(of: string, change: (chance: Chance) => object): Operation['run'] {
  return (cluster, chance) => {
    const [name, body] = [chance.pick(of === 'nodes' ? workers : names), change(chance)];
    return `patch ${of} ${name} ${JSON.stringify(body)} → ${ask(cluster, { verb: 'patch', of, name, body, options: { patchType: 'merge' } })}`;
  };
}

/** Two writers that read the same version: the second must be told. */
function conflict(cluster: Cluster, chance: Chance): string {
  const name = chance.pick(names);
  const stored = cluster.api.isAvailable ? cluster.client().find(kind(cluster, 'deployments'), 'default', name) : undefined;
  if (!stored) return `no deployment ${name} to fight over`;
  const write = (label: string): number =>
    ask(cluster, {
      verb: 'update',
      of: 'deployments',
      name,
      body: { ...stored, metadata: { ...stored.metadata, labels: { writer: label } } },
    });
  const [first, second] = [write(`one-${chance.below(1000)}`), write('two')];
  if (first === 200 && second !== 409) throw new Error(`a stale write of ${name} was answered with ${second}`);
  return `conflicting writes of ${name} → ${first}, ${second}`;
}

function killSome(cluster: Cluster, chance: Chance): string {
  if (!cluster.api.isAvailable) return 'nothing to kill without an API';
  const pods = cluster.client().list(kind(cluster, 'pods'), 'default');
  if (pods.length === 0) return 'no pod to kill';
  const { name = '' } = chance.pick(pods).metadata ?? {};
  return `kill ${name} → ${cluster.killContainer('default', name, 'main')}`;
}

/** What a run may do, by weight: what users do, and what goes wrong. */
export const operations: readonly Operation[] = [
  {
    weight: 8,
    run(cluster, chance) {
      const [name, replicas, image] = [chance.pick(names), chance.below(6), chance.pick(images)];
      const spec = { replicas, selector: { matchLabels: { app: name } }, template: template(name, image, `${10 + 10 * chance.below(9)}m`) };
      return `create deployment ${name} ×${replicas} → ${ask(cluster, { verb: 'create', of: 'deployments', name, body: { metadata: { name }, spec } })}`;
    },
  },
  { weight: 8, run: patchOf('deployments', (chance) => ({ spec: { replicas: chance.below(6) } })) },
  {
    weight: 5,
    run: patchOf('deployments', (chance) => ({ spec: { template: { metadata: { annotations: { turn: String(chance.below(4)) } } } } })),
  },
  {
    weight: 3,
    run(cluster, chance) {
      const [name, policy] = [chance.pick(names), chance.pick(['Background', 'Foreground', 'Orphan'] as const)];
      return `delete deployment ${name} ${policy} → ${ask(cluster, { verb: 'delete', of: 'deployments', name, options: { remove: { propagationPolicy: policy } } })}`;
    },
  },
  {
    weight: 4,
    run(cluster, chance) {
      const name = chance.pick(names);
      return `create service ${name} → ${ask(cluster, { verb: 'create', of: 'services', name, body: { metadata: { name }, spec: { type: 'NodePort', selector: { app: name }, ports: [{ port: 80 }] } } })}`;
    },
  },
  { weight: 1, run: (cluster, chance) => `delete service → ${ask(cluster, { verb: 'delete', of: 'services', name: chance.pick(names) })}` },
  {
    weight: 3,
    run(cluster, chance) {
      const name = `bare-${chance.below(3)}`;
      return `create pod ${name} → ${ask(cluster, { verb: 'create', of: 'pods', name, body: { ...template(chance.pick(names), chance.pick(images), '10m'), metadata: { name } } })}`;
    },
  },
  { weight: 2, run: (cluster, chance) => `delete pod → ${ask(cluster, { verb: 'delete', of: 'pods', name: `bare-${chance.below(3)}` })}` },
  { weight: 3, run: patchOf('nodes', (chance) => ({ spec: { unschedulable: chance.below(2) === 0 ? true : null } })) },
  {
    weight: 2,
    run: patchOf('nodes', (chance) => ({
      spec: { taints: chance.below(2) === 0 ? null : [{ key: 'test', effect: chance.pick(['NoSchedule', 'NoExecute']) }] },
    })),
  },
  { weight: 3, run: (cluster, chance) => `power off → ${cluster.powerOffNode(chance.pick(workers))}` },
  { weight: 4, run: (cluster, chance) => `power on → ${cluster.powerOnNode(chance.pick(workers))}` },
  { weight: 4, run: (cluster, chance) => cluster.stopComponent(chance.pick(components)) },
  { weight: 6, run: (cluster, chance) => cluster.startComponent(chance.pick(components)) },
  { weight: 3, run: (cluster, chance) => cluster.stopComponent(chance.pick(services), chance.pick(workers)) },
  { weight: 4, run: (cluster, chance) => cluster.startComponent(chance.pick(services), chance.pick(workers)) },
  { weight: 4, run: killSome },
  { weight: 3, run: conflict },
  {
    weight: 2,
    run(cluster, chance) {
      const latency = chance.pick(['instant', 'realistic'] as const);
      cluster.setLatency(latency);
      return `latency ${latency}`;
    },
  },
];

/** Everything that was broken is mended; what users asked for stays. */
export function heal(cluster: Cluster): void {
  for (const name of components) cluster.startComponent(name);
  for (const node of workers) {
    cluster.powerOnNode(node);
    for (const name of services) cluster.startComponent(name, node);
  }
  cluster.advance(120_000);
  for (const name of workers) {
    const code = ask(cluster, {
      verb: 'patch',
      of: 'nodes',
      name,
      body: { spec: { unschedulable: null } },
      options: { patchType: 'merge' },
    });
    if (code !== 200) throw new Error(`the API does not answer after everything was started again: ${code}`);
    cluster.client().modify(kind(cluster, 'nodes'), '', name, (draft: { spec?: { taints?: { key: string }[] } }) => {
      if (draft.spec?.taints) draft.spec.taints = draft.spec.taints.filter(({ key }) => key !== 'test');
    });
  }
}
