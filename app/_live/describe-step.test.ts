import { expect, test } from 'vitest';
import { describeStep } from './describe-step.ts';

const about = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web-1' };

test.each([
  [{ verb: 'step', text: 'pulled image nginx:1.27' }, 'pulled image nginx:1.27'],
  [{ verb: 'create', text: '', about }, 'created Pod web-1'],
  [{ verb: 'create', text: 'binding', about }, 'bound Pod web-1 to its node'],
  [{ verb: 'update', text: 'status', about }, 'reported the status of Pod web-1'],
  [{ verb: 'update', text: 'status', about: { ...about, kind: 'Deployment' } }, undefined],
  [{ verb: 'update', text: '', about: { ...about, kind: 'Lease' } }, undefined],
])('%j', (entry, sentence) => expect(describeStep(entry)).toBe(sentence));
