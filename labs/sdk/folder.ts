import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { TextFile } from './lab.ts';

/** A folder of the course, with names as problems show them. */
export class Folder {
  readonly root: string;
  readonly path: string;

  constructor(root: string, path: string) {
    this.root = root;
    this.path = path;
  }

  /** Relative to the course. */
  nameOf(file: string): string {
    return relative(this.root, join(this.path, file));
  }

  sub(name: string): Folder {
    return new Folder(this.root, join(this.path, name));
  }

  get isThere(): boolean {
    return existsSync(this.path) && statSync(this.path).isDirectory();
  }

  read(file: string): string | undefined {
    const path = join(this.path, file);
    return existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined;
  }

  folders(): readonly string[] {
    if (!this.isThere) return [];
    return readdirSync(this.path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  }

  /** All files below, by path. */
  files(): readonly TextFile[] {
    if (!this.isThere) return [];
    const found: TextFile[] = [];
    for (const entry of readdirSync(this.path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isFile()) found.push({ path: entry.name, text: readFileSync(join(this.path, entry.name), 'utf8') });
      else for (const { path, text } of this.sub(entry.name).files()) found.push({ path: `${entry.name}/${path}`, text });
    }
    return found;
  }
}
