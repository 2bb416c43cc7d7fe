import { expect, test } from 'vitest';
import type { ObjectView, ServerMessage } from '../../server/gateway/protocol.ts';
import { reduceSession, withNotice } from './reduce-session.ts';
import { emptySession, objectKey } from './session-state.ts';

function pod(name: string, resourceVersion: string): ObjectView {
  return {
    ref: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name },
    uid: name,
    resourceVersion,
    state: 'running',
    status: 'Running',
    createdAtMs: 0,
    labels: {},
    columns: [],
  };
}

function reduceAll(...messages: ServerMessage[]) {
  return messages.reduce(reduceSession, emptySession);
}

const state: ServerMessage = {
  type: 'state',
  seq: 1,
  objects: [pod('a', '1'), pod('b', '1')],
  components: [],
  events: [],
  trace: [],
  ticks: [],
  clock: { nowMs: 0, now: '2026-01-01T00:00:00Z', paused: false, speed: 1, timeline: [] },
};

test('a delta replaces, adds and removes objects', () => {
  const { objects } = reduceAll(state, { type: 'delta', seq: 2, changed: [pod('a', '2'), pod('c', '1')], removed: [pod('b', '1').ref] });
  expect([...objects.values()].map((object) => `${object.ref.name}@${object.resourceVersion}`)).toEqual(['a@2', 'c@1']);
});

test('an object that was deleted and made again under its name in one delta is there', () => {
  const { objects } = reduceAll(state, { type: 'delta', seq: 2, removed: [pod('a', '1').ref], changed: [pod('a', '9')] });
  expect(objects.get(objectKey(pod('a', '9').ref))?.resourceVersion).toBe('9');
});

test('a frame that was already applied changes nothing', () => {
  const once = reduceAll(state, { type: 'delta', seq: 2, changed: [pod('a', '2')] });
  expect(reduceSession(once, { type: 'delta', seq: 2, changed: [pod('a', '1')] })).toBe(once);
});

test('an event that happens again is listed once, last', () => {
  const event = {
    id: 'e1',
    atMs: 1,
    type: 'Warning',
    reason: 'BackOff',
    message: 'm',
    count: 1,
    about: pod('a', '1').ref,
    from: 'kubelet',
  } as const;
  const { events } = reduceAll(
    state,
    { type: 'delta', seq: 2, events: [event, { ...event, id: 'e2' }] },
    { type: 'delta', seq: 3, events: [{ ...event, count: 2, atMs: 9 }] },
  );
  expect(events.map(({ id, count }) => `${id}×${count}`)).toEqual(['e2×1', 'e1×2']);
});

test('ticks are kept per check', () => {
  const { ticks } = reduceAll(
    state,
    {
      type: 'delta',
      seq: 2,
      ticks: [
        { check: 'a', status: 'fail' },
        { check: 'b', status: 'pass' },
      ],
    },
    { type: 'delta', seq: 3, ticks: [{ check: 'a', status: 'pass' }] },
  );
  expect([...ticks.values()].map((tick) => `${tick.check}:${tick.status}`)).toEqual(['a:pass', 'b:pass']);
});

test('a notice that repeats stands once, and of mere information only the newest', () => {
  const said = [
    { level: 'error', text: 'refused' },
    { level: 'info', text: 'stopped' },
    { level: 'error', text: 'refused' },
    { level: 'info', text: 'started' },
  ] as const;
  const { notices } = said.reduce((state, notice, id) => withNotice(state, { id, ...notice }), emptySession);
  expect(notices.map(({ text }) => text)).toEqual(['refused', 'started']);
});
