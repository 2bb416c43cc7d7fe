// Our TypeScript runs under plain Node as esbuild bundles in dist/; packages stay in node_modules.
import { existsSync } from 'node:fs';

const entryPoints = {
  server: 'server/main.ts',
  'cluster-worker': 'server/clusters/cluster-worker.ts',
  lab: 'labs/sdk/cli.ts',
  bench: 'tests/bench/main.ts',
};

function options(names) {
  const entries = names.map((name) => [name, entryPoints[name]]);
  for (const [name, file] of entries) {
    if (!existsSync(file)) throw new Error(`cannot bundle ${name}: there is no ${file}`);
  }
  return {
    entryPoints: Object.fromEntries(entries),
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  };
}

export async function bundle(...names) {
  const { build } = await import('esbuild');
  await build(options(names));
}

/** Bundles again after each change; `onBuilt` is called after every success, the first one included. */
export async function bundleAndWatch(names, onBuilt) {
  const { context } = await import('esbuild');
  const report = {
    name: 'report',
    setup: (build) => {
      build.onEnd((result) => {
        if (result.errors.length === 0) onBuilt();
      });
    },
  };
  const watching = await context({ ...options(names), plugins: [report] });
  await watching.watch();
}
