import { z } from 'zod';
import { findCelProblem, parseCel } from '#labs/sdk';

export const namespace = z
  .string()
  .default('default')
  .describe('Namespace of the object; `default` when absent, `all` for every one where several are looked at.');
export const selector = z.string().optional().describe('Label selector, as `kubectl get -l` takes it.');
export const target = z
  .string()
  .regex(/^[a-z.]+\/[a-z0-9.-]+$/, 'write it as kind/name')
  .describe('The object as `kind/name`, e.g. `deployment/web`.');
export const cel = z.string().superRefine((text, context) => {
  const problem = findCelProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: `is no CEL that may be used: ${problem}` });
});

export function celValue(text: string, object: unknown): unknown {
  return parseCel(text).evaluate({ object });
}

/** Texts in quotes that an expression compares with, without those of Kubernetes' own vocabulary. */
export function literalsOfCel(text: string): readonly string[] {
  const values = [...text.matchAll(/(?:==|!=|contains\(|startsWith\(|endsWith\()\s*(?:"([^"]*)"|'([^']*)')/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  return values.filter((value) => value !== '' && !vocabulary.has(value));
}

const vocabulary = new Set([
  'True',
  'False',
  'Unknown',
  'Ready',
  'Available',
  'Progressing',
  'Pending',
  'Running',
  'Succeeded',
  'Failed',
  'ReplicaSet',
  'Deployment',
  'app',
  'name',
]);

/** `app=web,tier=front` as the texts that a student has to write. */
export function literalsOfSelector(text: string | undefined): readonly string[] {
  return text === undefined
    ? []
    : [...text.matchAll(/[\w./-]+/g)].map(([word]) => word).filter((word) => word !== 'in' && word !== 'notin');
}
