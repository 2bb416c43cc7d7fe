import { expect, test } from 'vitest';
import { parsePlace } from './parse-place.ts';

test.each([
  ['web.yaml:12:3', { path: 'web.yaml', line: 12, column: 3 }],
  ['manifests/web.yaml:7', { path: 'manifests/web.yaml', line: 7, column: 1 }],
  ['spec.template.spec', undefined],
  ['http://web:80', undefined],
])('%s', (text, place) => expect(parsePlace(text)).toEqual(place));
