import { expect, test } from 'vitest';
import { collectChecks, loadCourse } from '#labs/sdk';
import config from '../../kube40.config.ts';
import { verifySeed } from '../../labs/sdk/verify.ts';

/** With how many seeds each lab is proven. The first one gives every answer; each of the others gives one, in turn. */
const seeds = 20;

const course = loadCourse(config.plugins);
const kinds = collectChecks(config.plugins);

/** Proves the labs of a day. `npm run lab -- verify --all` gives every answer with every seed. */
export function proveDay(dayId: string): void {
  const labs = course.folders.filter(({ day }) => day.id === dayId).flatMap((folder) => folder.labs);
  test(`[LAB-16] ${dayId} has a core lab and one that goes beyond`, () => {
    expect(labs.map(({ lab }) => lab.level).toSorted()).toEqual(['beyond', 'core']);
  });
  for (const folder of labs) {
    const answers = 1 + folder.solutions.length + folder.nearMisses.length;
    test(`[LAB-16] [LAB-17] [LAB-18] ${dayId}/${folder.lab.id}: the start scores nothing, solutions everything, near-misses are told why`, () => {
      expect(verifySeed(folder, kinds, { seed: 1, now: () => 0 }).filter(({ problems }) => problems.length > 0)).toEqual([]);
    });
    test(`[LAB-19] ${dayId}/${folder.lab.id}: holds for ${seeds} seeds`, { timeout: 60_000 }, () => {
      for (let seed = 2; seed <= seeds; seed++) {
        const verdicts = verifySeed(folder, kinds, { seed, now: () => 0, only: (index) => index === seed % answers });
        expect(verdicts.filter(({ problems }) => problems.length > 0)).toEqual([]);
      }
    });
  }
}
