// npm run check: format and lint, types, boundaries, unused code. Every tool runs, so that one round shows all there is to mend.
import { existsSync } from 'node:fs';
import { fail, say } from './console.mjs';
import { ensure } from './ensure.mjs';
import { node, run } from './run.mjs';

/** The cruiser refuses a folder that is not there, which a young checkout may lack. */
function existingFolders() {
  return ['app', 'server', 'labs', 'engine', 'tests', 'scripts'].filter((folder) => existsSync(folder));
}

const checks = [
  { name: 'format and lint (biome)', command: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.'] },
  { name: 'route types (next typegen)', command: ['node_modules/next/dist/bin/next', 'typegen'] },
  { name: 'types (tsc)', command: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  { name: 'types of the engine (tsc, no DOM and no Node)', command: ['node_modules/typescript/bin/tsc', '-p', 'engine'] },
  {
    name: 'boundaries (dependency-cruiser)',
    command: ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', ...existingFolders()],
  },
  { name: 'unused files, exports and dependencies (knip)', command: ['node_modules/knip/bin/knip.js'] },
];

async function main() {
  await ensure();
  const failed = [];
  for (const { name, command } of checks) {
    say(name);
    if ((await run(...node(...command))) !== 0) failed.push(name);
  }
  if (failed.length === 0) {
    say('check passed');
    return;
  }
  say(`check failed:\n${failed.map((name) => `  - ${name}`).join('\n')}`);
  process.exitCode = 1;
}

main().catch(fail);
