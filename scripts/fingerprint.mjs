// Decides whether something made (a build, a generated client) still fits what it was made from: by content, because
// a checkout gives every file a new time.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const skipped = new Set(['node_modules', 'generated', '.next', 'dist', 'data', 'near-misses']);
const isTest = /\.(test|case|spec)\.tsx?$/;

function* filesUnder(entry) {
  if (!existsSync(entry)) return;
  if (!statSync(entry).isDirectory()) {
    yield entry;
    return;
  }
  for (const name of readdirSync(entry).sort()) {
    if (!skipped.has(name) && !isTest.test(name)) yield* filesUnder(path.join(entry, name));
  }
}

/** A hash over the names and contents of files and folders; tests and generated files do not count. */
export function fingerprint(entries) {
  const hash = createHash('sha256');
  for (const entry of entries) {
    for (const file of filesUnder(entry)) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Runs `make` unless `stampFile` says that it succeeded for the same inputs and `outputs` are still there. */
export async function whenStale({ stampFile, inputs, outputs }, make) {
  const wanted = fingerprint(inputs);
  const isFresh = outputs.every((file) => existsSync(file)) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted;
  if (isFresh) return;
  await make();
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
}
