import { parseDocument } from 'yaml';
import { type Action, actionSchema, performAction } from './action.ts';
import type { TextFile } from './lab.ts';
import type { LabRun } from './lab-run.ts';
import type { WrittenAnswer } from './load-lab.ts';
import { expandValue } from './vary.ts';

const restMs = 120_000;

/**
 * Gives a written answer as a student would. With `steps.yaml`: its actions, in which `apply` and `run` may name a file beside it.
 * Without: every manifest is saved and applied, then `solution.sh` is typed. A text says what did not work.
 */
export function giveAnswer(run: LabRun, answer: WrittenAnswer): string | undefined {
  const steps = answer.files.find(({ path }) => path === 'steps.yaml');
  const actions = steps ? readSteps(steps, run) : impliedSteps(answer.files);
  if (typeof actions === 'string') return actions;
  for (const [index, action] of actions.entries()) {
    const problem = perform(run, action, answer.files);
    if (problem !== undefined) return `${answer.name}, step ${index + 1}: ${problem}`;
  }
  run.advance(0);
  for (let left = restMs; left > 0 && !run.cluster.isSettled; left -= 1000) run.advance(1000);
  return undefined;
}

function readSteps({ path, text }: TextFile, { lab, progress }: LabRun): readonly Action[] | string {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors[0]) return `${path}: ${document.errors[0].message}`;
  const parsed = actionSchema.array().safeParse(expandValue(lab, progress.seed, document.toJS()));
  if (parsed.success) return parsed.data;
  return `${path}: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`;
}

function impliedSteps(files: readonly TextFile[]): readonly Action[] {
  const manifests = files.filter(({ path }) => /\.ya?ml$/.test(path)).map(({ path }): Action => ({ apply: path }));
  return [...manifests, ...files.filter(({ path }) => path === 'solution.sh').map(({ text }): Action => ({ run: text }))];
}

function perform(run: LabRun, action: Action, files: readonly TextFile[]): string | undefined {
  const named = files.find(({ path }) => path === (action.apply ?? action.run));
  // What a student applies is in the editor first.
  if (named && action.apply !== undefined) performAction(run.cluster, { writeFile: named }, advance);
  const text = named?.text;
  const filled = text === undefined ? action : action.apply !== undefined ? { apply: text } : { run: text };
  const problem = performAction(run.cluster, filled, advance);
  run.observe();
  return problem;

  function advance(ms: number): void {
    run.advance(ms);
  }
}
