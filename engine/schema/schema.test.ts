import fc from 'fast-check';
import { expect, test } from 'vitest';
import { invalidObject } from './api-error.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { decodeModel } from './decode.ts';
import {
  describeFieldError,
  duplicate,
  forbidden,
  immutable,
  invalid,
  notFoundField,
  notSupported,
  required,
  tooLong,
} from './field-error.ts';
import { canonicalQuantity, cpuMillis, parseQuantity, wholeUnits } from './quantity.ts';
import { readManifests } from './yaml-input.ts';
import { toYaml } from './yaml-output.ts';

const podSpec = (spec: object): object => ({
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'main', image: 'nginx', ...spec }] },
});

test('[SCHEMA-1] unknown fields are named by their paths, in the order of the document', () => {
  const { unknownFields, value } = decodeModel('V1Pod', {
    ...podSpec({ imagePullPolcy: 'Always', ports: [{ containerPort: 80 }, { prt: 1 }] }),
    speck: {},
  });
  expect(unknownFields).toEqual(['spec.containers[0].imagePullPolcy', 'spec.containers[0].ports[1].prt', 'speck']);
  expect(value).not.toHaveProperty('speck');
});

test('[SCHEMA-1] names that JavaScript objects inherit are unknown fields like any other', () => {
  const { unknownFields } = decodeModel('V1ConfigMap', JSON.parse('{"constructor": 1, "__proto__": {"x": 1}, "data": {"toString": "a"}}'));
  expect(unknownFields).toEqual(['constructor', '__proto__']);
});

test.each([
  [
    'a text for a number',
    'V1Deployment',
    { spec: { replicas: '3' } },
    'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'a number for a text',
    'V1Pod',
    { metadata: { name: 5 } },
    'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string',
  ],
  [
    'a map for a list',
    'V1Pod',
    { spec: { containers: {} } },
    'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
  ],
  [
    'a fraction for an integer',
    'V1Deployment',
    { spec: { replicas: 1.5 } },
    'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'a number beyond 32 bits',
    'V1Deployment',
    { spec: { replicas: 2 ** 31 } },
    'json: cannot unmarshal number 2147483648 into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'a number as an environment variable',
    'V1Pod',
    podSpec({ env: [{ name: 'A', value: 1 }] }),
    'json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string',
  ],
  [
    'a boolean as a label',
    'V1Pod',
    { metadata: { labels: { a: true } } },
    'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
  ],
  ['a list for an object', 'V1Pod', [], 'json: cannot unmarshal array into Go value of type v1.Pod'],
  [
    'a bad quantity',
    'V1Pod',
    podSpec({ resources: { requests: { cpu: '1 core' } } }),
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
])('[SCHEMA-2] %s is refused with the words of the decoder', (_name, model, value, words) => {
  expect(decodeModel(model, value).typeError).toBe(words);
});

test('[SCHEMA-3] decoding copies: nulls go, quantities get their canonical form, numbers may stand for them', () => {
  const given = podSpec({ resources: { requests: { cpu: 0.5, memory: '2048Mi' }, limits: { cpu: '1000m' } }, command: null });
  const { value } = decodeModel('V1Pod', given);
  expect(value).toEqual(podSpec({ resources: { requests: { cpu: '500m', memory: '2Gi' }, limits: { cpu: '1' } } }));
  expect(value).not.toBe(given);
});

test('[SCHEMA-3] optional maps and lists that hold nothing go, empty objects stay', () => {
  const { value } = decodeModel('V1Pod', {
    metadata: { labels: {}, finalizers: [] },
    spec: { containers: [], securityContext: {}, volumes: [{ name: 'v', emptyDir: {} }] },
  });
  expect(value).toEqual({ metadata: {}, spec: { containers: [], securityContext: {}, volumes: [{ name: 'v', emptyDir: {} }] } });
});

test('[SCHEMA-3] decoding what was decoded changes nothing', () => {
  const field = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string(), { maxLength: 2 }));
  const spec = fc.dictionary(
    fc.constantFrom('replicas', 'selector', 'template', 'strategy', 'paused', 'unknown'),
    fc.oneof(field, fc.dictionary(fc.constantFrom('matchLabels', 'type', 'metadata'), field)),
  );
  fc.assert(
    fc.property(spec, (given) => {
      const first = decodeModel('V1Deployment', { spec: given });
      const second = decodeModel('V1Deployment', first.value);
      expect(second.unknownFields).toEqual([]);
      expect(second.typeError).toBeUndefined();
      expect(second.value).toEqual(first.value);
    }),
  );
});

