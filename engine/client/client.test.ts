import { expect, test } from 'vitest';
import { lease } from '../kinds/coordination/lease.ts';
import { type ConfigMap, configMap } from '../kinds/core/config-map.ts';
import { type Event, event } from '../kinds/core/event.ts';
import { pod } from '../kinds/core/pod.ts';
import type { ApiObject } from '../kinds/define-kind.ts';
import { conflict } from '../schema/api-error.ts';
import { createCore, type TestCore } from '../testing/create-core.ts';
import { again, type ControllerContext, type ControllerDefinition, done, keyOf } from './controller.ts';
import type { ProcessContext, ProcessDefinition } from './process.ts';

interface Seen {
  readonly changes: string[];
}

/** A process that writes down what it is told. */
function watcher(log: string[], extra: Partial<ProcessDefinition<Seen>> = {}): ProcessDefinition<Seen> {
  return {
    name: 'watcher',
    user: 'system:watcher',
    groups: [],
    node: 'n',
    watches: [{ kind: configMap, namespace: 'default' }],
    initialState: () => ({ changes: [] }),
    create: (context: ProcessContext<Seen>) => ({
      onStart: () => log.push('start'),
      onSynced: () => log.push(`synced ${[...context.lister(configMap).list()].length}`),
      onChange: (_kind, { type, object }) => log.push(`${type} ${object.metadata?.name ?? ''}`),
      onTimer: (key) => log.push(`timer ${key}`),
      onStop: () => log.push('stop'),
    }),
    ...extra,
  };
}

const map = (name: string, data: Readonly<Record<string, string>> = {}, metadata: object = {}): ConfigMap => ({
  metadata: { name, namespace: 'default', ...metadata },
  data,
});

test('[CLIENT-1] an informer lists first, then follows; its cache is what it was told', () => {
  const cluster = createCore();
  const log: string[] = [];
  cluster.client.create(configMap, map('a'));
  cluster.run(watcher(log));
  cluster.settle();
  cluster.client.create(configMap, map('b'));
  cluster.client.create(configMap, { ...map('c'), metadata: { name: 'c', namespace: 'kube-system' } });
  cluster.client.update(configMap, map('a', { x: '1' }));
  cluster.client.remove(configMap, 'default', 'a');
  cluster.settle();
  expect(log).toEqual(['start', 'added a', 'synced 1', 'added b', 'modified a', 'deleted a']);
});

test('[CLIENT-2] an informer that was cut off lists again and is told the difference', () => {
  const cluster = createCore();
  const log: string[] = [];
  for (const name of ['a', 'b', 'c']) cluster.client.create(configMap, map(name));
  cluster.run(watcher(log));
  cluster.settle();
  log.length = 0;
  cluster.core.processes.disconnectAll();
  cluster.client.remove(configMap, 'default', 'a');
  cluster.client.update(configMap, map('b', { x: '1' }));
  cluster.client.create(configMap, map('d'));
  cluster.settle();
  expect(log).toEqual([]);
  cluster.core.processes.reconnectAll();
  cluster.settle();
  expect([...log].sort()).toEqual(['added d', 'deleted a', 'modified b']);
});

test('[CLIENT-2] the loss of the API server cuts every watch, its return brings them back', () => {
  const cluster = createCore();
  const log: string[] = [];
  cluster.run(watcher(log));
  cluster.settle();
  cluster.core.setServing(false);
  cluster.core.setServing(true);
  cluster.client.create(configMap, map('a'));
  cluster.settle();
  expect(log).toEqual(['start', 'synced 0', 'added a']);
});

test('[CLIENT-3] a cache finds objects by name, namespace, owner and node', () => {
  const cluster = createCore();
  let context: ProcessContext<object> | undefined;
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u1', controller: true };
  cluster.run({
    name: 'reader',
    user: 'r',
    groups: [],
    node: 'n',
    watches: [{ kind: configMap }, { kind: pod }],
    initialState: () => ({}),
    create(given) {
      context = given;
      return { onTimer() {} };
    },
  });
  const names = (objects: Iterable<ApiObject> | undefined): readonly unknown[] =>
    [...(objects ?? [])].map(({ metadata }) => metadata?.name);
  cluster.client.create(configMap, map('a', {}, { ownerReferences: [owner] }));
  cluster.client.create(configMap, map('b'));
  cluster.settle();
  const maps = context?.lister(configMap);
  expect(names(maps?.ownedBy('u1'))).toEqual(['a']);
  expect(names(maps?.inNamespace('default'))).toEqual(['a', 'b']);
  expect(maps?.get('default', 'b')).toBe(maps?.byKey('default/b'));
  cluster.client.modify(configMap, 'default', 'a', (draft) => {
    draft.metadata = { ...draft.metadata, ownerReferences: [] };
  });
  cluster.settle();
  expect(names(maps?.ownedBy('u1'))).toEqual([]);
});

