import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plantProject } from './planted-project.ts';

const cruiser = 'dependency-cruiser/bin/dependency-cruise.mjs';

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

/** One forbidden import per rule: [the rule, the file that imports, what it imports]. */
const planted: readonly (readonly [rule: string, from: string, to: string])[] = [
  ['engine-sim-looks-down', 'engine/sim/bad.ts', '../etcd/target.ts'],
  ['engine-etcd-looks-down', 'engine/etcd/bad.ts', '../schema/target.ts'],
  ['engine-schema-looks-down', 'engine/schema/bad.ts', '../kinds/target.ts'],
  ['engine-kinds-looks-down', 'engine/kinds/bad.ts', '../apiserver/target.ts'],
  ['engine-apiserver-looks-down', 'engine/apiserver/bad.ts', '../client/target.ts'],
  ['engine-client-looks-down', 'engine/client/bad.ts', '../controllers/target.ts'],
  ['engine-controllers-looks-down', 'engine/controllers/bad.ts', '../scheduler/target.ts'],
  ['engine-scheduler-looks-down', 'engine/scheduler/bad.ts', '../kubelet/target.ts'],
  ['engine-kubelet-looks-down', 'engine/kubelet/bad.ts', '../controllers/target.ts'],
  ['engine-runtime-looks-down', 'engine/runtime/bad.ts', '../kubelet/target.ts'],
  ['engine-network-looks-down', 'engine/network/bad.ts', '../shell/target.ts'],
  ['engine-cloud-looks-down', 'engine/cloud/bad.ts', '../controllers/target.ts'],
  ['engine-shell-looks-down', 'engine/shell/bad.ts', '../cluster.ts'],
  ['engine-is-pure', 'engine/sim/impure.ts', 'zod'],
  ['labs-know-the-engine-and-themselves', 'labs/sdk/bad.ts', '#server/target.ts'],
  ['labs-use-sdk-only', 'labs/checks/bad.ts', '../../engine/sim/target.ts'],
  ['days-do-not-know-each-other', 'labs/day-01-a/bad.ts', '../day-02-b/target.ts'],
  ['server-knows-no-pages', 'server/bad.ts', '../app/target.ts'],
  ['app-no-db', 'app/bad.ts', '#server/db.ts'],
  ['pages-only-read', 'app/page.tsx', '#server/commands/target.ts'],
  ['client-knows-only-the-protocol', 'app/bad.client.tsx', '#server/queries/target.ts'],
  ['not-to-test', 'server/worse.ts', './target.test.ts'],
  ['not-to-dev-dependency', 'server/dev.ts', 'vitest'],
  ['no-unresolvable', 'server/lost.ts', './nowhere.ts'],
];

const targets = [
  ...['sim', 'etcd', 'schema', 'kinds', 'apiserver', 'client', 'controllers', 'scheduler', 'kubelet', 'shell'].map(
    (layer) => `engine/${layer}/target.ts`,
  ),
  'engine/cluster.ts',
  'labs/day-02-b/target.ts',
  'app/target.ts',
  'server/target.ts',
  'server/target.test.ts',
  'server/db.ts',
  'server/commands/target.ts',
  'server/queries/target.ts',
];

test('a planted violation of every import rule is reported', () => {
  const files = Object.fromEntries([
    ...targets.map((file) => [file, 'export const target = 1;\n']),
    ...planted.map(([, from, to]) => [from, `import * as used from '${to}';\nexport const bad = used;\n`]),
    ['server/ring-a.ts', "import { b } from './ring-b.ts';\nexport const a = () => b;\n"],
    ['server/ring-b.ts', "import { a } from './ring-a.ts';\nexport const b = () => a;\n"],
  ]);
  using project = plantProject(files);
  const { output } = project.run(cruiser, 'app', 'server', 'labs', 'engine', '--output-type', 'json');
  const reported = new Set((JSON.parse(output) as Cruise).summary.violations.map(({ from, rule }) => `${rule.name} ${from}`));

  const expected = [...planted.map(([rule, from]) => `${rule} ${from}`), 'no-cycles server/ring-a.ts'];
  expect(expected.filter((line) => !reported.has(line))).toEqual([]);
});

interface CruisedModule {
  readonly source: string;
  readonly dependencies: readonly { readonly resolved: string; readonly dependencyTypes: readonly string[]; readonly typeOnly?: boolean }[];
}

test('the cruiser sees our modules, and no browser module reaches the database through another', () => {
  const folders = ['app', 'server', 'labs', 'engine'].filter((folder) => existsSync(folder));
  const args = [`node_modules/${cruiser}`, ...folders, '--output-type', 'json'];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const { modules, summary } = JSON.parse(stdout) as Cruise & { readonly modules: readonly CruisedModule[] };
  // With a TypeScript that it does not know the cruiser reports "no violations" about no modules at all.
  expect(summary.totalCruised).toBeGreaterThan(20);

  const bySource = new Map(modules.map((module) => [module.source, module]));
  const leaks: string[] = [];
  for (const start of modules.filter(({ source }) => /\.client\.tsx?$/.test(source))) {
    const seen = new Set<string>();
    const queue = [start.source];
    for (let source = queue.pop(); source !== undefined; source = queue.pop()) {
      if (seen.has(source)) continue;
      seen.add(source);
      if (/^server\/(?!gateway\/protocol)/.test(source)) leaks.push(`${start.source} reaches ${source}`);
      // A server action is called over HTTP: what it imports stays on the server.
      if (source.endsWith('actions.ts')) continue;
      for (const dependency of bySource.get(source)?.dependencies ?? []) {
        if (!dependency.dependencyTypes.includes('type-only')) queue.push(dependency.resolved);
      }
    }
  }
  expect(leaks).toEqual([]);
});
