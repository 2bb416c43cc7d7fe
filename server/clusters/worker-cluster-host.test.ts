import { afterAll, expect, test } from 'vitest';
import { bundleWorker } from '../testing/bundle-worker.ts';
import { MemorySessionStore } from '../testing/memory-session-store.ts';
import type { ClusterHandle } from './cluster-host.ts';
import type { ClusterUpdate } from './cluster-messages.ts';
import { WorkerClusterHost } from './worker-cluster-host.ts';

const worker = await bundleWorker('server/testing/counting-worker.ts');
afterAll(() => worker[Symbol.dispose]());

function createHost({ workers = 1, hibernateAfterMs = 60_000, store = new MemorySessionStore() } = {}) {
  const host = new WorkerClusterHost({ script: worker.script, workers, store, hibernateAfterMs, longestWorkMs: 600, memoryMB: 96 });
  return { host, store, [Symbol.asyncDispose]: () => host.close() };
}

const apply = (handle: ClusterHandle, text: string) => handle.execute({ type: 'apply', path: 'a.yaml', text });

async function countsOf(handle: ClusterHandle): Promise<Record<string, number>> {
  const answer = await handle.ask({ type: 'state' });
  if (answer.kind !== 'state') throw new Error('no state');
  return Object.fromEntries(answer.state.objects.map(({ ref, resourceVersion }) => [ref.name, Number(resourceVersion)]));
}

function untilUpdate(handle: ClusterHandle, isWanted: (update: ClusterUpdate) => boolean): Promise<ClusterUpdate> {
  return new Promise((resolve) => {
    handle.subscribe({ onUpdate: (update) => isWanted(update) && resolve(update), onRestored: () => {}, onLost: () => {} });
  });
}

const untilRestored = (handle: ClusterHandle) =>
  new Promise<string>((resolve) => {
    handle.subscribe({ onUpdate: () => {}, onRestored: resolve, onLost: resolve });
  });

test('an input is in the log before it is answered, and everybody who has the cluster open hears of it', async () => {
  await using running = createHost();
  const [first, second] = await Promise.all([running.host.open('s'), running.host.open('s')]);
  const heard = untilUpdate(second, ({ delta }) => delta?.changed !== undefined);
  const result = await apply(first, 'add web');
  expect(result).toMatchObject({ kind: 'apply', apply: { lines: ['add web done'] } });
  expect(running.store.rows.get('s')?.inputs).toMatchObject([{ number: 1, input: { type: 'apply', text: 'add web' } }]);
  expect((await heard).delta?.changed?.map(({ ref }) => ref.name)).toEqual(['web']);
});

test('the clock of a watched cluster runs by itself, faster when asked, and stands when paused', async () => {
  await using running = createHost();
  const handle = await running.host.open('s');
  await handle.setClock({ type: 'set', speed: 60 });
  await apply(handle, 'tick 1000');
  await untilUpdate(handle, ({ delta }) => Number(delta?.changed?.[0]?.resourceVersion) >= 3);
  await handle.setClock({ type: 'set', paused: true });
  const { ticker } = await countsOf(handle);
  await handle.setClock({ type: 'step' });
  expect(await countsOf(handle)).toEqual({ ticker: ticker! + 1 });
});

test('a cluster that nobody watches sleeps, and wakes where it was', async () => {
  await using running = createHost({ hibernateAfterMs: 0 });
  const handle = await running.host.open('s');
  await apply(handle, 'add web');
  await handle.execute({ type: 'terminalInput', terminal: 't1', data: 'ls' });
  handle.close();
  await expect.poll(() => running.host.awake).toBe(0);

  const again = await running.host.open('s');
  expect({ counts: await countsOf(again), scrollback: Object.fromEntries(again.scrollback) }).toEqual({
    counts: { web: 1 },
    scrollback: { t1: 'echo ls\n' },
  });
  expect(running.store.rows.get('s')?.snapshot?.inputNumber).toBe(2);
});

test('fast typing arrives complete and in order, in fewer inputs than keys', async () => {
  await using running = createHost();
  const handle = await running.host.open('s');
  const keys = [...'kubectl get pods '.repeat(20)];
  await Promise.all(keys.map((data) => handle.execute({ type: 'terminalInput', terminal: 't1', data })));
  const typed = running.store.rows.get('s')?.inputs.map(({ input }) => (input.type === 'terminalInput' ? input.data : '')) ?? [];
  expect(typed.join('')).toBe(keys.join(''));
  expect(typed.length).toBeLessThan(keys.length / 10);
});

test('what is typed after another input does not overtake it', async () => {
  await using running = createHost();
  const handle = await running.host.open('s');
  const type = (data: string) => handle.execute({ type: 'terminalInput', terminal: 't1', data });
  await Promise.all([type('a'), type('b'), apply(handle, 'add web'), type('c')]);
  const kinds = running.store.rows.get('s')?.inputs.map(({ input }) => (input.type === 'terminalInput' ? input.data : input.type));
  expect(kinds).toEqual(['ab', 'apply', 'c']);
});

