import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The secret that signs login cookies: made at the first start, kept in the data folder, readable by its owner only. */
export function readOrCreateSecret(dataFolder: string): string {
  mkdirSync(dataFolder, { recursive: true });
  const file = path.join(dataFolder, 'secret');
  try {
    // `wx` fails when the file is there, so that of two first starts at once one wins and both read the same.
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
