import { expect, test } from 'vitest';
import { simulate } from './simulate.ts';

const seeds = Array.from({ length: 30 }, (_, index) => index + 1);
const steps = 30;

test.each(seeds)('[FAULT-1] [FAULT-2] [FAULT-3] [FAULT-4] [FAULT-5] [FAULT-6] seed %i', (seed) => {
  const plain = simulate(seed, { steps, isMoved: false });
  expect(plain.problems, `operations of seed ${seed}:\n${plain.log.join('\n')}\n`).toEqual([]);
  const moved = simulate(seed, { steps, isMoved: true });
  expect(moved.hash, `seed ${seed} went another way through snapshots and forks:\n${plain.log.join('\n')}\n`).toBe(plain.hash);
});
