import { expect, test } from 'vitest';
import { headingId, outlineOf } from './heading-id.ts';

test.each([
  ['Only the API server talks to etcd', 'only-the-api-server-talks-to-etcd'],
  ['  What *is* a pod? ', 'what-is-a-pod'],
])('the anchor of "%s"', (text, id) => expect(headingId(text)).toBe(id));

test('the outline has the second-level headings, and none from inside code', () => {
  const source = '# Title\n\n## The `etcd` store\n\n```sh\n## not a heading\n```\n\n### Deeper\n\n## Next\n';
  expect(outlineOf(source)).toEqual([
    { id: 'the-etcd-store', text: 'The etcd store' },
    { id: 'next', text: 'Next' },
  ]);
});
