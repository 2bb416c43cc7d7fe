import { expect, test } from 'vitest';
import { plantProject } from './planted-project.ts';

test.each([
  'setTimeout(() => {}, 1)',
  'process.exit()',
  "fetch('x')",
  "console.log('x')",
  'structuredClone({})',
  'new AbortController()',
  'document.title',
])("the engine's compiler settings refuse %s", (expression) => {
  using project = plantProject({ 'engine/sim/bad.ts': `export const bad = () => ${expression};\n` });
  const { output, exitCode } = project.run('typescript/bin/tsc', '-p', 'engine', '--pretty', 'false');
  expect({ exitCode, isReported: output.includes('engine/sim/bad.ts(1') }).toEqual({ exitCode: 2, isReported: true });
});

/** What the compiler lets through: ES2023 has Date, promises and Math.random. [rule, file, code] */
const planted: readonly (readonly [rule: string, file: string, code: string])[] = [
  ['lint/style/noRestrictedGlobals', 'engine/sim/clock.ts', 'export const now = () => Date.now();'],
  ['lint/style/noRestrictedGlobals', 'engine/sim/later.ts', 'export const later = () => Promise.resolve(1);'],
  ['lint/style/noRestrictedGlobals', 'engine/shell/clock.ts', 'export const now = () => new Date();'],
  ['Chance is seeded', 'engine/sim/chance.ts', 'export const roll = () => Math.random();'],
  ['lint/nursery/noFloatingPromises', 'server/floating.ts', 'async function work() {}\nexport function start() {\n  work();\n}'],
  [
    'lint/nursery/useExhaustiveSwitchCases',
    'server/switch.ts',
    "export function text(x: 'a' | 'b') {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n}",
  ],
  ['lint/style/noDefaultExport', 'server/default.ts', 'export default 1;'],
  ['lint/style/noProcessEnv', 'server/reads-env.ts', "export const home = process.env['HOME'];"],
  ['lint/suspicious/noExplicitAny', 'server/any.ts', 'export const x: any = 1;'],
  ['lint/style/noExcessiveLinesPerFile', 'server/long.ts', Array.from({ length: 401 }, (_, i) => `export const v${i} = ${i};`).join('\n')],
  [
    'lint/complexity/noExcessiveLinesPerFunction',
    'server/long-function.ts',
    `export function long(x: number[]) {\n${Array.from({ length: 71 }, (_, i) => `  x.push(${i});`).join('\n')}\n}`,
  ],
  ['lint/suspicious/noFocusedTests', 'server/only.test.ts', "import { test } from 'vitest';\ntest.only('x', () => {});"],
];

test('the linter reports each planted breach', () => {
  using project = plantProject(Object.fromEntries(planted.map(([, file, code]) => [file, `${code}\n`])));
  const missing = planted.filter(([rule, file]) => !project.run('@biomejs/biome/bin/biome', 'lint', file).output.includes(rule));
  expect(missing.map(([rule, file]) => `${rule} in ${file}`)).toEqual([]);
});
