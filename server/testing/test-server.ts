import type { Viewer } from '../auth/viewer.ts';
import { setContent } from '../content.ts';
import { setDatabase } from '../db.ts';
import { testCourse } from './test-course.ts';
import type { TestDatabase } from './test-database.ts';
import { createTestDatabase } from './test-database.ts';

export interface TestServer extends TestDatabase {
  createViewer(name: string): Promise<Viewer>;
}

/** A database and the test course, in the place where queries and commands look for them. */
export async function createTestServer(): Promise<TestServer> {
  const storage = await createTestDatabase();
  setDatabase(storage.database);
  setContent(testCourse);
  return {
    ...storage,
    async createViewer(name) {
      const id = `${name}-id`;
      await storage.database.user.create({ data: { id, name, email: `${name}@example.org` } });
      return { id, name, role: 'student', isGuest: false, timeZone: 'Pacific/Auckland' };
    },
  };
}
