import { expect, test } from 'vitest';
import { CountingCluster } from '../testing/counting-cluster.ts';
import type { ClusterInput, LoggedInput } from './cluster-messages.ts';
import { HostedCluster } from './hosted-cluster.ts';

const recipe = { dayId: 'd', labId: 'l', labHash: 'h', spec: {}, seed: 1, engineVersion: '1' };
const apply = (text: string): ClusterInput => ({ type: 'apply', path: 'a.yaml', text });

async function wakeWithClock({ inputs = [], clockMs = 0 }: { readonly inputs?: readonly LoggedInput[]; readonly clockMs?: number } = {}) {
  const wall = { ms: 1_000_000 };
  const { hosted, ...answer } = await HostedCluster.wake({
    saved: { recipe, inputs, clockMs },
    open: async (ofRecipe, snapshot) => new CountingCluster(ofRecipe, snapshot),
    wallClock: () => wall.ms,
    onProgress: () => {},
  });
  const ticks = async () => {
    const answer = await hosted.ask({ type: 'state' });
    return answer.kind === 'state' ? Number(answer.state.objects.find(({ ref }) => ref.name === 'ticker')?.resourceVersion ?? 0) : -1;
  };
  const nowMs = async () => {
    const answer = await hosted.ask({ type: 'state' });
    return answer.kind === 'state' ? answer.state.clock.nowMs : -1;
  };
  return { hosted, wall, answer, ticks, nowMs };
}

async function run(hosted: HostedCluster, number: number, input: ClusterInput): Promise<number> {
  const atMs = await hosted.prepare();
  await hosted.execute({ number, atMs, input });
  return atMs;
}

test('nobody watching: the clock stands still, however long', async () => {
  const { hosted, wall, ticks } = await wakeWithClock();
  await run(hosted, 1, apply('tick 1000'));
  wall.ms += 3_600_000;
  await hosted.turn();
  expect({ ticks: await ticks(), idle: hosted.idleForMs }).toEqual({ ticks: 0, idle: Number.POSITIVE_INFINITY });
});

test('watched at ×20: a second of the wall is twenty of the cluster', async () => {
  const { hosted, wall, ticks } = await wakeWithClock();
  await run(hosted, 1, apply('tick 1000'));
  hosted.setWatched(true);
  await hosted.setClock({ type: 'set', speed: 20 });
  wall.ms += 1000;
  await hosted.turn();
  expect(await ticks()).toBe(20);
});

test('a cluster that cannot keep up falls behind instead of racing for ever', async () => {
  const { hosted, wall, ticks, nowMs } = await wakeWithClock();
  await run(hosted, 1, apply('tick 1'));
  hosted.setWatched(true);
  wall.ms += 60_000;
  await hosted.turn();
  const reached = await nowMs();
  expect({ ticks: await ticks(), reached }).toEqual({ ticks: 2000, reached: 2000 });
  await hosted.turn();
  expect(await nowMs()).toBe(reached);
});

test('between writing an input down and executing it the clock stands', async () => {
  const { hosted, wall, nowMs } = await wakeWithClock();
  hosted.setWatched(true);
  await run(hosted, 1, apply('tick 1000'));
  wall.ms += 2500;
  const atMs = await hosted.prepare();
  wall.ms += 10_000;
  await hosted.turn();
  expect({ atMs, nowMs: await nowMs() }).toEqual({ atMs: 2500, nowMs: 2500 });
  hosted.abandon();
  wall.ms += 1000;
  await hosted.turn();
  expect(await nowMs()).toBe(3500);
});

test('a watched cluster at rest tells its clock once a second and nothing else, so that the page never shows it standing', async () => {
  const { hosted, wall } = await wakeWithClock();
  hosted.setWatched(true);
  hosted.takeUpdate(true);
  expect(hosted.idleForMs).toBe(1000);
  wall.ms += 1000;
  await hosted.turn();
  expect(hosted.takeUpdate(false)).toEqual({ clockMs: 1000, delta: { clock: expect.objectContaining({ nowMs: 1000 }) } });
  await hosted.setClock({ type: 'set', paused: true });
  hosted.takeUpdate(true);
  expect(hosted.idleForMs).toBe(Number.POSITIVE_INFINITY);
});

test('the clock of a cluster at rest is right when somebody asks something of it', async () => {
  const { hosted, wall } = await wakeWithClock();
  hosted.setWatched(true);
  hosted.takeUpdate(true);
  wall.ms += 7000;
  expect(await hosted.prepare()).toBe(7000);
});

test('waking from the log gives the same bytes as having lived through it', async () => {
  const lived = await wakeWithClock();
  lived.hosted.setWatched(true);
  const inputs: LoggedInput[] = [];
  for (const [position, text] of ['tick 300', 'add web', 'add api'].entries()) {
    lived.wall.ms += 1000;
    const input = apply(text);
    inputs.push({ number: position + 1, atMs: await run(lived.hosted, position + 1, input), input });
  }
  lived.wall.ms += 5000;
  await lived.hosted.turn();
  const { bytes, clockMs, inputNumber } = lived.hosted.snapshot();

  const woken = await wakeWithClock({ inputs, clockMs });
  const again = woken.hosted.snapshot();
  expect({ bytes: Buffer.from(again.bytes).equals(Buffer.from(bytes)), inputNumber: again.inputNumber }).toEqual({
    bytes: true,
    inputNumber,
  });
  expect(woken.answer.lastResult).toMatchObject({ kind: 'apply', apply: { lines: ['add api done'] } });
});
