import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '../../schema/api-error.ts';
import { jsonPatch } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';
import { strategicMergePatch } from './strategic-merge.ts';

// The examples of RFC 7386, appendix A.
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('[API-26] a merge patch does what RFC 7386 says: %#', (target, patch, expected) => {
  expect(mergePatch(target, patch)).toEqual(expected);
});

const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.integer({ min: 0, max: 3 }),
    fc.constant(null),
    fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('node'), { noNullPrototype: true }),
  ),
})).node;

test('[API-26] a merge patch applied twice changes nothing more, and leaves its target alone', () => {
  fc.assert(
    fc.property(tree, tree, (target, patch) => {
      const before = JSON.stringify(target);
      const once = mergePatch(target, patch);
      expect(mergePatch(once, patch)).toEqual(once);
      expect(JSON.stringify(target)).toBe(before);
    }),
  );
});

// The examples of RFC 6902, appendix A.
test.each([
  ['adding a member', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
  ['adding an element', { foo: ['bar', 'baz'] }, [{ op: 'add', path: '/foo/1', value: 'qux' }], { foo: ['bar', 'qux', 'baz'] }],
  ['removing a member', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
  ['removing an element', { foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
  ['replacing', { baz: 'qux', foo: 'bar' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo', foo: 'bar' }],
  [
    'moving a value',
    { foo: { bar: 'baz', waldo: 'fred' }, qux: {} },
    [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
    { foo: { bar: 'baz' }, qux: { thud: 'fred' } },
  ],
  [
    'moving an element',
    { foo: ['all', 'grass', 'cows', 'eat'] },
    [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
    { foo: ['all', 'cows', 'eat', 'grass'] },
  ],
  [
    'testing',
    { baz: 'qux', foo: ['a', 2, 'c'] },
    [
      { op: 'test', path: '/baz', value: 'qux' },
      { op: 'test', path: '/foo/1', value: 2 },
    ],
    { baz: 'qux', foo: ['a', 2, 'c'] },
  ],
  [
    'adding an object',
    { foo: 'bar' },
    [{ op: 'add', path: '/child', value: { grandchild: {} } }],
    { foo: 'bar', child: { grandchild: {} } },
  ],
  ['escapes', { '/': 9, '~1': 10 }, [{ op: 'replace', path: '/~01', value: 11 }], { '/': 9, '~1': 11 }],
  ['appending', { foo: ['bar'] }, [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }], { foo: ['bar', ['abc', 'def']] }],
  [
    'copying',
    { a: { b: 1 } },
    [
      { op: 'copy', from: '/a', path: '/c' },
      { op: 'replace', path: '/a/b', value: 2 },
    ],
    { a: { b: 2 }, c: { b: 1 } },
  ],
] as const)('[API-27] a JSON patch does what RFC 6902 says: %s', (_name, target, patch, expected) => {
  const before = JSON.stringify(target);
  expect(jsonPatch(target, patch)).toEqual(expected);
  expect(JSON.stringify(target)).toBe(before);
});

test.each([
  ['a failed test', [{ op: 'test', path: '/a', value: 2 }]],
  ['removing what is not there', [{ op: 'remove', path: '/b' }]],
  ['replacing what is not there', [{ op: 'replace', path: '/b', value: 1 }]],
  ['adding below what is not there', [{ op: 'add', path: '/b/c', value: 1 }]],
  ['an element beyond the end', [{ op: 'add', path: '/list/9', value: 1 }]],
  ['an operation that does not exist', [{ op: 'turn', path: '/a' }]],
  ['a patch that is no list', { op: 'add' }],
])('[API-27] %s is refused', (_name, patch) => {
  expect(() => jsonPatch({ a: 1, list: [] }, patch)).toThrow(ApiError);
});

test('[API-27] a patch cannot reach what objects inherit', () => {
  jsonPatch({}, [{ op: 'add', path: '/__proto__', value: { polluted: true } }]);
  expect(({} as { readonly polluted?: boolean }).polluted).toBeUndefined();
  expect(() => jsonPatch({}, [{ op: 'add', path: '/constructor/prototype/polluted', value: true }])).toThrow(ApiError);
});

const pod = (...containers: readonly object[]): object => ({ spec: { containers } });
const names = (object: unknown): readonly string[] =>
  (object as { readonly spec: { readonly containers: readonly { readonly name: string }[] } }).spec.containers.map(({ name }) => name);

test('[API-28] lists with a merge key are merged by it, other lists are replaced', () => {
  const target = pod({ name: 'a', image: 'x', args: ['1'] }, { name: 'b', image: 'y' });
  expect(strategicMergePatch('V1Pod', target, pod({ name: 'a', args: ['2', '3'] }, { name: 'c', image: 'z' }))).toEqual(
    pod({ name: 'a', image: 'x', args: ['2', '3'] }, { name: 'b', image: 'y' }, { name: 'c', image: 'z' }),
  );
});

test('[API-28] the directives delete, replace, retain keys, delete from and order lists', () => {
  const target = pod({ name: 'a' }, { name: 'b' }, { name: 'c' });
  expect(names(strategicMergePatch('V1Pod', target, pod({ name: 'b', $patch: 'delete' })))).toEqual(['a', 'c']);
  expect(names(strategicMergePatch('V1Pod', target, pod({ name: 'd' }, { $patch: 'replace' })))).toEqual(['d']);
  expect(
    names(strategicMergePatch('V1Pod', target, { spec: { '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }, { name: 'b' }] } })),
  ).toEqual(['c', 'a', 'b']);
  expect(
    strategicMergePatch(
      'V1Deployment',
      { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } },
      { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
    ),
  ).toEqual({ spec: { strategy: { type: 'Recreate' } } });
  expect(
    strategicMergePatch(
      'V1Pod',
      { metadata: { finalizers: ['a/x', 'b/y'] } },
      { metadata: { '$deleteFromPrimitiveList/finalizers': ['a/x'] } },
    ),
  ).toEqual({ metadata: { finalizers: ['b/y'] } });
  expect(strategicMergePatch('V1Pod', { metadata: { finalizers: ['a/x'] } }, { metadata: { finalizers: ['b/y', 'a/x'] } })).toEqual({
    metadata: { finalizers: ['a/x', 'b/y'] },
  });
});

test('[API-28] an item without its merge key is refused', () => {
  expect(() => strategicMergePatch('V1Pod', pod({ name: 'a' }), pod({ image: 'x' }))).toThrow(
    'map: {"image":"x"} does not contain declared merge key: name',
  );
  expect(() => strategicMergePatch('V1Pod', {}, [])).toThrow(ApiError);
});

test('[API-28] a strategic merge patch applied twice changes nothing more, and leaves its target alone', () => {
  const container = fc.record(
    {
      name: fc.constantFrom('a', 'b', 'c'),
      image: fc.constantFrom('x', 'y'),
      env: fc.uniqueArray(fc.record({ name: fc.constantFrom('A', 'B'), value: fc.constantFrom('1', '2') }), {
        selector: ({ name }) => name,
      }),
    },
    { requiredKeys: ['name'] },
  );
  const containers = fc.uniqueArray(container, { selector: ({ name }) => name, maxLength: 3 });
  fc.assert(
    fc.property(containers, containers, (before, after) => {
      const target = pod(...before);
      const text = JSON.stringify(target);
      const once = strategicMergePatch('V1Pod', target, pod(...after));
      expect(strategicMergePatch('V1Pod', once, pod(...after))).toEqual(once);
      expect(JSON.stringify(target)).toBe(text);
      expect(new Set(names(once))).toEqual(new Set([...names(target), ...after.map(({ name }) => name)]));
    }),
  );
});
