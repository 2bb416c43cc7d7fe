import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

function sourcesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => path.join(folder, file));
}

test("the suffix .client.tsx (or .client.ts) and the directive 'use client' go together", () => {
  const disagreeing = ['app', 'server', 'labs'].flatMap(sourcesUnder).filter((file) => {
    const hasDirective = /^(?:\/\/.*\n|\/\*[\s\S]*?\*\/\s*)*['"]use client['"]/.test(readFileSync(file, 'utf8'));
    // Next fixes these two names, and both must be client components.
    const isNextErrorPage = /(^|\/)(global-)?error\.tsx$/.test(file);
    return hasDirective !== (/\.client\.tsx?$/.test(file) || isNextErrorPage);
  });
  expect(disagreeing).toEqual([]);
});
