import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import type { Viewer } from '../auth/viewer.ts';
import { actAs } from '../auth/viewer.ts';
import { DatabaseSessionStore } from '../clusters/database-session-store.ts';
import { WorkerClusterHost } from '../clusters/worker-cluster-host.ts';
import { startLab } from '../commands/start-lab.ts';
import { bundleWorker } from '../testing/bundle-worker.ts';
import { createTestServer } from '../testing/test-server.ts';
import { TestTab } from '../testing/test-tab.ts';
import { Gateway } from './gateway.ts';
import { maxFrameBytes } from './protocol.ts';

const storage = await createTestServer();
const worker = await bundleWorker('server/testing/counting-worker.ts');
const viewers = new Map<string, Viewer>();

async function startGateway() {
  const host = new WorkerClusterHost({
    script: worker.script,
    workers: 1,
    store: new DatabaseSessionStore(),
    hibernateAfterMs: 0,
    longestWorkMs: 800,
  });
  const gateway = new Gateway({ host, findViewer: async (headers) => viewers.get(headers.get('x-test-user') ?? '') });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => void gateway.upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
  const stop = async () => {
    gateway.close();
    await host.close();
    server.close();
  };
  return { url, stop };
}

const { url, stop } = await startGateway();
afterAll(async () => {
  await stop();
  worker[Symbol.dispose]();
  await storage[Symbol.asyncDispose]();
});

let students = 0;
async function createStudent() {
  students += 1;
  const user = `student-${students}`;
  const viewer = await storage.createViewer(user);
  viewers.set(user, viewer);
  const { session } = await actAs(viewer, () => startLab({ day: 5, lab: 'trace' }));
  return { user, session, open: () => TestTab.open(url, user) };
}

const apply = (text: string) => ({ type: 'apply', path: 'web.yaml', text }) as const;
const names = (objects: readonly { readonly ref: { readonly name: string }; readonly resourceVersion: string }[]) =>
  Object.fromEntries(objects.map(({ ref, resourceVersion }) => [ref.name, Number(resourceVersion)]));

test('turning the clock back shows every tab the cluster as it was, without what came later', async () => {
  const student = await createStudent();
  const [tab, other] = [await student.open(), await student.open()];
  await tab.enter(student.session);
  await other.enter(student.session);
  await tab.request(apply('add web'));
  const { clock } = await tab.until('delta', (frame) => (frame.clock?.timeline.length ?? 0) > 0);
  expect(await tab.request({ type: 'rewind', toMs: clock?.timeline[0]?.atMs ?? -1 })).toMatchObject({ ok: true });
  for (const { frames } of [tab, other]) {
    const states = () => frames.flatMap((frame) => (frame.type === 'state' ? [names(frame.objects)] : []));
    await expect.poll(states).toEqual([{}, {}]);
  }
});

test('a tab is welcomed with its files and the state, and sees what it does', async () => {
  const student = await createStudent();
  const tab = await student.open();
  const { welcome, state } = await tab.enter(student.session);
  expect({ files: welcome.files.map(({ path }) => path), objects: state.objects }).toEqual({
    files: ['web.yaml', 'notes.txt'],
    objects: [],
  });
  const reply = await tab.request(apply('add web'));
  expect(reply).toMatchObject({ ok: true, result: { kind: 'apply', apply: { lines: ['add web done'] } } });
  expect((await tab.until('delta', ({ changed }) => changed !== undefined)).changed?.[0]?.ref.name).toBe('web');
});

test('two tabs on one lab see the same, and the older edit of a file is not lost silently', async () => {
  const student = await createStudent();
  const [one, two] = [await student.open(), await student.open()];
  await one.enter(student.session);
  await two.enter(student.session);
  await one.request({ type: 'saveFile', path: 'web.yaml', text: 'from one', base: 1 });
  expect((await two.until('file')).file).toMatchObject({ text: 'from one', revision: 2 });
  const late = await two.request({ type: 'saveFile', path: 'web.yaml', text: 'from two', base: 1 });
  expect(late).toMatchObject({ ok: false, error: { code: 'stale' } });
  await one.request(apply('add web'));
  expect(names((await two.until('delta', ({ changed }) => changed !== undefined)).changed ?? [])).toEqual({ web: 1 });
});

test('a read-only file stays as it is', async () => {
  const student = await createStudent();
  const tab = await student.open();
  await tab.enter(student.session);
  const reply = await tab.request({ type: 'saveFile', path: 'notes.txt', text: 'x', base: 1 });
  expect(reply).toMatchObject({ ok: false, error: { code: 'invalid', userMessage: expect.stringContaining('another name') } });
});

