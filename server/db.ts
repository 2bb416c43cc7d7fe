import type { Database } from './database/open-database.ts';
import { openDatabase } from './database/open-database.ts';
import { retryWhenBusy } from './database/retry.ts';
import { getEnvironment } from './env.ts';

export type { Database };

/** What a transaction's work may use. */
export type Transaction = Omit<Database, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>;

const shared = globalThis as typeof globalThis & { kube40Database?: Database };

/** The one client of this process: shared through globalThis because Next bundles this module a second time. */
export function getDatabase(): Database {
  shared.kube40Database ??= openDatabase(getEnvironment().databaseUrl);
  return shared.kube40Database;
}

/** Puts another database in the place of the configured one; a test gives each file its own. */
export function setDatabase(database: Database): void {
  shared.kube40Database = database;
}

/**
 * All or nothing, and repeated as a whole when the database was busy: `work` must do nothing but talk to the database.
 * Increments use `{ increment: 1 }`: on PostgreSQL two transactions that read before they write lose one of the writes.
 */
export function transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
  return retryWhenBusy(() =>
    getDatabase().$transaction((transaction) => work(transaction as Transaction), { maxWait: 10_000, timeout: 20_000 }),
  );
}
