import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { pendingChanges } from '../../scripts/migration.mjs';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { migrateSqlite } from './migrate-sqlite.ts';

test('the migrations of both databases end at the models of prisma/schema.prisma', async () => {
  const changes = await pendingChanges();
  expect(changes.map(({ database, sql }) => ({ database, sql }))).toEqual([
    { database: 'sqlite', sql: '' },
    { database: 'postgres', sql: '' },
  ]);
});

function copyMigrations(folder: string): string {
  const target = path.join(folder, 'migrations');
  cpSync('prisma/migrations/sqlite', target, { recursive: true });
  return target;
}

test('a migration is applied once', () => {
  using folder = createTemporaryFolder();
  const file = path.join(folder.path, 'a.db');
  const first = migrateSqlite(file, 'prisma/migrations/sqlite');
  expect({ first: first.length > 0, second: migrateSqlite(file, 'prisma/migrations/sqlite') }).toEqual({ first: true, second: [] });
});

test('a migration that fails half-way changes nothing', () => {
  using folder = createTemporaryFolder();
  const migrations = copyMigrations(folder.path);
  const file = path.join(folder.path, 'a.db');
  migrateSqlite(file, migrations);
  mkdirSync(path.join(migrations, '99999999999999_bad'));
  writeFileSync(path.join(migrations, '99999999999999_bad/migration.sql'), 'CREATE TABLE "half" ("id" TEXT);\nCREATE TABLE nonsense (;\n');
  expect(() => migrateSqlite(file, migrations)).toThrow();
  const database = new Database(file);
  expect(database.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").all()).toEqual([]);
  database.close();
});

test('a migration that was edited after it had been applied is refused', () => {
  using folder = createTemporaryFolder();
  const migrations = copyMigrations(folder.path);
  const file = path.join(folder.path, 'a.db');
  const [name] = migrateSqlite(file, migrations);
  writeFileSync(path.join(migrations, name!, 'migration.sql'), '-- edited\n');
  expect(() => migrateSqlite(file, migrations)).toThrow(`migration ${name} was edited after it was applied`);
});
