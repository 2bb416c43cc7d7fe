import path from 'node:path';
import type { OpenDatabaseOptions } from '../database/open-database.ts';
import { migrate, openDatabase } from '../database/open-database.ts';
import type { Database } from '../db.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  readonly file: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A migrated SQLite database of its own, gone afterwards. */
export async function createTestDatabase(options?: OpenDatabaseOptions): Promise<TestDatabase> {
  const folder = createTemporaryFolder();
  const file = path.join(folder.path, 'kube40.db');
  const url = `file:${file}`;
  await migrate(url);
  const database = openDatabase(url, options);
  return {
    database,
    url,
    file,
    async [Symbol.asyncDispose]() {
      await database.$disconnect();
      folder[Symbol.dispose]();
    },
  };
}
