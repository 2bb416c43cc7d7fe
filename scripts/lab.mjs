// npm run lab -- new|lint|verify|preview …: the author's tools (labs/sdk/cli.ts).

import { bundle } from './bundle.mjs';
import { fail } from './console.mjs';
import { ensure } from './ensure.mjs';
import { node, run } from './run.mjs';

async function main() {
  await ensure();
  await bundle('lab');
  process.exitCode = await run(...node('dist/lab.mjs', ...process.argv.slice(2)));
}

main().catch(fail);
