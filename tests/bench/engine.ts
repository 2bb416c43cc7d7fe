import { type AnyKind, Cluster, type models } from '#engine';
import { collectGarbage, cpuMs, heapBytesEach, median } from './measure.ts';
import type { Figure } from './report.ts';

type Measurement = () => readonly Figure[];

function kind(cluster: Cluster, name: string): AnyKind {
  const found = cluster.api.kinds.findName(name);
  if (!found) throw new Error(`no kind ${name}`);
  return found;
}

/** Ten workers that take as many pods as a test of that size needs. */
function large(): Cluster {
  const workers = Array.from({ length: 10 }, (_, index) => ({ name: `node-${index + 1}`, cpu: 32, memoryMiB: 65_536, pods: 250 }));
  return Cluster.create({ seed: 1, nodes: [{ name: 'control-plane' }, ...workers] });
}

function deploy(cluster: Cluster, replicas: number): void {
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } };
  cluster.client().create(kind(cluster, 'deployments'), {
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas, selector: { matchLabels: labels }, template },
  } as models.V1Deployment);
  for (let round = 0; round < 1000; round++) {
    cluster.advance(1000);
    const { status } = cluster.client().get(kind(cluster, 'deployments'), 'default', 'web') as models.V1Deployment;
    if (status?.readyReplicas === replicas) return;
  }
  throw new Error(`${replicas} replicas did not get ready`);
}

/** The cluster that Day 5 works with, in the middle of its work. */
function dayFive(): Cluster {
  const cluster = Cluster.create({ seed: 5, cloud: true });
  cluster.terminals.run(
    'kubectl create deployment web --image=nginx:1.27 --replicas=3 && kubectl expose deployment web --port=80 && kubectl rollout status deployment/web',
    (ms) => cluster.advance(ms),
  );
  return cluster;
}

function boot(): readonly Figure[] {
  // A server has compiled the engine after some dozens of boots; that is what its clusters cost from then on.
  const first = cpuMs(() => Cluster.create({ seed: 1 }));
  const times = Array.from({ length: 80 }, (_, seed) => cpuMs(() => Cluster.create({ seed }))).slice(60);
  return [
    { name: 'boot, 3 nodes, median of 20', unit: 'ms CPU', value: median(times), target: 20 },
    { name: 'boot, 3 nodes, the first one', unit: 'ms CPU', value: first },
  ];
}

function deployments(): readonly Figure[] {
  const sizes = [100, 500, 1000];
  // The first run pays for compiling; it is not what is asked for.
  deploy(large(), 100);
  const times = sizes.map((replicas) => {
    const cluster = large();
    collectGarbage();
    return cpuMs(() => deploy(cluster, replicas));
  });
  const exponent = Math.log((times[2] as number) / (times[0] as number)) / Math.log(10);
  return [
    ...sizes.map((replicas, index) => ({
      name: `Deployment of ${replicas} on 10 nodes to all Ready`,
      unit: 'ms CPU' as const,
      value: times[index] as number,
      ...(replicas === 1000 && { target: 1500 }),
    })),
    { name: 'growth exponent from 100 to 1000', unit: '', value: exponent, target: 1.15 },
  ];
}

function idle(): readonly Figure[] {
  const cluster = Cluster.create({ seed: 1 });
  cluster.settle(600_000);
  const events = cluster.advance(3_600_000);
  const bytes = heapBytesEach(100, (seed) => Cluster.create({ seed }));
  return [
    { name: 'heap of an idle cluster (100 of them)', unit: 'MB', value: bytes / 1e6, target: 0.5 },
    { name: 'events in an idle hour', unit: '', value: events, target: 0 },
  ];
}

function copies(): readonly Figure[] {
  const cluster = dayFive();
  const text = cluster.snapshot();
  const repeat = (run: () => unknown): number => median(Array.from({ length: 30 }, () => cpuMs(run)).slice(10));
  return [
    { name: 'fork of the Day 5 cluster', unit: 'ms CPU', value: repeat(() => cluster.fork()), target: 5 },
    { name: 'snapshot of it', unit: 'ms CPU', value: repeat(() => cluster.snapshot()) },
    { name: 'restore of it', unit: 'ms CPU', value: repeat(() => Cluster.restore(text)), target: 20 },
    { name: 'size of the snapshot', unit: 'MB', value: text.length / 1e6 },
  ];
}

function requests(): readonly Figure[] {
  const cluster = Cluster.create({ seed: 1 });
  const client = cluster.client();
  const maps = kind(cluster, 'configmaps');
  const count = 5000;
  const create = (from: number): void => {
    for (let i = from; i < from + count; i++)
      client.create(maps, { metadata: { name: `m-${i}`, namespace: 'default' }, data: { a: '1' } } as models.V1ConfigMap);
  };
  create(0);
  const creating = cpuMs(() => create(count));
  const getting = cpuMs(() => {
    for (let i = 0; i < 10 * count; i++) client.get(maps, 'default', `m-${i % count}`);
  });
  for (let i = 0; i < 1000; i++)
    client.create(kind(cluster, 'secrets'), { metadata: { name: `s-${i}`, namespace: 'default' } } as models.V1Secret);
  const listing = cpuMs(() => {
    for (let i = 0; i < 100; i++) client.list(kind(cluster, 'secrets'), 'default');
  });
  return [
    { name: 'creates', unit: '1/s', value: (count / creating) * 1000 },
    { name: 'gets', unit: '1/s', value: ((10 * count) / getting) * 1000 },
    { name: 'LIST of 1000', unit: 'ms CPU', value: listing / 100 },
  ];
}

/** Measurements by the name that the command line takes. */
export const measurements: Readonly<Record<string, Measurement>> = { boot, deploy: deployments, idle, copies, requests };
