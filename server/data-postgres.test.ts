import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { dataCases } from './data.case.ts';
import { migrate, openDatabase } from './database/open-database.ts';

// `npm test` starts a PostgreSQL where the machine has one, and says loudly when it has none.
const serverUrl = process.env['KUBE40_TEST_POSTGRES_URL'];

async function createDatabase(server: string): Promise<string> {
  const name = `kube40_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return Object.assign(new URL(server), { pathname: `/${name}` }).toString();
}

if (serverUrl === undefined) {
  describe.skipIf(serverUrl === undefined)('PostgreSQL (no server: KUBE40_TEST_POSTGRES_URL is not set)', () => {
    dataCases(() => {
      throw new Error('skipped');
    });
  });
} else {
  const url = await createDatabase(serverUrl);
  // Three at once, as when several servers start together: the lock lets one apply, the others find nothing to do.
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  const database = openDatabase(url);
  afterAll(() => database.$disconnect());

  test('three servers that start at once migrate once', () => {
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  });
  dataCases(() => database);
}
