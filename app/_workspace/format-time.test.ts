import { expect, test } from 'vitest';
import { formatAge, formatClock, formatOffset } from './format-time.ts';

test.each([
  [0, '00:00:00'],
  [192_400, '00:03:12'],
  [90_061_000, '1d 01:01:01'],
  [-41_000, '−00:00:41'],
])('the clock shows %d ms as %s', (ms, text) => expect(formatClock(ms)).toBe(text));

test.each([
  [0, '+0 ms'],
  [340, '+340 ms'],
  [2140, '+2.1 s'],
  [59_400, '+59 s'],
  [200_000, '+3 min 20 s'],
])('an offset of %d ms reads %s', (ms, text) => expect(formatOffset(ms)).toBe(text));

test.each([
  [12_000, '12s'],
  [180_000, '3m'],
  [7_200_000, '2h'],
])('an age of %d ms reads %s', (ms, text) => expect(formatAge(ms)).toBe(text));