test('a tab that lost its line gets what it missed, once and in order', async () => {
  const student = await createStudent();
  const [lost, other] = [await student.open(), await student.open()];
  const { welcome } = await lost.enter(student.session);
  await other.enter(student.session);
  const seq = Math.max(...lost.frames.map((frame) => ('seq' in frame ? frame.seq : 0)));
  lost.socket.terminate();
  await other.request(apply('add web'));

  const back = await student.open();
  back.hello(student.session, { epoch: welcome.epoch, seq });
  await back.until('delta', ({ changed }) => changed !== undefined);
  const numbers = back.frames.map((frame) => ('seq' in frame ? frame.seq : 0));
  expect({ first: numbers[0], isWelcomed: back.frames.some(({ type }) => type === 'welcome') }).toEqual({
    first: seq + 1,
    isWelcomed: false,
  });
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
});

test('a tab from before a restart gets everything anew', async () => {
  const student = await createStudent();
  const tab = await student.open();
  tab.hello(student.session, { epoch: 'of-another-life', seq: 40 });
  expect((await tab.until('state')).objects).toEqual([]);
});

test('everything is there after the last tab has gone and the cluster has slept', async () => {
  const student = await createStudent();
  const tab = await student.open();
  await tab.enter(student.session);
  await tab.request(apply('add web'));
  tab.send({ type: 'terminalInput', terminal: 't1', data: 'ls' });
  await tab.until('terminal');
  tab.socket.close();
  await tab.closed();

  const again = await (await student.open()).enter(student.session);
  expect({ objects: names(again.state.objects), terminals: again.welcome.terminals, file: again.welcome.files[0]?.text }).toEqual({
    objects: { web: 1 },
    terminals: [{ terminal: 't1', scrollback: 'echo ls\n' }],
    file: 'add web',
  });
});

test('a socket that is closed in the middle of an apply loses nothing', async () => {
  const student = await createStudent();
  const tab = await student.open();
  await tab.enter(student.session);
  tab.send({ ...apply('add web'), id: 'r1' });
  await new Promise<void>((resolve) => tab.socket.send(JSON.stringify({ type: 'ping', id: 'p' }), () => resolve()));
  tab.socket.terminate();

  const other = await student.open();
  const { state } = await other.enter(student.session);
  if (state.objects.length === 0) await other.until('delta', ({ changed }) => changed !== undefined);
  const again = await (await student.open()).enter(student.session);
  expect(names(again.state.objects)).toEqual({ web: 1 });
});

test('a graded attempt is kept and shown in every tab; a second one meanwhile is told to wait', async () => {
  const student = await createStudent();
  const [one, two] = [await student.open(), await student.open()];
  await one.enter(student.session);
  await two.enter(student.session);
  await one.request(apply('add web'));
  const replies = await Promise.all([one.request({ type: 'grade' }), one.request({ type: 'grade' })]);
  expect(replies).toMatchObject([
    { ok: true, result: { kind: 'grade', grade: { score: 1, attempt: 1 } } },
    { ok: false, error: { code: 'busy', userMessage: expect.stringContaining('being checked') } },
  ]);
  expect((await two.until('grade')).grade.score).toBe(1);
  const { welcome } = await (await student.open()).enter(student.session);
  expect(welcome.lastGrade).toMatchObject({ score: 1, attempt: 1 });
  expect(await storage.database.progress.findFirst({ where: { userId: `${student.user}-id` } })).toMatchObject({ score: 1, max: 1 });
});

test('starting over empties the lab in every tab, and can be undone', async () => {
  const student = await createStudent();
  const [one, two] = [await student.open(), await student.open()];
  await one.enter(student.session);
  await two.enter(student.session);
  await one.request(apply('add web'));
  two.frames.length = 0;
  expect(await one.request({ type: 'reset' })).toMatchObject({ ok: true });
  const fresh = { welcome: await two.until('welcome'), state: await two.until('state') };
  expect({ objects: fresh.state.objects, file: fresh.welcome.files[0]?.text, canUndo: fresh.welcome.canUndoReset }).toEqual({
    objects: [],
    file: 'kind: Pod\n',
    canUndo: true,
  });
  two.frames.length = 0;
  await one.request({ type: 'undoReset' });
  expect({ objects: names((await two.until('state')).objects), file: (await two.until('welcome')).files[0]?.text }).toEqual({
    objects: { web: 1 },
    file: 'add web',
  });
});

