import LibSql from 'libsql';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../testing/test-database.ts';
import { retryWhenBusy } from './retry.ts';

const student = { id: 'ada', name: 'Ada', email: 'ada@example.org' };

test('a database that stays locked ends in a clear error, and nothing is written', async () => {
  await using storage = await createTestDatabase({ lockWaitMs: 5 });
  const other = new LibSql(storage.file);
  other.exec('BEGIN IMMEDIATE');
  await expect(storage.database.user.create({ data: student })).rejects.toMatchObject({
    name: 'AppError',
    code: 'storageBusy',
    userMessage: expect.stringContaining('try again'),
  });
  other.exec('ROLLBACK');
  other.close();
  expect(await storage.database.user.count()).toBe(0);
});

test('a lock that goes away in time is not noticed', async () => {
  await using storage = await createTestDatabase({ lockWaitMs: 5 });
  const other = new LibSql(storage.file);
  other.exec('BEGIN IMMEDIATE');
  let tries = 0;
  const created = retryWhenBusy(async () => {
    tries += 1;
    if (tries === 2) other.exec('ROLLBACK');
    return storage.database.user.create({ data: student });
  }, [0, 0]);
  await expect(created).resolves.toMatchObject({ id: 'ada' });
  expect(tries).toBe(2);
  other.close();
});

test('a full disk ends in a clear error, what was there stays, and work goes on once there is room', async () => {
  await using storage = await createTestDatabase();
  await storage.database.user.create({ data: student });
  const pages = await storage.database.$queryRawUnsafe<{ page_count: bigint }[]>('PRAGMA page_count');
  await storage.database.$queryRawUnsafe(`PRAGMA max_page_count=${Number(pages[0]!.page_count) + 2}`);

  const large = storage.database.user.update({ where: { id: 'ada' }, data: { name: 'x'.repeat(1_000_000) } });
  await expect(large).rejects.toMatchObject({ code: 'storageFull', userMessage: expect.stringContaining('full') });
  expect(await storage.database.user.findMany({ select: { name: true } })).toEqual([{ name: 'Ada' }]);

  await storage.database.$queryRawUnsafe('PRAGMA max_page_count=1000000');
  await expect(storage.database.user.update({ where: { id: 'ada' }, data: { name: 'Grace' } })).resolves.toMatchObject({ name: 'Grace' });
});

test('an ordinary answer of the database is not dressed up as trouble', async () => {
  await using storage = await createTestDatabase();
  await storage.database.user.create({ data: student });
  await expect(storage.database.user.create({ data: student })).rejects.toMatchObject({ code: 'P2002' });
});
