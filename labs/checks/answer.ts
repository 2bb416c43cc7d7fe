import { parseDocument } from 'yaml';
import { z } from 'zod';
import {
  type CheckContext,
  type CheckOutcome,
  defineCheck,
  fail,
  findObjects,
  parseCel,
  pass,
  readStudentFile,
  type TraceEntry,
} from '#labs/sdk';
import { cel, literalsOfSelector, namespace, selector } from './fields.ts';
import { matchesStep, step } from './trace-step.ts';

const objects = z.strictObject({
  kind: z.string().describe('As kubectl takes it.'),
  namespace,
  selector,
  name: z.string().optional().describe('One object by its name.'),
});

const hero = z.strictObject({ kind: z.string().describe('E.g. `Pod`.'), name: z.string().describe('Beginning of its name.') });

const truth = z.union([
  z.strictObject({ oneOf: z.array(z.string()).min(1).describe('Answers that are right; case and spaces do not matter.') }),
  z.strictObject({
    object: objects
      .extend({ cel: cel.describe('The right answer, by CEL over `object`; right for one of the objects is right.') })
      .describe('A field of the cluster itself.'),
  }),
  z.strictObject({
    actor: step
      .extend({ of: hero.describe('The objects, made since the lab began, of which one has this story.') })
      .describe("Who took a step, by the cluster's trace."),
  }),
  z.strictObject({
    sequence: z
      .strictObject({
        of: hero.describe('The objects, made since the lab began, of which one has this story.'),
        steps: z.record(z.string(), step).describe('The names that the student puts into order, and what each is in the trace.'),
      })
      .describe("The order of steps, by the cluster's trace."),
  }),
]);

const schema = z.strictObject({
  file: z.string().describe('Relative to /home/student; YAML.'),
  field: z.string().describe('The key in the file.'),
  truth: truth.describe('What the answer is compared with.'),
});
type Params = z.infer<typeof schema>;

/** The student wrote something down, and it is true of their own cluster. */
export const answerCheck = defineCheck<Params>({
  kind: 'answer',
  schema: schema.describe("A field of a YAML file, compared with the cluster's own truth."),
  isLive: true,
  literals: ({ file, field, truth: wanted }) => [file, field, ...('object' in wanted ? literalsOfSelector(wanted.object.selector) : [])],
  evaluate(context, params): CheckOutcome {
    const where = `${params.file}: ${params.field}`;
    const given = readField(context, params);
    if (given === undefined)
      return fail({
        message: `${params.file} has no answer under "${params.field}" yet.`,
        expected: 'an answer',
        actual: 'nothing',
        where,
      });
    const right = listRight(context, params.truth);
    if (typeof right === 'string')
      return fail({ message: right, expected: 'an answer about something that has happened', actual: 'it has not happened yet', where });
    if (right.some((one) => isSame(one, given))) return pass;
    return fail({ expected: 'what your own cluster shows', actual: Array.isArray(given) ? given.join(' → ') : String(given), where });
  },
});

function readField({ cluster }: CheckContext, { file, field }: Params): string | readonly string[] | undefined {
  const text = readStudentFile(cluster, file);
  const document = text === undefined ? undefined : parseDocument(text, { prettyErrors: false });
  if (!document || document.errors.length > 0) return undefined;
  const value: unknown = (document.toJS({ maxAliasCount: 10 }) as Record<string, unknown> | null)?.[field];
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => clean(String(item)));
  return value === undefined || value === null || clean(String(value)) === '' ? undefined : clean(String(value));
}

/** The right answers; a sentence when the cluster has not shown any yet. */
function listRight(context: CheckContext, wanted: Params['truth']): readonly (string | readonly string[])[] | string {
  if ('oneOf' in wanted) return wanted.oneOf.map(clean);
  if ('object' in wanted) {
    const found = findObjects(context.cluster, wanted.object).map((object) => parseCel(wanted.object.cel).evaluate({ object }));
    const values = found
      .flat()
      .filter((value) => value !== undefined && value !== null)
      .map((value) => clean(String(value)));
    return values.length > 0 ? values : 'Your cluster does not have the object yet that the question is about.';
  }
  if ('actor' in wanted) {
    const { of, ...pattern } = wanted.actor;
    const actors = stories(context, of).flatMap((story) =>
      story.filter((entry) => matchesStep(entry, pattern)).map(({ actor }) => clean(actor.split('/')[0] ?? actor)),
    );
    return actors.length > 0 ? actors : 'That has not happened in your cluster yet.';
  }
  return listOrders(context, wanted.sequence);
}

function listOrders(
  context: CheckContext,
  { of, steps }: Extract<Params['truth'], { readonly sequence: unknown }>['sequence'],
): readonly (readonly string[])[] | string {
  const names = Object.keys(steps);
  const orders: (readonly string[])[] = [];
  for (const story of stories(context, of)) {
    const found = names.map((name) => ({ name, at: story.find((entry) => matchesStep(entry, steps[name] ?? {}))?.id }));
    if (found.every(({ at }) => at !== undefined))
      orders.push(found.sort((a, b) => (a.at ?? 0) - (b.at ?? 0)).map(({ name }) => clean(name)));
  }
  return orders.length > 0 ? orders : 'No pod of yours has gone all the way through these steps yet.';
}

/** What happened to each object of the lab's time and what led to it, oldest first. Objects that are gone have their story too. */
function stories({ cluster, sinceEntry }: CheckContext, { kind, name }: z.infer<typeof hero>): readonly (readonly TraceEntry[])[] {
  const made = cluster.trace.state.entries.filter(
    (entry) => entry.id >= sinceEntry && entry.verb === 'create' && entry.about?.kind === kind && entry.about.name.startsWith(name),
  );
  return made.flatMap(({ about }) =>
    about ? [cluster.why(about).trace.filter((entry) => entry.id >= sinceEntry && isAbout(entry, kind, about.name))] : [],
  );
}

/** The trace leads through other objects of the same kind, too, where one worker did them in turn: those are other stories. */
function isAbout({ about }: TraceEntry, kind: string, name: string): boolean {
  return about?.kind !== kind || about.name === name;
}

function isSame(right: string | readonly string[], given: string | readonly string[]): boolean {
  if (typeof right === 'string') return right === given;
  return Array.isArray(given) && given.length === right.length && right.every((one, index) => one === given[index]);
}

function clean(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ' ');
}
