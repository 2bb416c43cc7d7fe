import fc from 'fast-check';
import { expect, test } from 'vitest';
import { strategicMergePatch } from '../../apiserver/patch/strategic-merge.ts';
import { threeWayPatch } from './three-way-merge.ts';

type Json = Readonly<Record<string, unknown>>;

const model = 'V1Deployment';
const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { noNullPrototype: true });
const container = fc.record(
  { name: fc.constantFrom('x', 'y', 'z'), image: fc.constantFrom('i', 'j'), args: fc.array(fc.constantFrom('p', 'q'), { maxLength: 2 }) },
  { requiredKeys: ['name'] },
);
const deployment = fc.record(
  {
    metadata: fc.record({ labels }, { requiredKeys: [] }),
    spec: fc.record(
      {
        replicas: fc.integer({ min: 0, max: 3 }),
        paused: fc.boolean(),
        template: fc.record({ spec: fc.record({ containers: fc.uniqueArray(container, { selector: ({ name }) => name, maxLength: 3 }) }) }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['spec'] },
);

function apply(original: Json | undefined, modified: Json, current: Json): Json {
  const patch = threeWayPatch(model, { original, modified, current });
  return patch ? (strategicMergePatch(model, current, patch) as Json) : current;
}

test('[KUBECTL-18] applying the same thing twice changes nothing', () => {
  fc.assert(
    fc.property(fc.option(deployment, { nil: undefined }), deployment, deployment, (original, modified, current) => {
      const once = apply(original, modified, current);
      expect(threeWayPatch(model, { original: modified, modified, current: once })).toBeUndefined();
    }),
  );
});

test('[KUBECTL-18] everything that is wanted is there afterwards', () => {
  const contains = (actual: unknown, wanted: unknown): boolean => {
    if (Array.isArray(wanted)) {
      if (!wanted.every((item) => typeof item === 'object')) return JSON.stringify(actual) === JSON.stringify(wanted);
      return wanted.every((item: { readonly name: string }) =>
        (actual as readonly { readonly name: string }[]).some((candidate) => candidate.name === item.name && contains(candidate, item)),
      );
    }
    if (typeof wanted !== 'object' || wanted === null) return actual === wanted;
    return Object.entries(wanted).every(([key, value]) => contains((actual as Json | undefined)?.[key], value));
  };
  fc.assert(
    fc.property(fc.option(deployment, { nil: undefined }), deployment, deployment, (original, modified, current) => {
      expect(contains(apply(original, modified, current), modified)).toBe(true);
    }),
  );
});

test('[KUBECTL-18] what was applied and is wanted no more goes; what others set stays', () => {
  fc.assert(
    fc.property(labels, labels, labels, (original, modified, others) => {
      const current = { metadata: { labels: { ...others, ...original } } };
      const after = (
        apply({ metadata: { labels: original } }, { metadata: { labels: modified } }, current)['metadata'] as { readonly labels: Json }
      ).labels;
      for (const key of ['a', 'b', 'c']) {
        if (key in modified) expect(after[key]).toBe(modified[key]);
        else if (key in original) expect(after[key]).toBeUndefined();
        else expect(after[key]).toBe(others[key]);
      }
    }),
  );
});

test('[KUBECTL-18] items of keyed lists that others added stay, those that were applied before go', () => {
  const spec = (...names: readonly string[]): Json => ({
    spec: { template: { spec: { containers: names.map((name) => ({ name, image: 'i' })) } } },
  });
  expect(apply(spec('x', 'y'), spec('x'), spec('x', 'y', 'sidecar'))).toEqual(spec('x', 'sidecar'));
});
