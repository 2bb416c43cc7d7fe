import { PrismaLibSql } from '@prisma/adapter-libsql';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient as PostgresClient } from '../generated/postgres/client.ts';
import { PrismaClient } from '../generated/sqlite/client.ts';
import { migratePostgres } from './migrate-postgres.ts';
import { migrateSqlite } from './migrate-sqlite.ts';
import { retryWhenBusy } from './retry.ts';
import { toStorageError } from './storage-error.ts';

/** One interface for both databases: their models are the same, and only what both can do is used. */
export type Database = PrismaClient;

export interface OpenDatabaseOptions {
  /** How long SQLite itself waits for another writer before it says "busy". */
  readonly lockWaitMs?: number;
}

export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:/.test(url);
}

/** Opens lazily: the first query connects. */
export function openDatabase(url: string, { lockWaitMs = 5000 }: OpenDatabaseOptions = {}): Database {
  if (isPostgres(url))
    return withRetries(new PostgresClient({ adapter: new PrismaPg({ connectionString: url }) }) as unknown as PrismaClient);
  // The driver knows `timeout`; the adapter hands its options through but does not list it in its types.
  const options: ConstructorParameters<typeof PrismaLibSql>[0] & { readonly timeout: number } = { url, timeout: lockWaitMs };
  return withRetries(new PrismaClient({ adapter: new PrismaLibSql(options) }));
}

/** Every statement, better-auth's too, is repeated while the database is busy and fails in words a person can read. */
function withRetries(client: PrismaClient): Database {
  const extended = client.$extends({ query: { $allOperations: ({ args, query }) => retryWhenBusy(() => query(args)) } });
  return extended as unknown as Database;
}

/** Brings the database behind `url` to the newest schema and names the migrations that were applied. */
export async function migrate(url: string, folder = 'prisma/migrations'): Promise<readonly string[]> {
  try {
    return isPostgres(url)
      ? await migratePostgres(url, `${folder}/postgres`)
      : migrateSqlite(url.replace(/^file:/, ''), `${folder}/sqlite`);
  } catch (error) {
    throw toStorageError(error) ?? error;
  }
}
