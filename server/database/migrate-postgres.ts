import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { AppliedMigration } from './migrations.ts';
import { migrationsTable, pendingMigrations, readMigrations, selectApplied } from './migrations.ts';

/** Prisma's own lock, so that its tools and ours never migrate at the same time. */
const migrationLock = 72_707_369;

/** Brings the database to the newest schema; several processes at once apply each migration once. */
export async function migratePostgres(url: string, folder: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await client.query(migrationsTable('TIMESTAMPTZ'));
    const { rows } = await client.query<AppliedMigration>(selectApplied);
    const pending = pendingMigrations(readMigrations(folder), rows);
    for (const { name, sql, checksum } of pending) {
      await client.query('BEGIN');
      try {
        await client.query(sql);
        await client.query(
          'INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1,$2,$3,now(),1)',
          [randomUUID(), checksum, name],
        );
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
    }
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
