import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { collectChecks, formatProblem, loadCourse } from '#labs/sdk';
import config from '../../kube40.config.ts';
import { jsonSchemas } from '../../labs/sdk/json-schemas.ts';
import { lintCourse } from '../../labs/sdk/lint.ts';

const kinds = collectChecks(config.plugins);
const course = loadCourse(config.plugins);

test('[LAB-1] [LAB-2] [LAB-3] [LAB-4] [LAB-5] [LAB-6] [LAB-7] [LAB-8] [LAB-9] [LAB-10] [LAB-11] [LAB-12] [LAB-13] [LAB-14] [LAB-15] the course has no problems', () => {
  expect(lintCourse(course, kinds).map(formatProblem)).toEqual([]);
});

test('[LAB-20] all forty days are there, in order, and those without content say that they are drafts', () => {
  expect(course.days.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  expect(course.days.filter(({ isWritten }) => isWritten).map(({ number }) => number)).toEqual([5, 7, 8, 9]);
  expect(course.days.filter(({ isWritten }) => !isWritten).every(({ status }) => status === 'draft')).toBe(true);
});

test('[LAB-21] the committed JSON Schemas are those of the code', () => {
  for (const [name, text] of jsonSchemas(kinds)) expect(readFileSync(`labs/sdk/schemas/${name}`, 'utf8')).toBe(text);
});

test('[LAB-21] every key of the schemas is described', () => {
  const missing: string[] = [];
  for (const [name, text] of jsonSchemas(kinds)) findUndescribed(JSON.parse(text), name, missing);
  expect(missing).toEqual([]);
});

function findUndescribed(schema: unknown, path: string, missing: string[]): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { properties } = schema as {
    readonly properties?: Readonly<Record<string, { readonly description?: string; readonly $ref?: string }>>;
  };
  for (const [key, property] of Object.entries(properties ?? {})) {
    if (property.description === undefined && property.$ref === undefined) missing.push(`${path}.${key}`);
  }
  for (const [key, value] of Object.entries(schema)) findUndescribed(value, `${path}.${key}`, missing);
}
