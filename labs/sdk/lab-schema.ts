import { z } from 'zod';
import { type Action, actionSchema } from './action.ts';
import type { CheckKinds } from './check.ts';
import { idSchema } from './day-schema.ts';

const nodeSchema = z.strictObject({
  name: z.string().describe('Its name; the first one is the control plane.'),
  cpu: z.number().positive().optional().describe('Cores; 2 when absent.'),
  memoryMiB: z.int().positive().optional().describe('Memory; 4096 when absent.'),
  zone: z.string().optional().describe('Zone, in clusters with a cloud.'),
  labels: z.record(z.string(), z.string()).optional().describe('Labels that its kubelet registers with.'),
});

const clusterSchema = z.strictObject({
  workers: z.int().min(0).max(20).optional().describe('How many workers, named node-1, node-2, …; 2 when absent.'),
  nodes: z.array(nodeSchema).min(1).max(20).optional().describe('The nodes by name, instead of `workers`.'),
  cloud: z.boolean().default(false).describe('Whether there is a cloud with its controller manager: zones and load balancers.'),
  latency: z.enum(['instant', 'realistic']).default('realistic').describe('How long things take for the student.'),
});

/** One kind of check with its parameters under its key, and what is done before it is asked. */
export interface AskedExpectation {
  readonly after?: readonly Action[];
  readonly [kind: string]: unknown;
}

/** The schema of `expect` for a set of check kinds: one kind, and what happens before it is asked. */
export function expectationSchema(kinds: CheckKinds): z.ZodType<AskedExpectation> {
  const names = [...kinds.keys()];
  const keys: Record<string, z.ZodType> = {};
  const part: z.ZodType<Record<string, unknown>> = z.lazy(() => oneKind(z.strictObject(keys)));
  for (const kind of kinds.values())
    keys[kind.kind] = (
      kind.parts
        ? z
            .array(part)
            .min(2)
            .max(10)
            .describe(kind.schema.description ?? '')
        : kind.schema
    ).optional();
  function oneKind<T extends z.ZodType<Record<string, unknown>>>(schema: T): T {
    return schema.refine((value) => Object.keys(value).filter((key) => key !== 'after').length === 1, {
      error: `an expectation has exactly one of the kinds ${names.join(', ')}`,
    });
  }
  const after = z.array(actionSchema).min(1).optional().describe('What is done, on a copy of the cluster, before the question is asked.');
  return (oneKind(z.strictObject({ ...keys, after })) as z.ZodType<AskedExpectation>).describe('What must be true, by one kind of check.');
}

export function labSchema(kinds: CheckKinds) {
  const checkSchema = z.strictObject({
    id: idSchema.describe('Unique within the lab; kept when texts change.'),
    title: z.string().min(5).max(120).describe('What must be true, as the task list shows it.'),
    task: idSchema.describe('The task it belongs to.'),
    points: z.int().min(0).max(100).describe('What it is worth. A guard that fails costs its points.'),
    bonus: z.boolean().default(false).describe('Counts for the score, not for the maximum.'),
    needs: z.array(idSchema).default([]).describe('Checks that must pass before this one is asked.'),
    mode: z
      .enum(['goal', 'guard', 'milestone'])
      .default('goal')
      .describe('`goal`: holds at the end. `guard`: must never stop holding. `milestone`: held at least once.'),
    visibility: z.enum(['always', 'after-due', 'never']).default('always').describe('When the student sees it.'),
    expect: expectationSchema(kinds),
    message: z.string().min(10).describe('What the student reads when it fails and the check itself has nothing better to say.'),
    hints: z.array(z.string().min(10)).length(3).describe('What to look at; what is wrong; how to mend it.'),
  });
  const taskSchema = z.strictObject({
    id: idSchema.describe('The heading in task.mdx: `## id`.'),
    title: z.string().min(3).max(100).describe('What the task list shows.'),
  });
  return z
    .strictObject({
      id: idSchema.describe('Equal to the name of the folder.'),
      title: z.string().min(3).max(80).describe('What the lab is called.'),
      summary: z.string().min(20).max(300).describe('One or two sentences for the card.'),
      level: z.enum(['core', 'beyond']).describe('A day has one core lab; the others go beyond.'),
      minutes: z.int().min(5).max(240).describe('How long a beginner needs.'),
      seed: z.int().min(1).default(1).describe('The seed that students get.'),
      cluster: clusterSchema.default({ cloud: false, latency: 'realistic' }).describe('The cluster that the lab is done on.'),
      vary: z
        .record(idSchema, z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))).min(2))
        .default({})
        .describe(`Variants: one of each list is drawn by the seed; "\${name.key}" stands for its values in "faults" and "checks".`),
      readOnly: z.array(z.string()).default([]).describe('Start files that the student may not change.'),
      faults: z.array(actionSchema).default([]).describe('What is done to the cluster before the student comes.'),
      settle: z
        .string()
        .regex(/^\d+(s|m)$/)
        .default('60s')
        .describe('How long the grader waits at most for the cluster to come to rest.'),
      tasks: z.array(taskSchema).min(1).describe('The steps of the lab, in order.'),
      checks: z.array(checkSchema).min(1).describe('What is asked of the cluster.'),
    })
    .describe('A lab.');
}

export type LabFile = z.infer<ReturnType<typeof labSchema>>;
export type LabCheck = LabFile['checks'][number];

/** `expect.yaml` of a near-miss. */
export const nearMissSchema = z
  .strictObject({
    check: idSchema.describe('The check that must fail.'),
    message: z.string().min(5).describe('A part of what it must say.'),
  })
  .describe('What a wrong answer must be told.');
