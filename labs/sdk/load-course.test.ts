import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import config from '../../kube40.config.ts';
import { findCelProblem, parseCel } from './cel.ts';
import { loadCourse } from './load-course.ts';
import { collectChecks, definePlugin } from './plugin.ts';
import { formatProblem } from './problem.ts';
import { drawVariant } from './vary.ts';

function courseWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'kube40-course-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test('[LAB-1] [LAB-2] [LAB-3] all problems come at once, each with file, line, column and rule', () => {
  const root = courseWith({
    'day-10-namespaces/day.yaml': 'id: day-10-names\nday: 10\ntitel: Namespaces\n',
    'day-10-namespaces/quiz.yaml': 'questions: [\n',
  });
  const texts = loadCourse(config.plugins, root).problems.map(formatProblem);
  expect(texts).toContain('day-10-namespaces/lesson.mdx:1:1: LAB-3: the file is missing');
  expect(texts).toContain('day-10-namespaces/day.yaml:3:1: LAB-2: "titel" is no key of the file');
  expect(texts.some((text) => /^day-10-namespaces\/quiz\.yaml:\d+:\d+: LAB-1: /.test(text))).toBe(true);
});

test('[LAB-33] a plugin that lacks another one, or brings a check kind twice, is refused with every reason', () => {
  const [course] = config.plugins;
  const twin = definePlugin({ name: 'twin', version: '1.0.0', requires: ['nobody'], checks: course!.checks.slice(0, 2) });
  expect(() => collectChecks([course!, twin])).toThrow(/plugin twin needs plugin nobody[\s\S]*"object"[\s\S]*"count"/);
});

test('[LAB-34] whole numbers are CEL integers, and a missing field is no error of the author', () => {
  expect(parseCel('object.spec.replicas == 3').evaluate({ object: { spec: { replicas: 3 } } })).toBe(true);
  expect(parseCel('object.spec.replicas == 3').evaluate({ object: {} })).toBeUndefined();
  expect(parseCel('quantity(object.a) == quantity(object.b)').evaluate({ object: { a: '500m', b: '0.5' } })).toBe(true);
});

test('[LAB-35] expressions that cannot be parsed, nest too deeply or may run for ever are refused', () => {
  expect(findCelProblem('object.spec ==')).toBeDefined();
  expect(findCelProblem('object.name.matches("(a+)+b")')).toContain('run for ever');
  expect(findCelProblem(`${'('.repeat(200)}1${')'.repeat(200)} == 1`)).toBeDefined();
});

test('[LAB-36] seeds that follow each other draw every variant', () => {
  const vary = { fault: [{ part: 'a' }, { part: 'b' }, { part: 'c' }] };
  expect(new Set([1, 2, 3].map((seed) => drawVariant({ vary }, seed)['fault']?.['part']))).toEqual(new Set(['a', 'b', 'c']));
});
