import { giveAnswer } from './answer-steps.ts';
import type { CheckKinds } from './check.ts';
import type { GradeResult } from './grade.ts';
import type { TextFile } from './lab.ts';
import { LabRun } from './lab-run.ts';
import type { LabFolder, WrittenAnswer } from './load-lab.ts';

/** A change of a solution: a mistake that must be seen, or another way of writing the same. */
interface Mutator {
  readonly name: string;
  readonly isMistake: boolean;
  /** The changed text, or `undefined` when there is nothing to change. */
  change(text: string): string | undefined;
}

export interface Mutant {
  readonly lab: string;
  readonly solution: string;
  readonly mutator: string;
  readonly isMistake: boolean;
  readonly score: number;
  readonly max: number;
  readonly isAsExpected: boolean;
}

function swap(name: string, pattern: RegExp, by: string, isMistake = true): Mutator {
  return {
    name,
    isMistake,
    change(text) {
      const changed = text.replace(pattern, by);
      return changed === text ? undefined : changed;
    },
  };
}

const mutators: readonly Mutator[] = [
  swap('selector of the Service', /(kind: Service[\s\S]*?selector:\s+\w+: )(\S+)/, '$1$2x'),
  swap('target port', /targetPort: \S+/, 'targetPort: 8099'),
  swap('port of the Service', /(kind: Service[\s\S]*?- port: )\d+/, '$18081'),
  swap('namespace', /^metadata:\n/m, 'metadata:\n  namespace: kube-public\n'),
  swap('image tag', /image: (\S+):\S+/, 'image: $1:no-such-tag'),
  swap('image name', /image: (\S+):/, 'image: $1x:'),
  swap('replicas', /replicas: \d+/, 'replicas: 1'),
  swap('label of the pods', /(template:\s+metadata:\s+labels:\s+\w+: )(\S+)/, '$1$2x'),
  swap('probe path', /(Probe:[\s\S]*?path: )\S+/, '$1/no-such-path'),
  swap('an extra label', /^( *)labels:\n/m, '$1labels:\n$1  note: mine\n', false),
  swap('an extra annotation', /^metadata:\n(?![\s\S]*annotations:)/m, 'metadata:\n  annotations:\n    note: mine\n', false),
  swap(
    'a sidecar',
    /(template:[\s\S]*?)( +)containers:\n/,
    '$1$2containers:\n$2  - name: pause\n$2    image: registry.k8s.io/pause:3.10\n',
    false,
  ),
  { name: 'documents in another order', isMistake: false, change: reverseDocuments },
];

function reverseDocuments(text: string): string | undefined {
  const documents = text.split(/^---\n/m);
  return documents.length < 2
    ? undefined
    : documents
        .map((one) => one.replace(/\n?$/, '\n'))
        .reverse()
        .join('---\n');
}

/** Changes the solutions of a lab: mistakes must lose points, other ways of writing the same must not. */
export function mutateLab({ lab, solutions }: LabFolder, kinds: CheckKinds): readonly Mutant[] {
  const start = LabRun.open(lab, kinds, { seed: lab.seed });
  return solutions.flatMap((solution) =>
    mutators.flatMap(({ name, isMistake, change }): readonly Mutant[] => {
      // In every manifest at once: a later one would undo what an earlier one says.
      const files = solution.files.map((file) => ({ ...file, text: (isManifest(file) ? change(file.text) : undefined) ?? file.text }));
      if (files.every(({ text }, index) => text === solution.files[index]?.text)) return [];
      const { score, max, checks } = gradeAnswer(LabRun.resume(lab, kinds, start.cluster.fork(), start.progress), { ...solution, files });
      return [
        {
          lab: `${lab.dayId}/${lab.id}`,
          solution: solution.name,
          mutator: name,
          isMistake,
          score,
          max,
          isAsExpected: isMistake !== checks.every(({ status }) => status === 'pass'),
        },
      ];
    }),
  );
}

function isManifest({ path, text }: TextFile): boolean {
  return /\.ya?ml$/.test(path) && path !== 'steps.yaml' && text.includes('kind:');
}

function gradeAnswer(run: LabRun, answer: WrittenAnswer): GradeResult {
  // A mutant's script may fail half-way; what it left is what is graded.
  giveAnswer(run, answer);
  return run.grade();
}
