import { expect, test } from 'vitest';
import type { ClientMessage, ServerMessage } from '../../server/gateway/protocol.ts';
import { createSessionClient, type SessionClient, type Wire, type WireEvents } from './session-client.ts';

/** A wire whose both ends the test holds. */
class FakeWire implements Wire {
  readonly sent: ClientMessage[] = [];
  readonly events: WireEvents;
  constructor(events: WireEvents) {
    this.events = events;
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientMessage);
  }
  close(): void {
    this.events.closed();
  }
  receive(message: ServerMessage): void {
    this.events.received(JSON.stringify(message));
  }
}

interface Bench {
  readonly client: SessionClient;
  readonly wires: FakeWire[];
  readonly timers: { readonly delayMs: number; readonly run: () => void }[];
}

function createBench(maxFrameBytes = 10_000): Bench {
  const wires: FakeWire[] = [];
  const timers: { delayMs: number; run: () => void }[] = [];
  const client = createSessionClient({
    session: 's1',
    protocol: 1,
    maxFrameBytes,
    nowMs: () => 0,
    chance: () => 1,
    openWire(events) {
      const wire = new FakeWire(events);
      wires.push(wire);
      return wire;
    },
    after(delayMs, run) {
      const timer = { delayMs, run };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
  });
  return { client, wires, timers };
}

function wireOf(bench: Bench, index = 0): FakeWire {
  const wire = bench.wires[index];
  if (!wire) throw new Error(`no wire ${index}`);
  return wire;
}

const welcome: ServerMessage = {
  type: 'welcome',
  protocol: 1,
  epoch: 'e1',
  seq: 10,
  session: 's1',
  files: [],
  terminals: [],
  hintsUsed: {},
  canUndoReset: false,
  tabs: 1,
};

test('says hello without a resume point on the first connection', () => {
  const bench = createBench();
  wireOf(bench).events.opened();
  expect(wireOf(bench).sent).toEqual([{ type: 'hello', protocol: 1, session: 's1' }]);
});

test('resumes after the last applied frame when the line comes back', () => {
  const bench = createBench();
  wireOf(bench).events.opened();
  wireOf(bench).receive(welcome);
  wireOf(bench).receive({ type: 'notice', seq: 11, level: 'info', text: 'hello' });
  wireOf(bench).events.closed();
  expect(bench.client.getState().connection).toEqual({ status: 'reconnecting', attempt: 1, retryAtMs: 500 });
  bench.timers[0]?.run();
  wireOf(bench, 1).events.opened();
  expect(wireOf(bench, 1).sent[0]).toEqual({ type: 'hello', protocol: 1, session: 's1', resume: { epoch: 'e1', seq: 11 } });
});

test('a resumed connection is live with its first frame and ignores frames it already has', () => {
  const bench = createBench();
  wireOf(bench).events.opened();
  wireOf(bench).receive(welcome);
  wireOf(bench).events.closed();
  bench.timers[0]?.run();
  wireOf(bench, 1).events.opened();
  wireOf(bench, 1).receive({ type: 'notice', seq: 10, level: 'info', text: 'old' });
  wireOf(bench, 1).receive({ type: 'notice', seq: 11, level: 'info', text: 'new' });
  expect(bench.client.getState().connection).toEqual({ status: 'live' });
  expect(bench.client.getState().notices.map((notice) => notice.text)).toEqual(['new']);
});

test('waits longer after each failure, at most fifteen seconds', () => {
  const bench = createBench();
  for (let index = 0; index < 7; index++) {
    wireOf(bench, index).events.closed();
    bench.timers[index]?.run();
  }
  expect(bench.timers.map((timer) => timer.delayMs)).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
});

test('a reply settles the request that asked', async () => {
  const bench = createBench();
  wireOf(bench).events.opened();
  const first = bench.client.request({ type: 'grade' });
  const second = bench.client.request({ type: 'stepClock' });
  wireOf(bench).receive({ type: 'reply', id: 'r2', ok: true });
  wireOf(bench).receive({ type: 'reply', id: 'r1', ok: false, error: { code: 'busy', userMessage: 'A check is running.' } });
  expect(await second).toEqual({ ok: true, result: undefined });
  expect(await first).toEqual({ ok: false, error: { code: 'busy', userMessage: 'A check is running.' } });
});

test('a request that is too large is answered here and never sent', async () => {
  const bench = createBench(100);
  wireOf(bench).events.opened();
  const reply = await bench.client.request({ type: 'apply', path: 'a.yaml', text: 'x'.repeat(200) });
  expect(reply).toMatchObject({ ok: false, error: { code: 'tooLarge' } });
  expect(wireOf(bench).sent).toHaveLength(1);
});

test('a lost line settles what is waiting, so that no button hangs', async () => {
  const bench = createBench();
  wireOf(bench).events.opened();
  const reply = bench.client.request({ type: 'grade' });
  wireOf(bench).events.closed();
  expect(await reply).toMatchObject({ ok: false, error: { code: 'busy' } });
});

test('a final refusal stops the retries', () => {
  const bench = createBench();
  wireOf(bench).events.opened();
  wireOf(bench).receive({ type: 'error', error: { code: 'oldProtocol', userMessage: 'Reload the page.' } });
  expect(bench.client.getState().connection).toMatchObject({ status: 'refused' });
  expect(bench.timers).toHaveLength(0);
});

test('terminal output reaches a late listener once', () => {
  const bench = createBench();
  wireOf(bench).events.opened();
  wireOf(bench).receive({ ...welcome, terminals: [{ terminal: 't1', scrollback: '$ ' }] });
  wireOf(bench).receive({ type: 'terminal', seq: 11, terminal: 't1', data: 'ls' });
  wireOf(bench).receive({ type: 'terminal', seq: 11, terminal: 't1', data: 'ls' });
  const seen: string[] = [];
  bench.client.onTerminal('t1', (data) => seen.push(data));
  wireOf(bench).receive({ type: 'terminal', seq: 12, terminal: 't1', data: '\r\n' });
  expect(seen).toEqual(['$ ls', '\r\n']);
});
