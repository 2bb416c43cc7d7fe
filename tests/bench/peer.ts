// Runs in a process of its own, bundled by itself: `node --expose-gc bench-peer.mjs MEASUREMENT` prints the figures as JSON.
import { BaseImage, Cluster, type ProcessContext } from '@ngrok/webernetes';
import { collectGarbage, cpuMsOf, median } from './measure.ts';

class Web extends BaseImage {
  static readonly imageName = 'web';
  static readonly imageVersion = '1.0';
  readonly defaultCommand = ['server'];

  override async exec(context: ProcessContext): Promise<number> {
    return await context.waitUntilKilled();
  }
}

interface PodLike {
  readonly metadata?: { readonly name?: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Waits until so many pods of the namespace are Ready. */
async function waitForPods(cluster: Cluster, namespace: string, count: number): Promise<void> {
  const ready = new Set<string>();
  await new Promise<void>((resolve) => {
    cluster.informer(
      'pods',
      (_type, pod: PodLike) => {
        if (pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')) ready.add(pod.metadata?.name ?? '');
        if (ready.size >= count) resolve();
      },
      { namespace },
    );
  });
}

async function start(nodes = 3): Promise<Cluster> {
  const cluster = new Cluster({ nodes });
  cluster.registerImage(Web);
  await cluster.init();
  await waitForPods(cluster, 'kube-system', 8);
  return cluster;
}

async function boot(): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    times.push(
      await cpuMsOf(async () => {
        await (await start()).close();
      }),
    );
  }
  return [median(times.slice(1)), times[0] as number];
}

async function deploy(): Promise<readonly number[]> {
  const cluster = await start(10);
  const labels = { app: 'web' };
  return [
    await cpuMsOf(async () => {
      await cluster.apply([
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web' },
          spec: {
            replicas: 100,
            selector: { matchLabels: labels },
            template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1.0' }] } },
          },
        },
      ]);
      await waitForPods(cluster, 'default', 100);
    }),
  ];
}

async function idle(): Promise<readonly number[]> {
  const kept = [await start()];
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 10; i++) kept.push(await start());
  collectGarbage();
  return [(process.memoryUsage().heapUsed - before) / 10 / 1e6];
}

async function requests(): Promise<readonly number[]> {
  const cluster = await start();
  const { corev1 } = cluster.api;
  const count = 1000;
  const creating = await cpuMsOf(async () => {
    for (let i = 0; i < count; i++) await corev1.createNamespace({ body: { metadata: { name: `n-${i}` } } });
  });
  const getting = await cpuMsOf(async () => {
    for (let i = 0; i < count; i++) await corev1.readNamespace({ name: `n-${i}` });
  });
  const listing = await cpuMsOf(async () => {
    for (let i = 0; i < 10; i++) await corev1.listNamespace();
  });
  return [(count / creating) * 1000, (count / getting) * 1000, listing / 10];
}

const measurements: Readonly<Record<string, () => Promise<readonly number[]>>> = { boot, deploy, idle, requests };

const wanted = measurements[process.argv[2] ?? ''];
console.log(JSON.stringify(wanted ? await wanted() : []));
// Its timers would keep the process alive.
process.exit(0);
