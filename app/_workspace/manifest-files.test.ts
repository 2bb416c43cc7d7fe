import { expect, test } from 'vitest';
import { isManifest } from './manifest-files.ts';

test.each([
  ['tides.yaml', true],
  ['base/service.yml', true],
  ['answers.yaml', false],
  ['overlay/kustomization.yaml', false],
  ['values-prod.yaml', false],
  ['notes.txt', false],
])('%s is a manifest: %s', (path, isOne) => expect(isManifest(path)).toBe(isOne));
