import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyPlain, decodePlain, encodePlain } from '../sim/plain.ts';
import { type KeyValue, type Operation, Store, type StoreEvent, type StoreState } from './store.ts';

interface Clock {
  now: number;
}

function open(state: StoreState = Store.initialState()): { readonly store: Store; readonly clock: Clock } {
  const clock: Clock = { now: 0 };
  return { store: new Store(state, () => clock.now), clock };
}

function value(text: string | number): object {
  return Object.freeze({ text });
}

function put(store: Store, key: string, text: string | number, lease = 0): number {
  return store.transact([], [{ type: 'put', key, value: value(text), lease }], 0) as number;
}

function remove(store: Store, key: string): number {
  return store.transact([], [{ type: 'delete', key }], 0) as number;
}

const pod = (name: string): string => `/registry/pods/default/${name}`;

function keys(found: readonly KeyValue[] | string): readonly string[] | string {
  return typeof found === 'string' ? found : found.map(({ key }) => key.split('/').at(-1) as string);
}

test('[ETCD-1] every change takes the next revision, and the first one is 2', () => {
  const { store } = open();
  expect(store.revision).toBe(1);
  expect([put(store, pod('a'), 1), put(store, pod('a'), 2), remove(store, pod('a'))]).toEqual([2, 3, 4]);
  expect(remove(store, pod('a'))).toBe(4);
});

test('[ETCD-1] a key knows its creation, its last change and its version', () => {
  const { store } = open();
  put(store, pod('b'), 1);
  put(store, pod('a'), 1);
  put(store, pod('a'), 2);
  expect(store.get(pod('a'))).toMatchObject({ createRevision: 3, modRevision: 4, version: 2, value: { text: 2 } });
  remove(store, pod('a'));
  put(store, pod('a'), 3);
  expect(store.get(pod('a'))).toMatchObject({ createRevision: 6, modRevision: 6, version: 1 });
});

test('[ETCD-2] a transaction runs whole under one revision, or not at all', () => {
  const { store } = open();
  put(store, pod('a'), 1);
  const operations: readonly Operation[] = [
    { type: 'put', key: pod('a'), value: value(2) },
    { type: 'put', key: pod('b'), value: value(2) },
  ];
  expect(store.transact([{ key: pod('a'), modRevision: 1 }], operations, 0)).toBeUndefined();
  expect(store.transact([{ key: pod('b'), modRevision: 2 }], operations, 0)).toBeUndefined();
  expect(store.revision).toBe(2);
  expect(
    store.transact(
      [
        { key: pod('a'), modRevision: 2 },
        { key: pod('b'), modRevision: 0 },
      ],
      operations,
      0,
    ),
  ).toBe(3);
  expect([store.get(pod('a'))?.modRevision, store.get(pod('b'))?.modRevision]).toEqual([3, 3]);
});

test('[ETCD-3] a range gives the keys of a prefix in order, now or as they were', () => {
  const { store } = open();
  put(store, pod('b'), 1);
  put(store, pod('a'), 1);
  put(store, '/registry/services/specs/default/a', 1);
  remove(store, pod('b'));
  expect(keys(store.range('/registry/pods/'))).toEqual(['a']);
  expect(keys(store.range('/registry/pods/', 3))).toEqual(['a', 'b']);
  expect(keys(store.range('/registry/pods/', 2))).toEqual(['b']);
  expect(keys(store.range('/registry/services/specs/default/'))).toEqual(['a']);
  expect(store.range('/registry/', 4)).toHaveLength(3);
  expect(store.range('/registry/pods/', 6)).toBe('FutureRevision');
});

test('[ETCD-4] a watch starts after any revision that is still known', () => {
  const { store } = open();
  const heard: number[] = [];
  store.onEvent(({ revision }) => heard.push(revision));
  put(store, pod('a'), 1);
  put(store, pod('a'), 2);
  remove(store, pod('a'));
  const events = store.eventsAfter(2) as readonly StoreEvent[];
  expect(events.map(({ type, revision }) => `${type}@${revision}`)).toEqual(['put@3', 'delete@4']);
  expect(events[1]?.previous?.value).toEqual({ text: 2 });
  expect(heard).toEqual([2, 3, 4]);
  expect(store.eventsAfter(4)).toEqual([]);
  expect(store.eventsAfter(5)).toBe('FutureRevision');
});

test('[ETCD-5] compaction forgets the past and keeps the present', () => {
  const { store } = open();
  put(store, pod('a'), 1);
  put(store, pod('b'), 1);
  remove(store, pod('a'));
  const hash = store.historyHash();
  store.compact(3);
  expect(store.eventsAfter(2)).toBe('Compacted');
  expect(store.range('/registry/pods/', 2)).toBe('Compacted');
  expect(keys(store.range('/registry/pods/', 3))).toEqual(['a', 'b']);
  expect((store.eventsAfter(3) as readonly StoreEvent[]).map(({ revision }) => revision)).toEqual([4]);
  store.compact(99);
  store.compact(1);
  expect(store.state.compacted).toBe(3);
  expect(keys(store.range('/registry/pods/'))).toEqual(['b']);
  expect(store.historyHash()).toBe(hash);
});

test('[ETCD-5] a writer that compacts every five minutes keeps the last five to ten', () => {
  const { store, clock } = open();
  const write = (minutes: number): void => {
    clock.now = 1_000_000 + minutes * 60_000;
    store.compactEvery(300_000);
    put(store, pod('a'), minutes);
  };
  for (const minutes of [0, 1, 4, 6, 7, 12]) write(minutes);
  // At minute 6 it forgot nothing but what was before minute 0, at minute 12 what was before minute 6.
  expect(store.state.compacted).toBe(4);
  expect((store.eventsAfter(4) as readonly StoreEvent[]).map(({ atMs }) => (atMs - 1_000_000) / 60_000)).toEqual([6, 7, 12]);
});

