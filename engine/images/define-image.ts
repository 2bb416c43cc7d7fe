import type { ImageDefinition, ImageProgram, ImageTag, ProgramContext, Signal } from './image-program.ts';

type Required = Pick<ImageDefinition, 'repository' | 'tags'>;

/** Completes an image with what most images have. */
export function defineImage(input: Required & Partial<ImageDefinition>): ImageDefinition {
  return {
    entrypoint: [],
    cmd: [],
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    exposedPorts: [],
    user: '0',
    workdir: '/',
    files: noFiles,
    programs: {},
    userland: undefined,
    usage: { cpuMillis: 1, memoryMiB: 5 },
    ...input,
  };
}

const none: Readonly<Record<string, string>> = Object.freeze({});
function noFiles(): Readonly<Record<string, string>> {
  return none;
}

/** `12.3` MB as tags list it. */
export function tagsOf(sizes: Readonly<Record<string, number>>, aliases: Readonly<Record<string, string>> = {}): ImageTag[] {
  const tags: ImageTag[] = Object.entries(sizes).map(([tag, megabytes]) => ({
    tag,
    sizeBytes: Math.round(megabytes * 1_000_000) + spread(tag),
  }));
  for (const [tag, sameAs] of Object.entries(aliases))
    tags.push({ tag, sameAs, sizeBytes: tags.find((known) => known.tag === sameAs)?.sizeBytes ?? 0 });
  return tags;
}

/** Real sizes are no round numbers. */
function spread(tag: string): number {
  let sum = 7;
  for (const character of tag) sum = (sum * 31 + character.charCodeAt(0)) % 90_000;
  return sum;
}

/** What most servers do when they are told to stop. */
export function exitOnStop(p: ProgramContext, signal: Signal): void {
  if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGQUIT') p.exit(0);
}

/** A process that does nothing until it is stopped. */
export const idleProgram: ImageProgram = { initialState: () => ({}), start() {}, onSignal: exitOnStop };

/** The flags of a Go or C command line: `--port=80`, `-port 80`. */
export function flagOf(argv: readonly string[], name: string): string | undefined {
  for (let i = 0; i < argv.length; i++) {
    const text = argv[i] as string;
    const bare = text.replace(/^--?/, '');
    if (!text.startsWith('-')) continue;
    if (bare.startsWith(`${name}=`)) return bare.slice(name.length + 1);
    if (bare === name) return argv[i + 1] ?? '';
  }
  return undefined;
}
