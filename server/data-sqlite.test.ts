import { afterAll } from 'vitest';
import { dataCases } from './data.case.ts';
import { createTestDatabase } from './testing/test-database.ts';

const sqlite = await createTestDatabase();
afterAll(() => sqlite[Symbol.asyncDispose]());

dataCases(() => sqlite.database);
