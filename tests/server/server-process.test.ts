import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { actAs } from '../../server/auth/viewer.ts';
import { startLab } from '../../server/commands/start-lab.ts';
import { setContent } from '../../server/content.ts';
import { openDatabase } from '../../server/database/open-database.ts';
import { setDatabase } from '../../server/db.ts';
import { createTemporaryFolder } from '../../server/testing/temporary-folder.ts';
import { testCourse } from '../../server/testing/test-course.ts';
import { TestTab } from '../../server/testing/test-tab.ts';
import type { ServerProcess } from './server-process.ts';
import { bundleServer, startServerProcess } from './server-process.ts';

mkdirSync('node_modules/.kube40', { recursive: true });
const bundles = mkdtempSync(path.resolve('node_modules/.kube40/test-server-'));
const script = await bundleServer(bundles);
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

async function startAsGuest(server: ServerProcess): Promise<string> {
  const headers = { 'content-type': 'application/json', origin: server.url };
  const response = await fetch(`${server.url}/api/auth/sign-in/anonymous`, { method: 'POST', headers, body: '{}' });
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}

/** Does what the "Start" button of a lab does, from outside of the process. */
async function startLabFor(dataFolder: string): Promise<string> {
  const database = openDatabase(`file:${path.join(dataFolder, 'kube40.db')}`);
  setDatabase(database);
  setContent(testCourse);
  const { id, name } = await database.user.findFirstOrThrow();
  const { session } = await actAs({ id, name, role: 'student', isGuest: true, timeZone: 'UTC' }, () => startLab({ day: 5, lab: 'trace' }));
  await database.$disconnect();
  return session;
}

const openTab = (server: ServerProcess, cookie: string) =>
  TestTab.connect(new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { headers: { cookie } }));
const add = (name: string) => ({ type: 'apply', path: 'web.yaml', text: `add ${name}` }) as const;

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'after %s everything that was answered is there again, and the guest is still known',
  async (signal) => {
    using folder = createTemporaryFolder();
    const first = await startServerProcess({ script, dataFolder: folder.path });
    const cookie = await startAsGuest(first);
    const session = await startLabFor(folder.path);
    const tab = await openTab(first, cookie);
    await tab.enter(session);
    for (let i = 0; i < 5; i++) await tab.request(add('web'));
    await tab.request({ type: 'saveFile', path: 'mine.yaml', text: 'kind: Service\n', base: 0 });
    const code = await first.kill(signal);

    const second = await startServerProcess({ script, dataFolder: folder.path });
    const { welcome, state } = await (await openTab(second, cookie)).enter(session);
    await second.kill('SIGKILL');
    expect({
      code,
      objects: state.objects.map(({ ref, resourceVersion }) => `${ref.name} ${resourceVersion}`),
      files: welcome.files.map(({ path: file, text }) => `${file}: ${text}`),
    }).toEqual({
      code: signal === 'SIGTERM' ? 0 : null,
      objects: ['web 5'],
      files: ['web.yaml: add web', 'notes.txt: Read me.\n', 'mine.yaml: kind: Service\n'],
    });
  },
);

test('a port that is taken is said in words', async () => {
  using folder = createTemporaryFolder();
  using other = createTemporaryFolder();
  const first = await startServerProcess({ script, dataFolder: folder.path });
  const port = Number(new URL(first.url).port);
  await expect(startServerProcess({ script, dataFolder: other.path, port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
  await first.kill('SIGKILL');
});