test('[ETCD-6] keys of an expired lease are gone at once; their removal is written with the next change', () => {
  const { store, clock } = open();
  const lease = store.grantLease(1000);
  put(store, pod('a'), 1, lease);
  put(store, pod('b'), 1);
  clock.now = 999;
  expect(store.get(pod('a'))).toBeDefined();
  clock.now = 1000;
  expect(store.get(pod('a'))).toBeUndefined();
  expect(keys(store.range('/registry/pods/'))).toEqual(['b']);
  expect(store.revision).toBe(3);
  expect(put(store, pod('c'), 1)).toBe(5);
  expect((store.eventsAfter(3) as readonly StoreEvent[]).map(({ type, key }) => `${type} ${key.at(-1)}`)).toEqual(['delete a', 'put c']);
});

test('[ETCD-6] a key that is written with another lease leaves the first', () => {
  const { store, clock } = open();
  put(store, pod('a'), 1, store.grantLease(1000));
  put(store, pod('a'), 2, store.grantLease(5000));
  clock.now = 2000;
  put(store, pod('b'), 1);
  expect(store.get(pod('a'))?.value).toEqual({ text: 2 });
  clock.now = 6000;
  put(store, pod('c'), 1);
  expect(keys(store.range('/registry/pods/'))).toEqual(['b', 'c']);
  expect(store.state.leases.size).toBe(0);
});

test('[ETCD-6] a burst of short-lived keys shares a lease', () => {
  const { store, clock } = open();
  const first = store.leaseFor(3_600_000);
  put(store, pod('a'), 1, first);
  clock.now = 60_000;
  expect(store.leaseFor(3_600_000)).toBe(first);
  clock.now = 60_001;
  const second = store.leaseFor(3_600_000);
  expect(second).not.toBe(first);
  expect(store.leaseFor(1000)).not.toBe(second);
  clock.now = 3_659_999;
  expect(store.get(pod('a'))).toBeDefined();
  clock.now = 3_660_000;
  expect(store.get(pod('a'))).toBeUndefined();
});

test('[ETCD-7] values are frozen and handed out as they are', () => {
  const { store } = open();
  const stored = value('x');
  store.transact([], [{ type: 'put', key: pod('a'), value: stored }], 0);
  expect(store.get(pod('a'))?.value).toBe(stored);
  expect(() => store.transact([], [{ type: 'put', key: pod('b'), value: {} }], 0)).toThrow('is not frozen');
});

interface Model {
  revision: number;
  /** The content after each revision. */
  readonly history: Map<number, ReadonlyMap<string, string>>;
}

const operation = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constant('put' as const), key: fc.integer({ min: 0, max: 7 }), text: fc.string({ maxLength: 3 }) }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('delete' as const), key: fc.integer({ min: 0, max: 7 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('compact' as const), back: fc.integer({ min: 0, max: 10 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restore' as const), isCopy: fc.boolean() }) },
);

test('[ETCD-8] any sequence of operations reads back as a plain list of revisions would, through snapshots too', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      let { store } = open();
      const model: Model = { revision: 1, history: new Map([[1, new Map()]]) };
      let compacted = 0;
      for (const step of operations) {
        const before = model.history.get(model.revision) as ReadonlyMap<string, string>;
        if (step.type === 'put' || (step.type === 'delete' && before.has(pod(String(step.key))))) {
          const next = new Map(before);
          if (step.type === 'put') next.set(pod(String(step.key)), step.text);
          else next.delete(pod(String(step.key)));
          model.history.set(++model.revision, next);
        }
        if (step.type === 'put') put(store, pod(String(step.key)), step.text);
        else if (step.type === 'delete') remove(store, pod(String(step.key)));
        else if (step.type === 'compact') {
          const at = model.revision - step.back;
          store.compact(at);
          compacted = Math.max(compacted, at);
        } else store = open(step.isCopy ? copyPlain(store.state) : (decodePlain(encodePlain(store.state)) as StoreState)).store;
      }
      expect(store.revision).toBe(model.revision);
      for (let revision = Math.max(1, compacted); revision <= model.revision; revision++) {
        const found = store.range('/registry/pods/', revision) as readonly KeyValue[];
        const expected = [...(model.history.get(revision) as ReadonlyMap<string, string>)].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(found.map(({ key, value: read }) => [key, (read as { readonly text: string }).text])).toEqual(expected);
      }
      if (compacted > 1) expect(store.range('/registry/pods/', compacted - 1)).toBe('Compacted');
      for (let after = Math.max(1, compacted); after <= model.revision; after++) {
        expect((store.eventsAfter(after) as readonly StoreEvent[]).map(({ revision }) => revision)).toEqual(
          Array.from({ length: model.revision - after }, (_, index) => after + 1 + index),
        );
      }
    }),
  );
});

test('[ETCD-9] the hash is the same for the same history, and another for another', () => {
  const run = (texts: readonly string[], compactAt?: number): string => {
    const { store } = open();
    for (const text of texts) put(store, pod('a'), text);
    if (compactAt !== undefined) store.compact(compactAt);
    return open(decodePlain(encodePlain(store.state)) as StoreState).store.historyHash();
  };
  expect(run(['a', 'b'])).toBe(run(['a', 'b']));
  expect(run(['a', 'b'])).toBe(run(['a', 'b'], 2));
  expect(run(['a', 'b'])).not.toBe(run(['b', 'a']));
});