test('a process that is killed loses nothing: the log alone brings the cluster back', async () => {
  const store = new MemorySessionStore();
  const killed = createHost({ store });
  const handle = await killed.host.open('s');
  await apply(handle, 'add web');
  await apply(handle, 'add web');
  // What a killed process leaves behind: the store as it is now, and no farewell.
  const left = structuredClone(store.rows.get('s')!);
  await killed.host.close();
  store.rows.set('s', left);

  await using running = createHost({ store });
  expect(left.snapshot).toBeUndefined();
  expect(await countsOf(await running.host.open('s'))).toEqual({ web: 2 });
});

test('an input that never ends is stopped and taken back; its neighbour on the same worker goes on as it was', async () => {
  await using running = createHost();
  const [bad, good] = await Promise.all([running.host.open('bad'), running.host.open('good')]);
  await apply(good, 'add web');
  await apply(bad, 'add web');
  const neighbour = untilRestored(good);
  const result = await apply(bad, 'hang');
  expect(result).toMatchObject({ kind: 'refused', code: 'overBudget', userMessage: expect.stringContaining('taken back') });
  expect(await neighbour).toContain('back as it was');
  expect({ bad: await countsOf(bad), good: await countsOf(good) }).toEqual({ bad: { web: 1 }, good: { web: 1 } });
  expect(await apply(bad, 'add web')).toMatchObject({ kind: 'apply' });
  expect(running.store.rows.get('bad')?.inputs.map(({ number }) => number)).toEqual([1, 2]);
});

test('an input that needs too much memory is stopped and taken back', async () => {
  await using running = createHost();
  const handle = await running.host.open('s');
  await apply(handle, 'add web');
  expect(await apply(handle, 'eat')).toMatchObject({ kind: 'refused', userMessage: expect.stringContaining('memory') });
  expect(await countsOf(handle)).toEqual({ web: 1 });
});

test('an input that breaks the engine is taken back', async () => {
  await using running = createHost();
  const handle = await running.host.open('s');
  await apply(handle, 'add web');
  expect(await apply(handle, 'throw')).toMatchObject({ kind: 'refused', userMessage: expect.stringContaining('fault in kube40') });
  expect(await countsOf(handle)).toEqual({ web: 1 });
});

test('a cluster that hangs by itself comes back paused, and its owner can go on', async () => {
  await using running = createHost();
  const handle = await running.host.open('s');
  await apply(handle, 'add web');
  const restored = untilRestored(handle);
  await apply(handle, 'hang-at 30');
  expect(await restored).toContain('paused');
  expect(await countsOf(handle)).toEqual({ web: 1 });
});

test('when the log cannot be written the input does not happen, and the next one may', async () => {
  await using running = createHost();
  const handle = await running.host.open('s');
  running.store.refusal = new Error('the disk is full');
  await expect(apply(handle, 'add web')).rejects.toThrow('the disk is full');
  running.store.refusal = undefined;
  expect(await countsOf(handle)).toEqual({});
  await apply(handle, 'add web');
  expect(await countsOf(handle)).toEqual({ web: 1 });
});

test('a rewound cluster stays rewound after a crash', async () => {
  const store = new MemorySessionStore();
  const first = createHost({ store });
  const handle = await first.host.open('s');
  await handle.setClock({ type: 'set', paused: true });
  await apply(handle, 'add web');
  const atMs = store.rows.get('s')!.inputs[0]!.atMs;
  await handle.execute({ type: 'rewind', toMs: atMs });
  const left = structuredClone(store.rows.get('s')!);
  await first.host.close();
  store.rows.set('s', left);

  await using running = createHost({ store });
  expect(await countsOf(await running.host.open('s'))).toEqual({});
});

test('clusters spread over the workers', async () => {
  await using running = createHost({ workers: 2 });
  const [bad, good] = [await running.host.open('bad'), await running.host.open('good')];
  let isDisturbed = false;
  void untilRestored(good).then(() => {
    isDisturbed = true;
  });
  await apply(bad, 'hang');
  await apply(good, 'add web');
  expect({ isDisturbed, counts: await countsOf(good) }).toEqual({ isDisturbed: false, counts: { web: 1 } });
});

test('whoever asks faster than the cluster answers is told so', async () => {
  await using running = createHost();
  const handle = await running.host.open('s');
  const results = await Promise.allSettled(Array.from({ length: 150 }, () => apply(handle, 'add web')));
  const refused = results.filter((result) => result.status === 'rejected');
  expect({ done: (await countsOf(handle))['web'], refused: refused.length }).toEqual({ done: 100, refused: 50 });
  expect(refused[0]).toMatchObject({ reason: { code: 'busy' } });
});