test('[CLIENT-4] a stopped process loses its memory and its timers, and starts anew', () => {
  const cluster = createCore();
  const log: string[] = [];
  cluster.run(
    watcher(log, {
      create: (context) => ({
        onStart: () => context.setTimer('tick', 1000),
        onTimer(key) {
          context.state.changes.push(key);
          log.push(`${key} ${context.state.changes.length}`);
          context.setTimer('tick', 1000, { periodic: true });
        },
      }),
    }),
  );
  cluster.advance(2500);
  cluster.core.processes.stop('watcher');
  cluster.advance(5000);
  cluster.core.processes.start('watcher');
  cluster.advance(1500);
  expect(log).toEqual(['tick 1', 'tick 2', 'tick 1']);
});

function controller(
  reconcile: (context: ControllerContext, key: string) => ReturnType<ControllerDefinition['reconcile']>,
): ControllerDefinition {
  return { name: 'test-controller', watches: [{ kind: configMap, enqueue: 'self' }], initialState: () => ({}), reconcile };
}

test('[CLIENT-5] a key is worked on once, however often it changed', () => {
  const cluster = createCore();
  const worked: string[] = [];
  cluster.runControllers(
    controller((_context, key) => {
      worked.push(key);
      return done;
    }) as unknown as ControllerDefinition<never>,
  );
  cluster.settle();
  for (const x of ['1', '2', '3'])
    cluster.client.modify(configMap, 'default', 'a', (draft) => Object.assign(draft, { data: { x } })) ??
      cluster.client.create(configMap, map('a'));
  cluster.client.create(configMap, map('b'));
  cluster.settle();
  expect(worked).toEqual(['default/a', 'default/b']);
});

test('[CLIENT-6] a failing key comes back after 5 ms, doubling; a success forgets the failures', () => {
  const cluster = createCore();
  const at: number[] = [];
  cluster.runControllers(
    controller(({ now }) => {
      at.push(now);
      if (at.length < 6) throw conflict({ group: '', resource: 'configmaps' }, 'a', 'no');
      return done;
    }) as unknown as ControllerDefinition<never>,
  );
  cluster.settle();
  cluster.client.create(configMap, map('a'));
  cluster.settle();
  expect(at.map((ms, index) => ms - (at[index - 1] ?? ms))).toEqual([0, 5, 10, 20, 40, 80]);
});

test('[CLIENT-6] of two dates for a key the earlier one stands, and a look overtakes the planned one', () => {
  const cluster = createCore();
  const at: number[] = [];
  const start = cluster.core.sim.now;
  cluster.runControllers(
    controller((context) => {
      at.push(context.now - start);
      if (at.length > 1) return done;
      context.enqueueAfter('default/a', 5000);
      return again(9000);
    }) as unknown as ControllerDefinition<never>,
  );
  cluster.settle();
  cluster.client.create(configMap, map('a'));
  cluster.settle();
  expect(at).toEqual([0, 5000]);
});

test('[CLIENT-7] modify reads again after a conflict, and gives up after five', () => {
  const cluster = createCore();
  cluster.client.create(configMap, map('a', { n: '0' }));
  let others = 3;
  cluster.client.modify(configMap, 'default', 'a', (draft) => {
    if (others-- > 0) cluster.client.update(configMap, map('a', { n: String(others) }));
    draft.data = { ...draft.data, mine: 'yes' };
  });
  expect(cluster.client.get(configMap, 'default', 'a').data).toEqual({ n: '0', mine: 'yes' });
  const stubborn = (): unknown =>
    cluster.client.modify(configMap, 'default', 'a', (draft) => {
      cluster.client.update(configMap, map('a', { n: String(others--) }));
      draft.data = { mine: 'no' };
    });
  expect(stubborn).toThrow(/the object has been modified/);
  expect(cluster.client.modify(configMap, 'default', 'absent', () => {})).toBeUndefined();
  expect(() => cluster.client.remove(configMap, 'default', 'absent')).not.toThrow();
});