test.each([
  ['1', '1', 1],
  ['1000m', '1', 1],
  ['0.5', '500m', 0.5],
  ['1.5Gi', '1536Mi', 1_610_612_736],
  ['2048Mi', '2Gi', 2_147_483_648],
  ['1000', '1k', 1000],
  ['1024', '1024', 1024],
  ['1e3', '1e3', 1000],
  ['0', '0', 0],
  ['100u', '100u', 0.0001],
  ['-1', '-1', -1],
  ['.5', '500m', 0.5],
])('[SCHEMA-4] the quantity %s is written as %s', (text, form, value) => {
  expect(canonicalQuantity(text)).toBe(form);
  expect(parseQuantity(text)).toBe(value);
});

test.each(['', 'x', '1GB', '1 Gi', '1.2.3', 'Gi', '1e', '--1'])('[SCHEMA-4] "%s" is no quantity', (text) => {
  expect(parseQuantity(text)).toBeUndefined();
  expect(canonicalQuantity(text)).toBeUndefined();
});

test('[SCHEMA-4] the canonical form of any quantity keeps its value and is its own canonical form', () => {
  const suffix = fc.constantFrom('', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 9 }), suffix, (whole, tenth, unit) => {
      const text = `${whole}.${tenth}${unit}`;
      const form = canonicalQuantity(text) as string;
      const value = parseQuantity(text) as number;
      // Upstream rounds up to the next thousandth.
      expect(Math.abs((parseQuantity(form) as number) - value)).toBeLessThan(Math.max(0.001, value * 1e-9));
      expect(canonicalQuantity(form)).toBe(form);
    }),
  );
});

test('[SCHEMA-4] cores count in thousandths, bytes as wholes, both rounded up', () => {
  expect([cpuMillis('250m'), cpuMillis('1.5'), cpuMillis('1u'), cpuMillis(undefined)]).toEqual([250, 1500, 1, 0]);
  expect([wholeUnits('1Ki'), wholeUnits('1500m'), wholeUnits('nonsense')]).toEqual([1024, 2, 0]);
});

test.each([
  [required('a', 'say it'), 'a: Required value: say it'],
  [required('a'), 'a: Required value'],
  [invalid('a', 'x', 'is bad'), 'a: Invalid value: "x": is bad'],
  [invalid('a', { b: 1 }, 'is bad'), 'a: Invalid value: {"b":1}: is bad'],
  [notSupported('a', 'x', ['p', 'q']), 'a: Unsupported value: "x": supported values: "p", "q"'],
  [forbidden('a', 'no'), 'a: Forbidden: no'],
  [duplicate('a', 'x'), 'a: Duplicate value: "x"'],
  [notFoundField('a', 'x'), 'a: Not found: "x"'],
  [tooLong('a', 5), 'a: Too long: may not be more than 5 bytes'],
  [immutable('a', 1), 'a: Invalid value: 1: field is immutable'],
])('[SCHEMA-5] a field error reads as upstream writes it: %#', (error, words) => {
  expect(describeFieldError(error)).toBe(words);
});

test('[SCHEMA-5] one error stands alone, several are listed in brackets', () => {
  const kind = { group: 'apps', kind: 'Deployment' };
  expect(invalidObject(kind, 'web', [required('a')]).message).toBe('Deployment.apps "web" is invalid: a: Required value');
  expect(invalidObject(kind, 'web', [required('a'), required('b')]).message).toBe(
    'Deployment.apps "web" is invalid: [a: Required value, b: Required value]',
  );
});

test('[SCHEMA-6] base64 is that of the platform', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(encodeBase64(text)).toBe(Buffer.from(text, 'utf8').toString('base64'));
      expect(decodeBase64(encodeBase64(text))).toBe(text);
    }),
  );
  expect(decodeBase64('*')).toBeUndefined();
});

