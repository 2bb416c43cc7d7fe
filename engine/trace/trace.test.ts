import { expect, test } from 'vitest';
import { lease } from '../kinds/coordination/lease.ts';
import { configMap } from '../kinds/core/config-map.ts';
import type { ObjectRef } from '../sim/object-ref.ts';
import { createCore } from '../testing/create-core.ts';
import { explain } from './why.ts';

const ref = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name });

test('[TRACE-1] every write is recorded with its actor, its revision and what led to it', () => {
  const { core, client } = createCore();
  core.sim.cause = core.trace.record({ actor: 'you', verb: 'step', text: 'asked' });
  const asked = core.sim.cause;
  const stored = client.create(configMap, { metadata: { name: 'a', namespace: 'default' } });
  const [entry] = core.trace.about(ref('a'));
  expect(entry).toMatchObject({
    actor: 'kubernetes-admin',
    verb: 'create',
    because: asked,
    revision: core.store.revision,
  });
  expect(core.store.state.log.at(-1)?.cause).toBe(entry?.id);
  client.update(configMap, { ...stored, data: { x: '1' } });
  client.remove(configMap, 'default', 'a');
  expect(core.trace.about(ref('a')).map(({ verb, text }) => `${verb} ${text}`.trim())).toEqual(['create', 'update data', 'delete']);
});

test('[TRACE-1] the writes of a Lease are stored with their cause, and add nothing to the trace', () => {
  const { core, client } = createCore();
  const before = core.trace.nextId;
  client.create(lease, { metadata: { name: 'node-1', namespace: 'default' }, spec: {} });
  client.remove(lease, 'default', 'node-1');
  expect(core.trace.nextId).toBe(before);
  expect(core.store.state.log).not.toEqual([]);
});

test('[TRACE-2] of the findings on a topic the newest stands, until it is withdrawn or the object goes', () => {
  const { core, client } = createCore();
  const { trace } = core;
  client.create(configMap, { metadata: { name: 'a', namespace: 'default' } });
  trace.finding('checker', ref('a'), 'size', 'too small', []);
  trace.finding('checker', ref('a'), 'size', 'too large', []);
  trace.finding('checker', ref('a'), 'colour', 'too red', []);
  expect(trace.findingsAbout(ref('a')).map(({ text }) => text)).toEqual(['too large', 'too red']);
  trace.finding('checker', ref('a'), 'size', undefined, []);
  expect(trace.findingsAbout(ref('a')).map(({ text }) => text)).toEqual(['too red']);
  client.remove(configMap, 'default', 'a');
  expect(trace.findingsAbout(ref('a'))).toEqual([]);
});

test('[TRACE-2] findings go with an object that waited for its finalizers', () => {
  const { core, client } = createCore();
  client.create(configMap, { metadata: { name: 'a', namespace: 'default', finalizers: ['example.com/x'] } });
  core.trace.finding('checker', ref('a'), 'size', 'too small', []);
  client.remove(configMap, 'default', 'a');
  client.modify(configMap, 'default', 'a', (draft) => {
    draft.metadata = { ...draft.metadata, finalizers: [] };
  });
  expect(core.trace.findingsAbout(ref('a'))).toEqual([]);
});

test('[TRACE-3] why() goes from finding to finding, nearest first, and never in circles', () => {
  const { core } = createCore();
  const { trace } = core;
  trace.finding('one', ref('a'), 't', 'a waits for b', [ref('b')]);
  trace.finding('two', ref('b'), 't', 'b waits for c', [ref('c'), ref('a')]);
  trace.finding('three', ref('c'), 't', 'c is broken', []);
  expect(explain(trace, ref('a')).links.map(({ text, component }) => `${component}: ${text}`)).toEqual([
    'one: a waits for b',
    'two: b waits for c',
    'three: c is broken',
  ]);
});

test('[TRACE-4] the trace of an object goes back along its causes, oldest first', () => {
  const { core, client } = createCore();
  core.sim.cause = core.trace.record({ actor: 'you', verb: 'step', text: 'pressed the button' });
  core.sim.cause = core.trace.record({ actor: 'machine', verb: 'step', text: 'turned the wheel' });
  client.create(configMap, { metadata: { name: 'a', namespace: 'default' } });
  core.sim.cause = 0;
  core.trace.record({ actor: 'other', verb: 'step', text: 'unrelated' });
  expect(explain(core.trace, ref('a')).trace.map(({ actor }) => actor)).toEqual(['you', 'machine', 'kubernetes-admin']);
});

test('[TRACE-5] the trace keeps the newest entries, and finds each of them by its id', () => {
  const { core } = createCore();
  const { trace } = core;
  for (let i = 0; i < 60_000; i++) trace.record({ actor: 'a', verb: 'step', text: '' });
  const { entries } = trace.state;
  expect(entries.length).toBeLessThanOrEqual(25_000);
  expect(entries.length).toBeGreaterThanOrEqual(20_000);
  const newest = trace.nextId - 1;
  expect([trace.find(newest)?.id, trace.find(newest - 15_000)?.id, trace.find(1)]).toEqual([newest, newest - 15_000, undefined]);
});
