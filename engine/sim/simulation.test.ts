import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantLatency, latencyOf, realisticLatency } from './latency.ts';
import { copyPlain, decodePlain, encodePlain } from './plain.ts';
import { formatMicroTime, formatTime, parseTime, Simulation, type SimulationState } from './simulation.ts';

function start(seed = 1, now = 1000): Simulation {
  return new Simulation(Simulation.initialState(seed, now));
}

/** Takes every timer and tells which they were and when. */
function drain(sim: Simulation): string[] {
  const taken: string[] = [];
  for (let timer = sim.take(); timer; timer = sim.take()) taken.push(`${timer.process}/${timer.key}@${sim.now}`);
  return taken;
}

test('[SIM-1] timers run in the order of their dates, and of their setting when due together', () => {
  const sim = start();
  sim.setTimer('a', 'late', 20);
  sim.setTimer('b', 'soon', 10);
  sim.setTimer('a', 'soon', 10);
  sim.setTimer('a', 'now', 0);
  expect(drain(sim)).toEqual(['a/now@1000', 'b/soon@1010', 'a/soon@1010', 'a/late@1020']);
  expect(sim.take()).toBeUndefined();
});

test('[SIM-2] a timer replaces the one of its name, and cancelled timers never run', () => {
  const sim = start();
  sim.setTimer('a', 'x', 10);
  sim.setTimer('a', 'x', 30);
  sim.setTimer('a', 'y', 20);
  sim.setTimer('b', 'x', 20);
  sim.cancelTimer('a', 'y');
  expect(sim.timerDue('a', 'x')).toBe(1030);
  expect(sim.timerDue('a', 'y')).toBeUndefined();
  expect(drain(sim)).toEqual(['b/x@1020', 'a/x@1030']);
  sim.setTimer('a', 'x', 1);
  sim.setTimer('b', 'x', 1);
  sim.cancelTimers('a');
  expect(drain(sim)).toEqual(['b/x@1031']);
});

test('[SIM-1] the queue does what a sorted list would, whatever is set, replaced, cancelled and taken', () => {
  const operation = fc.oneof(
    fc.record({ type: fc.constant('set' as const), key: fc.integer({ min: 0, max: 9 }), delay: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ type: fc.constant('cancel' as const), key: fc.integer({ min: 0, max: 9 }) }),
    fc.record({ type: fc.constant('take' as const) }),
    fc.record({ type: fc.constant('restore' as const) }),
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
      let sim = start();
      let model: { readonly key: string; readonly due: number; readonly seq: number }[] = [];
      for (const [seq, step] of operations.entries()) {
        if (step.type === 'set') {
          model = [...model.filter(({ key }) => key !== String(step.key)), { key: String(step.key), due: sim.now + step.delay, seq }];
          sim.setTimer('p', String(step.key), step.delay);
        } else if (step.type === 'cancel') {
          model = model.filter(({ key }) => key !== String(step.key));
          sim.cancelTimer('p', String(step.key));
        } else if (step.type === 'restore') {
          sim = new Simulation(decodePlain(encodePlain(sim.state)) as SimulationState);
        } else {
          model.sort((a, b) => a.due - b.due || a.seq - b.seq);
          expect(sim.take()?.key).toBe(model.shift()?.key);
        }
      }
    }),
  );
});

