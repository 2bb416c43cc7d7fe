import { whenStale } from './fingerprint.mjs';
import { node, step } from './run.mjs';

const inputs = [
  'app',
  'server',
  'labs',
  'engine',
  'public',
  'next.config.js',
  'postcss.config.mjs',
  'tsconfig.json',
  'tsconfig.base.json',
  'package.json',
  'package-lock.json',
  'prisma/schema.prisma',
];

/** Builds the pages when any source is newer than the last build; `next build` itself is minutes to seconds, this check milliseconds. */
export function buildPages() {
  return whenStale({ stampFile: '.next/kube40-sources', inputs, outputs: ['.next/BUILD_ID'] }, () =>
    step('Building the site (about half a minute)', ...node('node_modules/next/dist/bin/next', 'build'), {
      env: { NODE_ENV: 'production' },
    }),
  );
}
