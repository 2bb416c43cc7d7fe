import { expect, test } from 'vitest';
import { parseDayNumber } from './parse-day-number.ts';

test.each([
  ['5', 5],
  ['05', 5],
  ['40', 40],
  ['0', undefined],
  ['41', undefined],
  ['5x', undefined],
])('%s', (text, day) => expect(parseDayNumber(text)).toBe(day));
