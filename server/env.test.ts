import { expect, test } from 'vitest';
import { parseEnvironment } from './env.ts';

test('everything has a default', () => {
  expect(parseEnvironment({})).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    databaseUrl: 'file:data/kube40.db',
    publicUrl: 'http://localhost:3000',
  });
});

test('an empty variable is one that is not set', () => {
  expect(parseEnvironment({ PORT: '', DATABASE_URL: '' }).port).toBe(3000);
});

test('all bad variables are named at once', () => {
  const parse = () => parseEnvironment({ PORT: 'many', DATABASE_URL: 'mysql://x', KUBE40_SECRET: 'short' });
  for (const name of ['PORT', 'DATABASE_URL', 'KUBE40_SECRET']) expect(parse).toThrow(name);
});
