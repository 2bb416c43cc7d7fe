import type { FileSystem } from './image-program.ts';

/** The part of a server block that is simulated: `listen`, `root`, `index`, `location` with `root`, `return`, `proxy_pass`. */
export interface ServerConfig {
  readonly port: number;
  readonly root: string;
  readonly index: readonly string[];
  readonly locations: readonly LocationConfig[];
}

export interface LocationConfig {
  readonly prefix: string;
  readonly root: string | undefined;
  readonly reply: { readonly status: number; readonly body: string } | undefined;
  readonly proxyTo: { readonly host: string; readonly port: number } | undefined;
}

export type ConfigAnswer =
  | { readonly kind: 'ready'; readonly servers: readonly ServerConfig[] }
  | { readonly kind: 'broken'; readonly message: string };

interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block: readonly Directive[] | undefined;
}

const folder = '/etc/nginx/conf.d';
const defaultRoot = '/usr/share/nginx/html';

/** Reads the server blocks of `/etc/nginx/conf.d/*.conf`, or of nginx.conf itself where it has some. */
export function readServerConfig(files: FileSystem): ConfigAnswer {
  const servers: ServerConfig[] = [];
  const main = files.read('/etc/nginx/nginx.conf') ?? '';
  const paths = (files.list(folder) ?? []).filter((name) => name.endsWith('.conf')).map((name) => `${folder}/${name}`);
  const sources: [path: string, text: string][] = [
    ['/etc/nginx/nginx.conf', main],
    ...(main.includes('conf.d') ? paths.map((path): [string, string] => [path, files.read(path) ?? '']) : []),
  ];
  for (const [path, text] of sources) {
    const parsed = parseOnce(text, path);
    if (typeof parsed === 'string') return { kind: 'broken', message: parsed };
    for (const block of serverBlocks(parsed)) servers.push(serverOf(block));
  }
  return { kind: 'ready', servers };
}

function serverBlocks(directives: readonly Directive[]): Directive[] {
  return directives.flatMap((directive) =>
    directive.name === 'server' && directive.block ? [directive] : directive.name === 'http' ? serverBlocks(directive.block ?? []) : [],
  );
}

function serverOf({ block = [] }: Directive): ServerConfig {
  const listen = block.find(({ name, args }) => name === 'listen' && !args[0]?.startsWith('['))?.args[0] ?? '80';
  const rootLocation = block.find(({ name, args }) => name === 'location' && args.at(-1) === '/');
  const find = (name: string): readonly string[] | undefined =>
    (block.find((directive) => directive.name === name) ?? rootLocation?.block?.find((directive) => directive.name === name))?.args;
  return {
    port: Number(listen.slice(listen.lastIndexOf(':') + 1)) || 80,
    root: find('root')?.[0] ?? defaultRoot,
    index: find('index') ?? ['index.html'],
    locations: block.filter(({ name }) => name === 'location').map(locationOf),
  };
}

function locationOf({ args, block = [] }: Directive): LocationConfig {
  const find = (name: string): readonly string[] | undefined => block.find((directive) => directive.name === name)?.args;
  const reply = find('return');
  const target = /^https?:\/\/([^:/]+)(?::(\d+))?/.exec(find('proxy_pass')?.[0] ?? '');
  return {
    prefix: args.at(-1) ?? '/',
    root: find('root')?.[0],
    reply: reply && { status: Number(reply[0]) || 200, body: reply.slice(1).join(' ').replaceAll('\\n', '\n') },
    proxyTo: target ? { host: target[1] as string, port: Number(target[2] ?? 80) } : undefined,
  };
}

const parsedTexts = new Map<string, readonly Directive[] | string>();

/** Most containers start with the same few texts. */
function parseOnce(text: string, path: string): readonly Directive[] | string {
  const key = `${path}\n${text}`;
  const known = parsedTexts.get(key);
  if (known !== undefined) return known;
  const parsed = parse(text, path);
  if (parsedTexts.size > 200) parsedTexts.clear();
  parsedTexts.set(key, parsed);
  return parsed;
}

/** Directives of a configuration text, or the message of what is wrong with it. */
function parse(text: string, path: string): readonly Directive[] | string {
  const tokens = tokenize(text);
  let at = 0;
  let problem = '';
  const block = (depth: number): Directive[] => {
    const found: Directive[] = [];
    let words: string[] = [];
    for (; at < tokens.length && problem === ''; at++) {
      const { word, line } = tokens[at] as Token;
      if (word === ';') {
        if (words.length === 0) problem = `unexpected ";" in ${path}:${line}`;
        else found.push({ name: words[0] as string, args: words.slice(1), block: undefined });
        words = [];
      } else if (word === '{') {
        at++;
        found.push({ name: words[0] ?? '', args: words.slice(1), block: block(depth + 1) });
        words = [];
      } else if (word === '}') {
        if (words.length > 0 || depth === 0) problem = `unexpected "}" in ${path}:${line}`;
        return found;
      } else words.push(word);
    }
    if (problem === '' && (depth > 0 || words.length > 0))
      problem = `unexpected end of file, expecting "${depth > 0 ? '}' : ';'}" in ${path}:${tokens.at(-1)?.line ?? 1}`;
    return found;
  };
  const directives = block(0);
  return problem === '' ? directives : problem;
}

interface Token {
  readonly word: string;
  readonly line: number;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  text.split('\n').forEach((content, index) => {
    for (const [word] of content.replace(/(^|\s)#.*$/, '').matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{};]|[^\s{};]+/g)) {
      tokens.push({ word: /^["']/.test(word) ? word.slice(1, -1) : word, line: index + 1 });
    }
  });
  return tokens;
}
