import { expect, test } from 'vitest';
import type { FileView } from '../../server/gateway/protocol.ts';
import type { Reply, Request } from '../_session/session-client.ts';
import { DraftKeeper } from './draft-keeper.ts';

function createBench() {
  const requests: { readonly message: Request; readonly answer: (reply: Reply) => Promise<void> }[] = [];
  const timers = new Set<() => void>();
  const keeper = new DraftKeeper({
    nowMs: () => 7,
    request: (message) =>
      new Promise((resolve) => {
        requests.push({
          message,
          async answer(reply) {
            resolve(reply);
            await Promise.resolve();
            await Promise.resolve();
          },
        });
      }),
    after(_delayMs, run) {
      timers.add(run);
      return () => timers.delete(run);
    },
  });
  function runTimers(): void {
    for (const run of [...timers]) {
      timers.delete(run);
      run();
    }
  }
  return { keeper, requests, runTimers };
}

function file(text: string, revision: number): FileView {
  return { path: 'a.yaml', text, revision, readOnly: false };
}

function filesOf(...files: FileView[]): ReadonlyMap<string, FileView> {
  return new Map(files.map((one) => [one.path, one]));
}

const saved = (revision: number): Reply => ({ ok: true, result: { kind: 'saved', revision, savedAt: '' } });

test('saves once after a pause in typing, from the revision it started with', async () => {
  const { keeper, requests, runTimers } = createBench();
  keeper.receive(filesOf(file('a', 3)));
  keeper.edit('a.yaml', 'ab');
  keeper.edit('a.yaml', 'abc');
  runTimers();
  expect(requests.map(({ message }) => message)).toEqual([{ type: 'saveFile', path: 'a.yaml', text: 'abc', base: 3 }]);
  await requests[0]?.answer(saved(4));
  expect(keeper.drafts.get().get('a.yaml')).toMatchObject({ status: 'saved', base: 4, savedAtMs: 7 });
});

test('what was typed while a save was on its way is saved next', async () => {
  const { keeper, requests, runTimers } = createBench();
  keeper.receive(filesOf(file('a', 1)));
  keeper.edit('a.yaml', 'ab');
  runTimers();
  keeper.edit('a.yaml', 'abc');
  await requests[0]?.answer(saved(2));
  runTimers();
  expect(requests[1]?.message).toEqual({ type: 'saveFile', path: 'a.yaml', text: 'abc', base: 2 });
});

test('the echo of its own save is not a conflict', () => {
  const { keeper, runTimers } = createBench();
  keeper.receive(filesOf(file('a', 1)));
  keeper.edit('a.yaml', 'ab');
  runTimers();
  keeper.edit('a.yaml', 'abc');
  keeper.receive(filesOf(file('ab', 2)));
  expect(keeper.drafts.get().get('a.yaml')).toMatchObject({ text: 'abc', base: 2, theirs: undefined });
});

test("an untouched file follows another tab's edit", () => {
  const { keeper } = createBench();
  keeper.receive(filesOf(file('a', 1)));
  keeper.receive(filesOf(file('theirs', 2)));
  expect(keeper.drafts.get().get('a.yaml')).toMatchObject({ text: 'theirs', base: 2, status: 'saved' });
});

test("another tab's edit of a file that was edited here is a conflict, and both texts are kept", () => {
  const { keeper } = createBench();
  keeper.receive(filesOf(file('a', 1)));
  keeper.edit('a.yaml', 'mine');
  keeper.receive(filesOf(file('theirs', 2)));
  expect(keeper.drafts.get().get('a.yaml')).toMatchObject({ text: 'mine', status: 'conflict', theirs: { text: 'theirs' } });
});

test.each([
  { keep: 'mine', text: 'mine', sent: [{ type: 'saveFile', path: 'a.yaml', text: 'mine', base: 2 }] },
  { keep: 'theirs', text: 'theirs', sent: [] },
] as const)('a conflict resolved with $keep', ({ keep, text, sent }) => {
  const { keeper, requests } = createBench();
  keeper.receive(filesOf(file('a', 1)));
  keeper.edit('a.yaml', 'mine');
  keeper.receive(filesOf(file('theirs', 2)));
  keeper.resolve('a.yaml', keep);
  expect(keeper.drafts.get().get('a.yaml')).toMatchObject({ text, base: 2, theirs: undefined });
  expect(requests.map(({ message }) => message)).toEqual(sent);
});

test('a save that failed is tried again when the line is back', async () => {
  const { keeper, requests, runTimers } = createBench();
  keeper.receive(filesOf(file('a', 1)));
  keeper.edit('a.yaml', 'ab');
  runTimers();
  await requests[0]?.answer({ ok: false, error: { code: 'busy', userMessage: 'lost' } });
  expect(keeper.drafts.get().get('a.yaml')).toMatchObject({ status: 'failed', text: 'ab' });
  keeper.flush();
  expect(requests[1]?.message).toMatchObject({ type: 'saveFile', text: 'ab', base: 1 });
});

test('a file that another tab removed is gone here too', () => {
  const { keeper } = createBench();
  keeper.receive(filesOf(file('a', 1)));
  keeper.receive(new Map());
  expect(keeper.drafts.get().size).toBe(0);
});
