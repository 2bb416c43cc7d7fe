import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const settings = [
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'engine/tsconfig.json',
  'biome.json',
  '.dependency-cruiser.cjs',
  'scripts/lint',
];

export interface PlantedProject {
  /** Runs a tool of this repository inside the planted project; gives what it printed. */
  readonly run: (tool: string, ...args: readonly string[]) => { readonly output: string; readonly exitCode: number | null };
  [Symbol.dispose](): void;
}

/** A project with our settings and somebody's bad files, so that planting them never touches the real tree. */
export function plantProject(files: Readonly<Record<string, string>>): PlantedProject {
  const root = mkdtempSync(path.join(tmpdir(), 'kube40-planted-'));
  for (const file of settings) cpSync(file, path.join(root, file), { recursive: true });
  symlinkSync(path.resolve('node_modules'), path.join(root, 'node_modules'));
  writeFileSync(path.join(root, '.gitignore'), 'node_modules\n');
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return {
    run(tool, ...args) {
      const result = spawnSync(process.execPath, [path.resolve('node_modules', tool), ...args], {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      return { output: `${result.stdout}${result.stderr}`, exitCode: result.status };
    },
    [Symbol.dispose]() {
      rmSync(root, { recursive: true, force: true });
    },
  };
}
