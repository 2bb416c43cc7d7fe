import { describe, expect, test } from 'vitest';
import type { Database } from './database/open-database.ts';

/** What the product asks of a database; every database that we support runs all of it. */
export function dataCases(open: () => Database): void {
  let serial = 0;

  async function createStudent(database: Database) {
    serial += 1;
    const id = `student-${serial}`;
    await database.user.create({ data: { id, name: 'Ada', email: `${id}@example.org` } });
    return id;
  }

  async function createLabSession(database: Database, userId: string) {
    const hash = `lab-hash-${userId}`;
    await database.lab.create({ data: { hash, dayId: 'day-05', labId: 'trace', title: 'Trace', content: '{}' } });
    return database.labSession.create({
      data: { userId, dayId: 'day-05', labId: 'trace', labHash: hash, spec: '{}', seed: 7, engineVersion: '1' },
      select: { id: true },
    });
  }

  describe('data', () => {
    test('an address belongs to one account', async () => {
      const database = open();
      const id = await createStudent(database);
      const again = database.user.create({ data: { id: `${id}-2`, name: 'Eve', email: `${id}@example.org` } });
      await expect(again).rejects.toMatchObject({ code: 'P2002' });
    });

    test('a snapshot, a large file and an instant come back as they went in', async () => {
      const database = open();
      const { id } = await createLabSession(database, await createStudent(database));
      const snapshot = Uint8Array.from({ length: 100_000 }, (_, position) => position % 256);
      const files = JSON.stringify({ 'a.yaml': 'ä€🚀\n'.repeat(100_000) });
      const endedAt = new Date('2026-03-01T12:34:56.789Z');
      await database.labSession.update({ where: { id }, data: { snapshot, files, endedAt } });

      const found = await database.labSession.findUniqueOrThrow({ where: { id } });
      expect(Buffer.from(found.snapshot!).equals(Buffer.from(snapshot))).toBe(true);
      expect(found.files === files).toBe(true);
      expect(found.endedAt).toEqual(endedAt);
    });

    test('two openings of the same lab at once make one session', async () => {
      const database = open();
      const userId = await createStudent(database);
      const { id } = await createLabSession(database, userId);
      const second = database.labSession.create({
        data: { userId, dayId: 'day-05', labId: 'trace', labHash: `lab-hash-${userId}`, spec: '{}', seed: 8, engineVersion: '1' },
      });
      await expect(second).rejects.toMatchObject({ code: 'P2002' });
      expect(await database.labSession.findMany({ where: { userId }, select: { id: true } })).toEqual([{ id }]);
    });

    test('the input log keeps its order and refuses a number twice', async () => {
      const database = open();
      const { id } = await createLabSession(database, await createStudent(database));
      for (const number of [2, 1, 3]) await database.labInput.create({ data: { labSessionId: id, number, input: `${number}` } });
      await expect(database.labInput.create({ data: { labSessionId: id, number: 2, input: 'other' } })).rejects.toMatchObject({
        code: 'P2002',
      });
      const tail = await database.labInput.findMany({ where: { labSessionId: id, number: { gt: 1 } }, orderBy: { number: 'asc' } });
      expect(tail.map(({ input }) => input)).toEqual(['2', '3']);
    });

    test('a transaction that fails leaves nothing behind', async () => {
      const database = open();
      const userId = await createStudent(database);
      const failing = database.$transaction(async (transaction) => {
        await transaction.progress.create({ data: { userId, dayId: 'day-05', item: 'lesson' } });
        throw new Error('in the middle');
      });
      await expect(failing).rejects.toThrow('in the middle');
      expect(await database.progress.count({ where: { userId } })).toBe(0);
    });

    test('fifty increments at once all count', async () => {
      const database = open();
      const { id } = await createLabSession(database, await createStudent(database));
      const increment = () => database.labSession.update({ where: { id }, data: { revision: { increment: 1 } } });
      await Promise.all(Array.from({ length: 50 }, increment));
      expect((await database.labSession.findUniqueOrThrow({ where: { id } })).revision).toBe(50);
    });

    test('progress is written once per item and then updated', async () => {
      const database = open();
      const userId = await createStudent(database);
      for (const score of [3, 5]) {
        await database.progress.upsert({
          where: { userId_dayId_item: { userId, dayId: 'day-05', item: 'lab:trace' } },
          create: { userId, dayId: 'day-05', item: 'lab:trace', score, max: 5 },
          update: { score },
        });
      }
      expect(await database.progress.findMany({ where: { userId }, select: { score: true, max: true } })).toEqual([{ score: 5, max: 5 }]);
    });

    test("an account takes its work with it, and leaves the auditors' record", async () => {
      const database = open();
      const userId = await createStudent(database);
      const { id } = await createLabSession(database, userId);
      await database.labInput.create({ data: { labSessionId: id, number: 1, input: '{}' } });
      const attempt = await database.attempt.create({
        data: {
          userId,
          labSessionId: id,
          dayId: 'day-05',
          labId: 'trace',
          labHash: `lab-hash-${userId}`,
          engineVersion: '1',
          seed: 7,
          inputCount: 1,
          score: 1,
          max: 2,
          checks: { create: [{ checkId: 'a', position: 0, status: 'pass', points: 1, max: 1, detail: '{}' }] },
        },
      });
      await database.auditEntry.create({ data: { actorId: userId, action: 'test', subject: userId } });

      await database.user.delete({ where: { id: userId } });

      const left = {
        inputs: await database.labInput.count({ where: { labSessionId: id } }),
        attempts: await database.attempt.count({ where: { userId } }),
        checks: await database.checkResult.count({ where: { attemptId: attempt.id } }),
        audit: await database.auditEntry.findMany({ where: { subject: userId }, select: { actorId: true, action: true } }),
      };
      expect(left).toEqual({ inputs: 0, attempts: 0, checks: 0, audit: [{ actorId: null, action: 'test' }] });
    });
  });
}
