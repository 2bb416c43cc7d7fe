import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const labText = (id: string): string => `# yaml-language-server: $schema=../../sdk/schemas/lab.schema.json
id: ${id}
title: What the student does
summary: One or two sentences for the card of the lab.
level: core
minutes: 20
cluster:
  workers: 2
tasks:
  - id: first-task
    title: What has to be done
checks:
  - id: pod-is-ready
    title: A pod is Ready
    task: first-task
    points: 10
    expect:
      count:
        kind: pod
        selector: app=web
        where: ready(object)
        min: 1
        what: Ready pods with the label app=web
    message: There is no Ready pod with the label app=web.
    hints:
      - What to look at.
      - What is wrong.
      - How to mend it.
`;

const manifest = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: nginx:1.27
`;

/** Makes a lab that already passes, to be changed into the real one. Gives a sentence for the author. */
export function createLab(directory: string): string {
  if (!/day-\d\d-[^/]+\/[a-z0-9-]+\/?$/.test(directory)) return 'Say where: npm run lab -- new labs/day-10-namespaces/two-teams';
  if (existsSync(directory)) return `${directory} is there already; nothing was changed.`;
  const files: Readonly<Record<string, string>> = {
    'lab.yaml': labText(basename(directory)),
    'task.mdx': 'What this is about, and why.\n\n## first-task\n\nRun a pod with the label `app: web`.\n',
    'solutions/01-declarative/web.yaml': manifest,
    'solutions/02-imperative/solution.sh': 'kubectl run web --image=nginx:1.27 --labels=app=web\n',
    'near-misses/01-wrong-label/web.yaml': manifest.replace('app: web', 'app: wep'),
    'near-misses/01-wrong-label/expect.yaml': 'check: pod-is-ready\nmessage: There is no Ready pod\n',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return `Made ${directory}. Add "${basename(directory)}" to \`labs\` in ${join(dirname(directory), 'day.yaml')}, then run npm run lab -- verify ${directory}.`;
}