test('[SCHEMA-7] written YAML reads back as what it was', () => {
  const json = fc
    .jsonValue({ maxDepth: 4 })
    .map((value): unknown => JSON.parse(JSON.stringify(value)))
    .filter((value) => !/"__proto__":|-0[,}\]]|e\+|e-/.test(JSON.stringify(value)) && value !== null);
  const texts = fc.constantFrom(
    'yes',
    'null',
    '1',
    '0x1f',
    '1e3',
    '1_000',
    '2026-01-05',
    '12:30',
    ' lead',
    'trail ',
    'a: b',
    '#no',
    'a #b',
    '- x',
    'line\nbreak',
    'two\n\n',
    '\n',
    '|',
    '>',
    '*a',
    '&a',
    '!t',
    '%',
    '@',
    '`',
    '"',
    "'",
    '{',
    '[',
    '?',
    ':',
    '-',
    '~',
    '=',
    '<<',
    'tab\there',
    '\u0000',
    'ü',
    'a\n b',
    ' \n',
    'x\n\n\ny\n',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        json,
        fc.dictionary(
          fc.string({ minLength: 1, maxLength: 5 }).filter((key) => key !== '__proto__'),
          texts,
        ),
        fc.array(texts),
      ),
      (value) => {
        const { documents, problems } = readManifests(toYaml({ value }));
        expect(problems).toEqual([]);
        expect(documents[0]?.value).toEqual({ value });
      },
    ),
    { numRuns: 500 },
  );
});

test('[SCHEMA-7] YAML is written as kubectl does: keys sorted, lists not indented', () => {
  expect(
    toYaml({ spec: { ports: [{ port: 80, name: 'http' }], empty: {}, none: [] }, apiVersion: 'v1', on: 'yes', text: 'a\nb\n', n: '5' }),
  ).toBe(
    'apiVersion: v1\n"n": "5"\n"on": "yes"\nspec:\n  empty: {}\n  none: []\n  ports:\n  - name: http\n    port: 80\ntext: |\n  a\n  b\n',
  );
});

test.each([
  ['.', '.'],
  ['e2', 'e2'],
  ['.e5', '.e5'],
  ['12:30', '12:30'],
  ['2026-01-05', '2026-01-05'],
  ['2026-01-05T09:00:00Z', '2026-01-05T09:00:00Z'],
  ['1e3', 1000],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1_000', 1000],
  ['0x1F', 31],
  ['017', 15],
  ['yes', true],
  ['off', false],
  ['~', null],
  ['"yes"', 'yes'],
  ['1.2.3', '1.2.3'],
  ['!!binary aGk=', 'aGk='],
])('[SCHEMA-8] the scalar %s is read as Go reads it', (text, value) => {
  expect(readManifests(`a: ${text}`)).toMatchObject({ documents: [{ value: { a: value } }], problems: [] });
});

test('[SCHEMA-8] every problem of a manifest has its line and column', () => {
  expect(readManifests('a: 1\nb: [1,\n').problems[0]).toMatchObject({ line: 3 });
  expect(readManifests('a: 1\na: 2\n').problems).toEqual([{ message: 'Map keys must be unique', line: 2, column: 1 }]);
  expect(readManifests('a:\n\t- b\n').problems.length).toBeGreaterThan(0);
});

test('[SCHEMA-8] fields of a document can be found in its text', () => {
  const [first, second] = readManifests('kind: A\n---\nkind: B\nspec:\n  containers:\n  - name: x\n    image: y\n').documents;
  expect([first?.line, second?.line]).toEqual([1, 3]);
  expect(second?.place('spec.containers[0].image')).toEqual({ line: 7, column: 5 });
  expect(second?.place('spec.containers[0].ports')).toEqual({ line: 6, column: 5 });
  expect(second?.place('nothing')).toEqual({ line: 3, column: 1 });
});

test('[SCHEMA-9] too much text and aliases that unfold without end are refused', () => {
  expect(readManifests('x'.repeat(1_000_001)).problems[0]?.message).toMatch(/longer than/);
  const bomb = `a: &a [1,1,1,1,1,1,1,1,1]\n${[...'bcdefghi'].map((letter, index) => `${letter}: &${letter} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`).join('\n')}\n`;
  const { documents, problems } = readManifests(bomb);
  expect(documents).toEqual([]);
  expect(problems[0]?.message).toMatch(/alias/i);
});