test('hints are counted', async () => {
  const student = await createStudent();
  const tab = await student.open();
  await tab.enter(student.session);
  expect(await tab.request({ type: 'useHint', check: 'deployed' })).toMatchObject({
    ok: true,
    result: { hints: ['Look at kind.'], remaining: 1 },
  });
  expect((await (await student.open()).enter(student.session)).welcome.hintsUsed).toEqual({ deployed: ['Look at kind.'] });
});

test('an input that never ends is refused in words, and the lab goes on', async () => {
  const student = await createStudent();
  const tab = await student.open();
  await tab.enter(student.session);
  await tab.request(apply('add web'));
  expect(await tab.request(apply('hang'))).toMatchObject({ ok: false, error: { code: 'overBudget' } });
  expect((await tab.until('notice')).text).toContain('taken back');
  expect(await tab.request(apply('add web'))).toMatchObject({ ok: true });
});

test('a database that is full is said where the person looks, nothing is lost, and work goes on once there is room', async () => {
  const student = await createStudent();
  const tab = await student.open();
  await tab.enter(student.session);
  await tab.request(apply('add web'));
  const pages = await storage.database.$queryRawUnsafe<{ page_count: bigint }[]>('PRAGMA page_count');
  await storage.database.$queryRawUnsafe(`PRAGMA max_page_count=${Number(pages[0]!.page_count) + 2}`);
  const refused = await tab.request({ type: 'saveFile', path: 'large.yaml', text: 'x'.repeat(500_000), base: 0 });
  await storage.database.$queryRawUnsafe('PRAGMA max_page_count=1000000');
  expect(refused).toMatchObject({ ok: false, error: { code: 'storage', userMessage: expect.stringContaining('full') } });
  expect(await tab.request(apply('add web'))).toMatchObject({ ok: true });
  const { welcome, state } = await (await student.open()).enter(student.session);
  expect({ objects: names(state.objects), files: welcome.files.map(({ path }) => path) }).toEqual({
    objects: { web: 2 },
    files: ['web.yaml', 'notes.txt'],
  });
});

test.each([
  ['not JSON', '{'],
  ['an unknown type', '{"type":"launch"}'],
  ['a field too many', '{"type":"ping","id":"a","extra":1}'],
  ['a path out of the workspace', '{"type":"saveFile","id":"a","path":"../../etc/passwd","text":"","base":0}'],
])('%s is answered, and the line stays', async (_, text) => {
  const student = await createStudent();
  const tab = await student.open();
  await tab.enter(student.session);
  tab.sendRaw(text);
  expect((await tab.until('error')).error.code).toBe('badMessage');
  expect(await tab.request({ type: 'ping' })).toMatchObject({ ok: true });
});

test('a tab that sends nothing but nonsense is shown the door', async () => {
  const student = await createStudent();
  const tab = await student.open();
  const closed = tab.closed();
  for (let i = 0; i < 25; i++) tab.sendRaw('nonsense');
  expect(await closed).toBe(1008);
});

test('a frame that is too large ends the line with the code for it, and nobody else notices', async () => {
  const student = await createStudent();
  const [large, other] = [await student.open(), await student.open()];
  await large.enter(student.session);
  await other.enter(student.session);
  const closed = large.closed();
  large.sendRaw(JSON.stringify({ ...apply('x'.repeat(maxFrameBytes)), id: 'r1' }));
  expect(await closed).toBe(1009);
  expect(await other.request({ type: 'ping' })).toMatchObject({ ok: true });
});

test('an old page is told to reload', async () => {
  const student = await createStudent();
  const tab = await student.open();
  tab.send({ type: 'hello', protocol: 0, session: student.session });
  expect((await tab.until('error')).error).toMatchObject({ code: 'oldProtocol', userMessage: expect.stringContaining('Reload') });
});

test("nobody enters without an account, or somebody else's lab", async () => {
  const [owner, other] = [await createStudent(), await createStudent()];
  const stranger = await TestTab.open(url, 'nobody');
  stranger.hello(owner.session);
  expect((await stranger.until('error')).error.code).toBe('notSignedIn');
  const ownerTab = await owner.open();
  await ownerTab.enter(owner.session);
  const otherTab = await other.open();
  otherTab.hello(owner.session);
  expect((await otherTab.until('error')).error.code).toBe('noSession');
});

test('the page of another site cannot open a line', async () => {
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(url, { headers: { 'x-test-user': 'student-1', origin: 'https://evil.example' } });
  const [error] = (await once(socket, 'error')) as [Error];
  expect(error.message).toContain('403');
});
