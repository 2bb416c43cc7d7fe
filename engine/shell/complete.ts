import { resolvePath } from '../machine/machine-files.ts';
import { builtins } from './builtins.ts';
import { completeKubectl } from './kubectl/complete.ts';
import type { ShellHost } from './shell-host.ts';
import type { ShellState } from './shell-state.ts';

export interface Completion {
  readonly choices: readonly string[];
  /** Where in the text the completed word begins. */
  readonly from: number;
}

/** What the last word of a line could become. */
export function complete(text: string, host: ShellHost, state: ShellState): Completion {
  const command = text
    .slice(Math.max(text.lastIndexOf('|'), text.lastIndexOf(';'), text.lastIndexOf('&'), text.lastIndexOf('(')) + 1)
    .trimStart();
  const words = command.split(/\s+/);
  const typed = words.at(-1) ?? '';
  const from = text.length - typed.length;
  if (words.length <= 1) return { choices: commandNames(typed, host, state), from };
  const name = state.aliases.get(words[0] as string) ?? (words[0] as string);
  const known =
    name.split(' ')[0] === 'kubectl' ? completeKubectl([...name.split(' ').slice(1), ...words.slice(1, -1)], typed, host) : undefined;
  return { choices: known ?? fileNames(typed, host, state), from };
}

function commandNames(typed: string, host: ShellHost, state: ShellState): readonly string[] {
  if (typed.includes('/')) return fileNames(typed, host, state);
  const names = new Set([...Object.keys(builtins), ...host.commandNames, ...state.functions.keys(), ...state.aliases.keys()]);
  return [...names].filter((name) => name.startsWith(typed) && /^\w/.test(name)).sort();
}

function fileNames(typed: string, host: ShellHost, state: ShellState): readonly string[] {
  const slash = typed.lastIndexOf('/') + 1;
  const directory = resolvePath(state.cwd, typed.slice(0, slash).replace(/^~/, host.home) || '.');
  const names = host.files.list(directory) ?? [];
  return names
    .filter((name) => name.startsWith(typed.slice(slash)) && (typed.slice(slash) !== '' || !name.startsWith('.')))
    .map((name) => `${typed.slice(0, slash)}${name}${host.files.isDirectory(resolvePath(directory, name)) ? '/' : ''}`);
}
