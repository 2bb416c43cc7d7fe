import type { FileSystem } from '../images/image-program.ts';

/** Files of a machine by absolute path; a directory is an entry that ends with `/`. Plain data. */
export type MachineFilesState = Map<string, string>;

/** Most bytes that one machine's files may take together. */
const maxTotalBytes = 20_000_000;

/** The file system of a workstation or node. */
export class MachineFiles implements FileSystem {
  readonly #files: MachineFilesState;
  readonly #onChange: (path: string) => void;

  constructor(files: MachineFilesState, onChange: (path: string) => void = () => {}) {
    this.#files = files;
    this.#onChange = onChange;
  }

  read(path: string): string | undefined {
    return this.#files.get(path);
  }

  write(path: string, content: string): string | undefined {
    if (this.isDirectory(path)) return 'Is a directory';
    if (!this.isDirectory(parentOf(path))) return 'No such file or directory';
    if (this.#totalBytes() - (this.#files.get(path)?.length ?? 0) + content.length > maxTotalBytes) return 'No space left on device';
    this.#files.set(path, content);
    this.#onChange(path);
    return undefined;
  }

  append(path: string, content: string): string | undefined {
    return this.write(path, (this.#files.get(path) ?? '') + content);
  }

  makeDirectory(path: string): string | undefined {
    if (this.#files.has(path) || this.isDirectory(path)) return 'File exists';
    if (!this.isDirectory(parentOf(path))) return 'No such file or directory';
    this.#files.set(`${path}/`, '');
    return undefined;
  }

  remove(path: string): string | undefined {
    if (this.#files.delete(path)) {
      this.#onChange(path);
      return undefined;
    }
    if (!this.isDirectory(path)) return 'No such file or directory';
    for (const known of [...this.#files.keys()]) {
      if (!known.startsWith(`${path}/`)) continue;
      this.#files.delete(known);
      if (!known.endsWith('/')) this.#onChange(known);
    }
    return undefined;
  }

  list(path: string): readonly string[] | undefined {
    if (!this.isDirectory(path)) return undefined;
    const prefix = path === '/' ? '/' : `${path}/`;
    const names = new Set<string>();
    for (const known of this.#files.keys()) {
      const rest = known.startsWith(prefix) ? known.slice(prefix.length) : '';
      const slash = rest.indexOf('/');
      if (rest !== '') names.add(slash < 0 ? rest : rest.slice(0, slash));
    }
    return [...names].sort();
  }

  isDirectory(path: string): boolean {
    if (path === '/' || path === '') return true;
    const prefix = `${path}/`;
    for (const known of this.#files.keys()) if (known.startsWith(prefix)) return true;
    return false;
  }

  #totalBytes(): number {
    let total = 0;
    for (const content of this.#files.values()) total += content.length;
    return total;
  }
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** An absolute path without `.`, `..` and doubled slashes. */
export function resolvePath(from: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${from}/${path}`).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}
