import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { createTemporaryFolder } from './temporary-folder.ts';

export interface WorkerBundle {
  readonly script: URL;
  [Symbol.dispose](): void;
}

/** A worker thread runs JavaScript: this makes one of a TypeScript entry, as scripts/bundle.mjs does for the server. */
export async function bundleWorker(entry: string): Promise<WorkerBundle> {
  const folder = createTemporaryFolder();
  const outfile = path.join(folder.path, 'worker.mjs');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external', target: 'node20' });
  return { script: pathToFileURL(outfile), [Symbol.dispose]: () => folder[Symbol.dispose]() };
}
