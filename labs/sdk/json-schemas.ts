import { z } from 'zod';
import type { CheckKinds } from './check.ts';
import { daySchema } from './day-schema.ts';
import { labSchema } from './lab-schema.ts';
import { quizSchema } from './quiz-schema.ts';

/** The JSON Schemas for editors, by file name, as text. */
export function jsonSchemas(kinds: CheckKinds): ReadonlyMap<string, string> {
  const schemas: readonly (readonly [string, z.ZodType])[] = [
    ['day.schema.json', daySchema],
    ['quiz.schema.json', quizSchema],
    ['lab.schema.json', labSchema(kinds)],
  ];
  return new Map(
    schemas.map(([name, schema]) => [
      name,
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), null, 2)}\n`,
    ]),
  );
}
