import { afterAll, expect, test } from 'vitest';
import { getDatabase, setDatabase } from '../db.ts';
import { parseEnvironment, setEnvironment } from '../env.ts';
import { createTestDatabase } from '../testing/test-database.ts';
import { getAuth } from './auth.ts';
import { readOrCreateSecret } from './secret.ts';
import { findViewerByHeaders } from './viewer.ts';

const storage = await createTestDatabase();
const folder = storage.file.replace('kube40.db', '');
setDatabase(storage.database);
setEnvironment(parseEnvironment({ DATABASE_URL: storage.url, KUBE40_DATA: folder, NODE_ENV: 'test' }));
afterAll(() => storage[Symbol.asyncDispose]());

const site = 'http://localhost:3000';

async function post(path: string, body: object, { cookie = '', origin = site, host = 'localhost:3000' } = {}) {
  const headers = { 'content-type': 'application/json', origin, host, ...(cookie && { cookie }) };
  const response = await getAuth().handler(new Request(`${site}/api/auth${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
  const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]!);
  return { status: response.status, cookie: cookies.join('; ') };
}

const ada = { name: 'Ada', email: 'ada@example.org', password: 'correct horse' };

test('a guest is let in with one click and known by the cookie', async () => {
  const { status, cookie } = await post('/sign-in/anonymous', {});
  const viewer = await findViewerByHeaders(new Headers({ cookie }));
  expect({ status, viewer }).toMatchObject({ status: 200, viewer: { isGuest: true, role: 'student', name: 'Guest', timeZone: 'UTC' } });
});

test('a guest who signs up keeps all work', async () => {
  const guest = await post('/sign-in/anonymous', {});
  const before = await findViewerByHeaders(new Headers({ cookie: guest.cookie }));
  await getDatabase().progress.create({ data: { userId: before!.id, dayId: 'day-05', item: 'lesson', doneAt: new Date() } });

  const signedUp = await post('/sign-up/email', ada, { cookie: guest.cookie });
  const after = await findViewerByHeaders(new Headers({ cookie: signedUp.cookie }));

  expect(after).toMatchObject({ isGuest: false, email: 'ada@example.org' });
  expect(await getDatabase().progress.findMany({ select: { userId: true, item: true } })).toEqual([{ userId: after!.id, item: 'lesson' }]);
});

test('nobody can choose a role, a wrong password is refused, and so is the page of another site', async () => {
  const grace = { ...ada, email: 'grace@example.org' };
  await post('/sign-up/email', { ...grace, role: 'admin' });
  const roles = await getDatabase().user.findMany({ where: { role: { not: 'student' } } });
  const wrong = await post('/sign-in/email', { email: ada.email, password: 'wrong horse' });
  const foreign = await post(
    '/sign-in/email',
    { email: ada.email, password: ada.password },
    { origin: 'https://evil.example', cookie: 'a=b' },
  );
  const right = await post('/sign-in/email', { email: ada.email, password: ada.password }, { cookie: 'a=b' });
  expect({ roles, wrong: wrong.status, foreign: foreign.status, right: right.status }).toEqual({
    roles: [],
    wrong: 401,
    foreign: 403,
    right: 200,
  });
});

test('the site works under whatever name its host gives it', async () => {
  const { status } = await post('/sign-in/email', ada, { origin: 'http://192.168.1.9:3000', host: '192.168.1.9:3000', cookie: 'a=b' });
  expect(status).toBe(200);
});

test('the secret is made once', () => {
  expect(readOrCreateSecret(folder)).toBe(readOrCreateSecret(folder));
  expect(readOrCreateSecret(folder).length).toBeGreaterThanOrEqual(32);
});
