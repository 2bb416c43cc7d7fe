import { expect, test } from 'vitest';
import { safePath } from './safe-path.ts';

test.each([
  ['/days/5/labs/trace-a-request', '/days/5/labs/trace-a-request'],
  ['/days#quiz', '/days#quiz'],
  ['//evil.example', '/days'],
  ['/\\evil.example', '/days'],
  ['https://evil.example', '/days'],
  ['/\n/evil.example', '/days'],
  ['/days\nx: y', '/daysx:%20y'],
  [undefined, '/days'],
])('%j goes on to %s', (given, path) => expect(safePath(given)).toBe(path));
