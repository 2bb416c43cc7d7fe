import type { FileSystem } from '../images/image-program.ts';
import type { Mount, Volume } from './container-runtime.ts';

/** What a container's file system is put together from. */
export interface FileLayers {
  readonly image: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly readOnlyRoot: boolean;
  volume(name: string): Volume | undefined;
  readonly host: Map<string, string>;
  /** What the container has written outside of mounts; `null` is removed. */
  own(): Map<string, string | null> | undefined;
  ownForWriting(): Map<string, string | null>;
  written(path: string, onHost: boolean): void;
}

interface Place {
  readonly volume: Volume;
  /** Relative to the volume, without a leading slash. */
  readonly path: string;
  readonly readOnly: boolean;
}

const readOnlyText = 'Read-only file system';

/** A container's view of files: image below, own writes above, mounts over both. The longest mount path wins. */
export class ContainerFiles implements FileSystem {
  readonly #layers: FileLayers;

  constructor(layers: FileLayers) {
    this.#layers = layers;
  }

  read(path: string): string | undefined {
    const full = normalizePath(path);
    const place = this.#place(full);
    if (place) return readVolume(place, this.#layers.host);
    const own = this.#layers.own()?.get(full);
    if (own !== undefined) return own ?? undefined;
    return this.#layers.image[full];
  }

  write(path: string, content: string): string | undefined {
    const full = normalizePath(path);
    const place = this.#place(full);
    if (place) return this.#writeVolume(place, content);
    if (this.#layers.readOnlyRoot) return readOnlyText;
    if (this.isDirectory(full)) return 'Is a directory';
    if (!this.isDirectory(parentOf(full))) return 'No such file or directory';
    this.#layers.ownForWriting().set(full, content);
    this.#layers.written(full, false);
    return undefined;
  }

  append(path: string, content: string): string | undefined {
    return this.write(path, (this.read(path) ?? '') + content);
  }

  makeDirectory(path: string): string | undefined {
    const full = normalizePath(path);
    const place = this.#place(full);
    if (place) return place.path === '' ? undefined : this.#writeVolume({ ...place, path: `${place.path}/` }, '');
    if (this.#layers.readOnlyRoot) return readOnlyText;
    this.#layers.ownForWriting().set(`${full}/`, '');
    this.#layers.written(full, false);
    return undefined;
  }

  remove(path: string): string | undefined {
    const full = normalizePath(path);
    const place = this.#place(full);
    if (place) return this.#removeFromVolume(place);
    if (this.#layers.readOnlyRoot) return readOnlyText;
    const own = this.#layers.ownForWriting();
    for (const known of this.#paths()) if (known === full || known.startsWith(`${full}/`)) own.set(known, null);
    this.#layers.written(full, false);
    return undefined;
  }

  list(path: string): readonly string[] | undefined {
    const full = normalizePath(path);
    return this.#isUntouched(full) ? listImage(this.#layers.image, full) : namesIn(this.#paths(), full);
  }

  /** Whether a folder shows what the image has, and nothing else. */
  #isUntouched(full: string): boolean {
    if (this.#layers.own()) return false;
    const prefix = full === '/' ? '/' : `${full}/`;
    return this.#layers.mounts.every(({ path }) => path !== full && !path.startsWith(prefix) && !full.startsWith(`${path}/`));
  }

  isDirectory(path: string): boolean {
    const full = normalizePath(path);
    if (full === '/' || full === '/tmp' || full === '/etc' || full === '/root' || full === '/var' || full === '/dev') return true;
    const prefix = `${full}/`;
    for (const known of this.#paths()) if (known.startsWith(prefix)) return true;
    return false;
  }

  #place(full: string): Place | undefined {
    let best: Mount | undefined;
    for (const mount of this.#layers.mounts) {
      if (
        (full === mount.path || full.startsWith(mount.path === '/' ? '/' : `${mount.path}/`)) &&
        mount.path.length >= (best?.path.length ?? 0)
      )
        best = mount;
    }
    const volume = best && this.#layers.volume(best.volume);
    if (!best || !volume) return undefined;
    const rest = full.slice(best.path.length).replace(/^\//, '');
    const path = best.subPath === '' ? rest : rest === '' ? best.subPath : `${best.subPath}/${rest}`;
    return { volume, path, readOnly: best.readOnly || volume.kind === 'content' };
  }

  #writeVolume({ volume, path, readOnly }: Place, content: string): string | undefined {
    if (readOnly) return readOnlyText;
    if (volume.kind === 'shared') volume.files.set(path, content);
    else if (volume.kind === 'host') {
      const hostPath = joinPath(volume.path, path);
      this.#layers.host.set(hostPath, content);
      this.#layers.written(hostPath, true);
      return undefined;
    }
    this.#layers.written(path, false);
    return undefined;
  }

  #removeFromVolume({ volume, path, readOnly }: Place): string | undefined {
    if (readOnly) return readOnlyText;
    const files = volume.kind === 'shared' ? volume.files : this.#layers.host;
    const full = volume.kind === 'host' ? joinPath(volume.path, path) : path;
    for (const known of [...files.keys()]) if (known === full || known.startsWith(`${full}/`)) files.delete(known);
    this.#layers.written(full, volume.kind === 'host');
    return undefined;
  }

  /** Every visible path. */
  *#paths(): Iterable<string> {
    const own = this.#layers.own();
    for (const path in this.#layers.image) if (own?.get(path) === undefined && !this.#place(path)) yield path;
    if (own) for (const [path, content] of own) if (content !== null && !this.#place(path)) yield path;
    for (const mount of this.#layers.mounts) {
      yield `${mount.path}${mount.subPath === '' ? '/' : ''}`;
      const volume = this.#layers.volume(mount.volume);
      if (!volume) continue;
      for (const path of volumePaths(volume, this.#layers.host)) {
        const inside =
          mount.subPath === '' ? path : path.startsWith(`${mount.subPath}/`) ? path.slice(mount.subPath.length + 1) : undefined;
        if (inside !== undefined) yield joinPath(mount.path, inside);
      }
    }
  }
}

/** Names directly inside a folder; `undefined` when nothing is below it. */
function namesIn(paths: Iterable<string>, folder: string): readonly string[] | undefined {
  const prefix = folder === '/' ? '/' : `${folder}/`;
  const names = new Set<string>();
  let exists = folder === '/';
  for (const known of paths) {
    if (!known.startsWith(prefix)) continue;
    exists = true;
    const name = known.slice(prefix.length).split('/')[0];
    if (name) names.add(name);
  }
  return exists ? [...names].sort() : undefined;
}

/** Folders of images, which all containers of an image share. Derived, never part of the state. */
const imageFolders = new WeakMap<object, Map<string, readonly string[] | undefined>>();

function listImage(image: Readonly<Record<string, string>>, folder: string): readonly string[] | undefined {
  const known = imageFolders.get(image) ?? new Map<string, readonly string[] | undefined>();
  imageFolders.set(image, known);
  if (!known.has(folder)) known.set(folder, namesIn(Object.keys(image), folder));
  return known.get(folder);
}

function readVolume({ volume, path }: Place, host: ReadonlyMap<string, string>): string | undefined {
  if (volume.kind === 'content') return volume.files[path];
  return volume.kind === 'shared' ? volume.files.get(path) : host.get(joinPath(volume.path, path));
}

function* volumePaths(volume: Volume, host: ReadonlyMap<string, string>): Iterable<string> {
  if (volume.kind === 'content') yield* Object.keys(volume.files);
  else if (volume.kind === 'shared') yield* volume.files.keys();
  else for (const path of host.keys()) if (path.startsWith(`${volume.path}/`)) yield path.slice(volume.path.length + 1);
}

export function joinPath(folder: string, path: string): string {
  if (path === '') return folder;
  return folder.endsWith('/') ? folder + path : `${folder}/${path}`;
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** An absolute path without `.`, `..`, doubled or trailing slashes. */
export function normalizePath(path: string): string {
  if (path.startsWith('/') && !/\/\/|\/\.|\/$/.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