/** A process that writes Events about a ConfigMap when it is told to. */
function recorder(cluster: TestCore): { write(reason: string, message: string): void } {
  let context: ProcessContext<object> | undefined;
  cluster.run({
    name: 'recorder/node-1',
    user: 'r',
    groups: [],
    node: 'node-1',
    watches: [],
    initialState: () => ({}),
    create(given) {
      context = given;
      return { onTimer() {} };
    },
  });
  const about = cluster.client.create(configMap, map('a'));
  return { write: (reason, message) => context?.event(about, 'Warning', reason, message) };
}

function events({ client }: TestCore): readonly Event[] {
  return client.list(event, 'default');
}

test('[CLIENT-8] an Event that is written again raises its count', () => {
  const cluster = createCore();
  const { write } = recorder(cluster);
  write('BackOff', 'slow down');
  cluster.advance(10_000);
  write('BackOff', 'slow down');
  write('Failed', 'other');
  expect(
    events(cluster)
      .map(({ reason, count, firstTimestamp, lastTimestamp }) => [reason, count, firstTimestamp, lastTimestamp])
      .sort(),
  ).toEqual([
    ['BackOff', 2, '2026-01-05T09:00:00Z', '2026-01-05T09:00:10Z'],
    ['Failed', 1, '2026-01-05T09:00:10Z', '2026-01-05T09:00:10Z'],
  ]);
  expect(events(cluster)[0]).toMatchObject({
    involvedObject: { kind: 'ConfigMap', name: 'a', namespace: 'default' },
    source: { component: 'recorder', host: 'node-1' },
    type: 'Warning',
  });
});

test('[CLIENT-8] an object that makes more than 25 Events is silenced, and may speak again every five minutes', () => {
  const cluster = createCore();
  const { write } = recorder(cluster);
  const total = (): number => events(cluster).reduce((sum, { count = 0 }) => sum + count, 0);
  for (let i = 0; i < 40; i++) write('Noise', 'again');
  expect(total()).toBe(25);
  cluster.advance(300_000);
  for (let i = 0; i < 3; i++) write('Noise', 'again');
  expect(total()).toBe(26);
});

test('[CLIENT-8] an Event that is gone after its hour is written anew', () => {
  const cluster = createCore();
  const { write } = recorder(cluster);
  write('BackOff', 'slow down');
  cluster.advance(3_700_000);
  expect(events(cluster)).toEqual([]);
  write('BackOff', 'slow down');
  expect(events(cluster)).toHaveLength(1);
});

test('[CLIENT-9] a kept lease is renewed every ten seconds in the eyes of readers, without a write and without a timer', () => {
  const cluster = createCore();
  const { heartbeats, store } = cluster.core;
  const key = 'kube-node-lease/node-1';
  heartbeats.keepAlive(key);
  const { revision } = store;
  const renewed = (): string | undefined => cluster.client.get(lease, 'kube-node-lease', 'node-1').spec?.renewTime;
  expect(renewed()).toBe('2026-01-05T09:00:00.000000Z');
  cluster.advance(25_000);
  expect(renewed()).toBe('2026-01-05T09:00:20.000000Z');
  expect([store.revision, cluster.core.sim.peek(), heartbeats.isKeptAlive(key)]).toEqual([revision, undefined, true]);
  heartbeats.release(key);
  cluster.advance(60_000);
  expect([renewed(), heartbeats.isKeptAlive(key)]).toEqual(['2026-01-05T09:00:20.000000Z', false]);
});

test('[CLIENT-9] while the API is away no beat gets through, and the dead are written down when it is back', () => {
  const cluster = createCore();
  const { heartbeats } = cluster.core;
  heartbeats.keepAlive('kube-node-lease/dies');
  heartbeats.keepAlive('kube-node-lease/lives');
  cluster.advance(15_000);
  cluster.core.setServing(false);
  cluster.advance(30_000);
  heartbeats.release('kube-node-lease/dies');
  expect(heartbeats.lastBeatMs('kube-node-lease/lives')).toBe(cluster.core.sim.now - 35_000);
  cluster.core.setServing(true);
  const renewed = (name: string): string | undefined => cluster.client.get(lease, 'kube-node-lease', name).spec?.renewTime;
  expect([renewed('dies'), renewed('lives')]).toEqual(['2026-01-05T09:00:10.000000Z', '2026-01-05T09:00:45.000000Z']);
});

test('[CLIENT-10] keys of namespaced and cluster-wide objects', () => {
  expect([keyOf(map('a')), keyOf({ metadata: { name: 'node-1' } })]).toEqual(['default/a', 'node-1']);
});
