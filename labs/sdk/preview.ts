import type { CheckKinds } from './check.ts';
import type { Lab } from './lab.ts';
import { LabRun } from './lab-run.ts';

/** A lab as text, with what its start looks like to `kubectl`. */
export function previewLab(lab: Lab, kinds: CheckKinds): string {
  const run = LabRun.open(lab, kinds, { seed: lab.seed });
  const { output } = run.cluster.terminals.run('kubectl get nodes; kubectl get all', (ms) => run.advance(ms));
  const tasks = lab.tasks.map(({ id, title, text }) => {
    const checks = lab.checks.filter(({ task }) => task === id).map((check) => `  [${check.points}] ${check.title} (${check.mode})`);
    return [`## ${title}`, '', text, '', ...checks].join('\n');
  });
  const files = lab.files.map(({ path, isReadOnly }) => `  ${path}${isReadOnly ? ' (read only)' : ''}`);
  return [`# ${lab.title}`, '', lab.intro, '', ...tasks, '', 'Files:', ...files, '', 'The cluster at the start:', output].join('\n');
}
