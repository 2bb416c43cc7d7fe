import { expect, test } from 'vitest';
import type { DeltaFrame } from './merge-deltas.ts';
import { mergeDeltas } from './merge-deltas.ts';
import { Outbox } from './outbox.ts';
import type { ObjectView, ServerMessage } from './protocol.ts';

const ref = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name });

function object(name: string, resourceVersion: string): ObjectView {
  return { ref: ref(name), uid: name, resourceVersion, state: 'running', status: 'Running', createdAtMs: 0, labels: {}, columns: [] };
}

const delta = (seq: number, fields: Omit<DeltaFrame, 'type' | 'seq'>): DeltaFrame => ({ type: 'delta', seq, ...fields });

function createSlowReader() {
  const sent: ServerMessage[] = [];
  const sink = { bufferedAmount: 0, send: (text: string) => void sent.push(JSON.parse(text) as ServerMessage) };
  const overruns: string[] = [];
  const outbox = new Outbox(sink, () => overruns.push('everything'));
  return { sent, sink, outbox, overruns };
}

test('each object appears once in a merged delta, in its newest state', () => {
  const merged = mergeDeltas(
    delta(1, { changed: [object('a', '1'), object('b', '1')], removed: [ref('c')] }),
    delta(2, { changed: [object('a', '2'), object('c', '2')], removed: [ref('b')] }),
  );
  expect({
    seq: merged.seq,
    changed: merged.changed?.map((one) => [one.ref.name, one.resourceVersion]),
    removed: merged.removed?.map(({ name }) => name),
  }).toEqual({
    seq: 2,
    changed: [
      ['a', '2'],
      ['c', '2'],
    ],
    removed: ['b'],
  });
});

test('a reader that keeps up gets every frame', () => {
  const { sent, outbox } = createSlowReader();
  for (const seq of [1, 2, 3]) outbox.send(delta(seq, { changed: [object('a', String(seq))] }));
  expect(sent).toHaveLength(3);
});

test('a slow reader gets one merged delta instead of a thousand, and no number goes backwards', () => {
  const { sent, sink, outbox } = createSlowReader();
  sink.bufferedAmount = 10_000_000;
  for (let seq = 1; seq <= 1000; seq++) {
    outbox.send(delta(seq, { changed: [object(`pod-${seq % 10}`, String(seq))] }));
    if (seq === 500) outbox.send({ type: 'terminal', seq, terminal: 't', data: 'x' });
  }
  outbox.flush();
  expect(sent).toEqual([]);
  sink.bufferedAmount = 0;
  outbox.flush();
  const numbers = sent.map((frame) => ('seq' in frame ? frame.seq : 0));
  expect({ numbers, objects: (sent[1] as DeltaFrame).changed?.length }).toEqual({ numbers: [500, 1000], objects: 10 });
});

test('a reader that is hopelessly slow gets the whole state once it reads again', () => {
  const { sent, sink, outbox, overruns } = createSlowReader();
  sink.bufferedAmount = 10_000_000;
  for (let seq = 1; seq <= 5000; seq++) outbox.send({ type: 'terminal', seq, terminal: 't', data: 'x' });
  sink.bufferedAmount = 0;
  outbox.flush();
  expect({ sent, overruns, isWaiting: outbox.isWaiting }).toEqual({ sent: [], overruns: ['everything'], isWaiting: false });
});

test('an answer is never held back', () => {
  const { sent, sink, outbox } = createSlowReader();
  sink.bufferedAmount = 10_000_000;
  outbox.send({ type: 'reply', id: 'r1', ok: true });
  expect(sent).toHaveLength(1);
});