test('[SIM-3] equal seeds give equal chances, and other seeds others', () => {
  const draw = (seed: number): readonly unknown[] => {
    const sim = start(seed);
    return [sim.random(), sim.randomInt(1000), sim.uid(), sim.suffix()];
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('[SIM-3] identifiers and suffixes have the shapes of their kinds', () => {
  const sim = start(3);
  for (let i = 0; i < 200; i++) {
    expect(sim.uid()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(sim.suffix()).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    const value = sim.random();
    expect(value >= 0 && value < 1).toBe(true);
  }
});

test('[SIM-4] a copy and a written-down state go on as the original does', () => {
  const original = start(5);
  for (let i = 0; i < 20; i++) original.setTimer('p', String(i), original.randomInt(100), { payload: { i } });
  original.take();
  const copies = [copyPlain(original.state), decodePlain(encodePlain(original.state)) as SimulationState].map(
    (state) => new Simulation(state),
  );
  const expected = [...drain(original), original.uid()];
  for (const copy of copies) expect([...drain(copy), copy.uid()]).toEqual(expected);
});

test('[SIM-4] a timer carries the cause and the payload of the moment in which it was set', () => {
  const sim = start();
  sim.cause = 42;
  sim.setTimer('p', 'k', 5, { payload: { name: 'web' } });
  sim.cause = 7;
  expect(sim.take()).toMatchObject({ cause: 42, payload: { name: 'web' } });
  expect(sim.cause).toBe(42);
});

test('[SIM-5] periodic work does not keep a cluster from being settled', () => {
  const sim = start();
  sim.setTimer('p', 'tick', 10, { periodic: true });
  expect(sim.isSettled).toBe(true);
  sim.setTimer('p', 'work', 20);
  expect(sim.isSettled).toBe(false);
  sim.cancelTimer('p', 'work');
  expect(sim.isSettled).toBe(true);
});

test('[SIM-5] the clock never goes back and never skips what is due', () => {
  const sim = start();
  sim.setTimer('p', 'k', 10);
  expect(() => sim.skipTo(1011)).toThrow('sim: skipped over a due timer');
  sim.skipTo(1010);
  sim.skipTo(500);
  expect(sim.now).toBe(1010);
  expect(() => sim.setTimer('p', 'k', -1)).toThrow('sim: timer p k with delay -1');
  expect(() => sim.setTimer('p', 'k', Number.POSITIVE_INFINITY)).toThrow('with delay Infinity');
});

test('[SIM-6] times are written and read as the calendar has them', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2399, 11, 31) }), (ms) => {
      const text = new Date(ms).toISOString();
      expect(formatTime(ms)).toBe(`${text.slice(0, 19)}Z`);
      expect(formatMicroTime(ms)).toBe(`${text.slice(0, 23)}000Z`);
      expect(parseTime(text)).toBe(ms);
    }),
  );
});

test.each([
  ['2026-01-05T09:00:00+02:00', Date.UTC(2026, 0, 5, 7)],
  ['2026-01-05T09:00:00.123456Z', Date.UTC(2026, 0, 5, 9) + 123.456],
  ['2026-01-05', undefined],
  ['2026-13-05T09:00:00Z', undefined],
  ['yesterday', undefined],
])('[SIM-6] %s is read as %s', (text, ms) => {
  expect(parseTime(text)).toBe(ms);
});

/** State as the engine keeps it: plain data with maps and sets, parts of it frozen. */
const plain = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('$r', '$m', '$s', '$$r')).filter((key) => key !== '__proto__'),
      tie('node'),
      { maxKeys: 4, noNullPrototype: true },
    ),
    fc.array(fc.tuple(fc.string({ maxLength: 4 }), tie('node')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 }).map((items) => new Set(items)),
    fc
      .dictionary(
        fc.string({ minLength: 1, maxLength: 4 }).filter((key) => key !== '__proto__'),
        fc.integer(),
        { maxKeys: 4, noNullPrototype: true },
      )
      .map((fields) => Object.freeze(fields)),
  ),
})).node;

test('[SIM-7] any state is the same after being copied, and after being written and read', () => {
  fc.assert(
    fc.property(plain, (state) => {
      expect(copyPlain(state)).toEqual(state);
      expect(decodePlain(encodePlain(state))).toEqual(state);
    }),
  );
});

test('[SIM-7] frozen parts are shared between copies, and shared again after being read', () => {
  const shared = Object.freeze({ name: 'web' });
  const state = { a: shared, list: [1], b: new Map([['x', shared]]) };
  const copy = copyPlain(state);
  expect(copy.a).toBe(shared);
  expect(copy.list).not.toBe(state.list);
  const read = decodePlain(encodePlain(state)) as typeof state;
  expect(read.b.get('x')).toBe(read.a);
  expect(Object.isFrozen(read.a)).toBe(true);
});

test('[SIM-8] instant latencies are zero; realistic ones are whole milliseconds within base and spread', () => {
  const sim = start(9);
  for (const [name, { baseMs, spreadMs }] of Object.entries(realisticLatency.latencies)) {
    expect(latencyOf(instantLatency, name, () => sim.random())).toBe(0);
    for (let i = 0; i < 50; i++) {
      const ms = latencyOf(realisticLatency, name, () => sim.random());
      expect(ms >= baseMs && ms <= baseMs + spreadMs && Number.isInteger(ms)).toBe(true);
    }
  }
});
