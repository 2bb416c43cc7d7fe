import { expect, test } from 'vitest';
import { courseOutline } from './course-outline.ts';
import { loadContent } from './load-content.ts';

test('the course has forty days, each with a title of its own', async () => {
  const { days } = await loadContent();
  expect({ days: days.length, titles: new Set(courseOutline).size, numbers: days.map(({ number }) => number) }).toEqual({
    days: 40,
    titles: 40,
    numbers: Array.from({ length: 40 }, (_, position) => position + 1),
  });
});
