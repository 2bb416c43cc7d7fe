import { expect, test } from 'vitest';
import { checkSpec, compare } from '../../scripts/spec-check.mjs';

test('every rule of engine/SPEC.md is quoted by a test, and every quoted rule exists', () => {
  expect(checkSpec()).toEqual({ twice: [], untested: [], unknown: [] });
});

test('a missing test, an unknown id and a rule written twice are all noticed', () => {
  const spec = '**ABC-1** One.\n**ABC-2** Two.\n**ABC-3** Three.\n**ABC-3** Again.';
  const tests = [
    "test('[ABC-1] one', () => {});",
    "test.each([[1]])('[ABC-3] %d', () => {});",
    'test(`[ABC-9] nine`, () => {});',
    '// [ABC-2] in a comment',
  ];
  expect(compare(spec, tests)).toEqual({ twice: ['ABC-3'], untested: ['ABC-2'], unknown: ['ABC-9'] });
});
