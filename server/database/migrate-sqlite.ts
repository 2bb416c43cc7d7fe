import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import type { AppliedMigration } from './migrations.ts';
import { migrationsTable, pendingMigrations, readMigrations, selectApplied } from './migrations.ts';

const lockWaitMs = 20_000;

/** Brings the file to the newest schema, all or nothing; several processes at once apply each migration once. */
export function migrateSqlite(file: string, folder: string): readonly string[] {
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  const database = new Database(file);
  try {
    database.exec(`PRAGMA busy_timeout=${lockWaitMs}`);
    // Readers go on while one writes, and a killed process leaves a log that the next one replays.
    database.exec('PRAGMA journal_mode=WAL');
    // Rebuilding a table drops it, which would cascade to its children; only settable outside a transaction.
    database.exec('PRAGMA foreign_keys=OFF');
    database.exec('BEGIN IMMEDIATE');
    try {
      const applied = applyPending(database, folder);
      database.exec('COMMIT');
      return applied;
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  } finally {
    database.close();
  }
}

function applyPending(database: Database.Database, folder: string): readonly string[] {
  database.exec(migrationsTable('DATETIME'));
  const rows = database.prepare(selectApplied).all() as readonly AppliedMigration[];
  const pending = pendingMigrations(readMigrations(folder), rows);
  for (const migration of pending) {
    database.exec(migration.sql);
    database
      .prepare('INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count) VALUES (?,?,?,?,1)')
      .run(randomUUID(), migration.checksum, migration.name, Date.now());
  }
  const orphans = database.prepare('PRAGMA foreign_key_check').all();
  if (orphans.length > 0) throw new Error(`the migrations leave ${orphans.length} rows that refer to nothing`);
  return pending.map(({ name }) => name);
}
