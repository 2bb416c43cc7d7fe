// npm run bench -- [NAME…] [--json]: measurements, with the peer side by side in the same run (tests/bench/main.ts).

import { bundle } from './bundle.mjs';
import { fail } from './console.mjs';
import { ensure } from './ensure.mjs';
import { node, run } from './run.mjs';

async function main() {
  await ensure();
  await bundle('bench');
  // Collecting garbage on demand is what makes "heap per idle cluster" a number one can repeat.
  const [command, args] = node('--expose-gc', 'dist/bench.mjs', ...process.argv.slice(2));
  process.exitCode = await run(command, args);
}

main().catch(fail);
