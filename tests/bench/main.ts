import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { measurements } from './engine.ts';
import { type Figure, missesTarget, printFigures } from './report.ts';

const peerBundle = 'dist/bench-peer.mjs';
const run = promisify(execFile);

/** Which of our figures the peer's numbers stand beside, in the peer's order. */
const peerFigures: Readonly<Record<string, readonly string[]>> = {
  boot: ['boot, 3 nodes, median of 20', 'boot, 3 nodes, the first one'],
  deploy: ['Deployment of 100 on 10 nodes to all Ready'],
  idle: ['heap of an idle cluster (100 of them)'],
  requests: ['creates', 'gets', 'LIST of 1000'],
};

/** The peer can only be loaded as a bundle: its modules import each other without extensions. */
async function bundlePeer(): Promise<void> {
  await build({
    entryPoints: ['tests/bench/peer.ts'],
    outfile: peerBundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
}

async function measurePeer(name: string): Promise<ReadonlyMap<string, number>> {
  const figures = peerFigures[name] ?? [];
  if (figures.length === 0) return new Map();
  try {
    const { stdout } = await run(process.execPath, ['--expose-gc', peerBundle, name], { timeout: 300_000, maxBuffer: 1e8 });
    const values = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]') as readonly number[];
    return new Map(values.map((value, index) => [figures[index] ?? '', value]));
  } catch (error) {
    console.error(`the peer could not be measured (${name}): ${error instanceof Error ? error.message : String(error)}`);
    return new Map();
  }
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const isJson = args.includes('--json');
  const names = args.filter((argument) => !argument.startsWith('-'));
  const unknown = names.filter((name) => !measurements[name]);
  if (unknown.length > 0)
    throw new Error(`there is no measurement ${unknown.join(', ')}; there are: ${Object.keys(measurements).join(', ')}`);
  await bundlePeer();
  const figures: Figure[] = [];
  for (const name of names.length > 0 ? names : Object.keys(measurements)) {
    const own = measurements[name]?.() ?? [];
    const peer = await measurePeer(name);
    figures.push(...own.map((figure) => ({ ...figure, ...(peer.has(figure.name) && { peer: peer.get(figure.name) as number }) })));
  }
  if (isJson) console.log(JSON.stringify(figures));
  else printFigures(figures);
  if (figures.some(missesTarget)) process.exitCode = 1;
}

await main();
