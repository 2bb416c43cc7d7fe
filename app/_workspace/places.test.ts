import { expect, test } from 'vitest';
import { hopSelector, objectPlace } from './places.ts';

test.each([
  ['node-1 kube-proxy', '[data-place="kube-proxy@node-1"]'],
  ['outside', '[data-place="outside"]'],
  ['load balancer 192.0.2.7', '[data-place="outside"]'],
  ['web-1', '[data-place$="/web-1"]:is([data-place^="pod/"], [data-place^="node/"])'],
])('a hop at %s is looked for at %s', (at, selector) => expect(hopSelector(at)).toBe(selector));

test('an object stands under its kind, namespace and name', () => {
  expect(objectPlace({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web' })).toBe('pod/default/web');
  expect(objectPlace({ apiVersion: 'v1', kind: 'Node', name: 'node-1' })).toBe('node/node-1');
});
