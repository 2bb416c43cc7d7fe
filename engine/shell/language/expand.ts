import type { FileSystem } from '../../images/image-program.ts';
import { resolvePath } from '../../machine/machine-files.ts';
import type { ShellState } from '../shell-state.ts';
import type { Wait } from '../task.ts';
import { evaluateArithmetic } from './arithmetic.ts';
import { hasPattern, patternToRegExp } from './pattern.ts';
import type { Word, WordPart } from './syntax.ts';

/** What expansion needs from the interpreter. */
export interface ExpansionHost {
  readonly state: ShellState;
  readonly files: FileSystem;
  /** Runs a script in a subshell and gives what it printed. */
  substitute(script: string): Generator<Wait, string, void>;
}

/** A stop with a message and the exit code 1, like bash's fatal expansion errors. */
export class ExpansionProblem extends Error {
  override readonly name = 'ExpansionProblem';
}

/** Text with a mark on each character that quoting protects from splitting and globbing. */
interface Field {
  text: string;
  /** Same length as `text`: `1` where quoted. */
  mask: string;
  isPresent: boolean;
}

/** Expands words to arguments: variables, commands, arithmetic, tilde, braces, splitting, file names. */
export function* expandWords(words: readonly Word[], host: ExpansionHost): Generator<Wait, string[], void> {
  const results: string[] = [];
  for (const word of words) {
    for (const variant of expandBraces(word)) {
      for (const field of yield* expandFields(variant, host)) results.push(...globField(field, host));
    }
  }
  return results;
}

/** Expands a word to one text, without splitting and globbing: assignments, redirections, `case`. */
export function* expandText(word: Word, host: ExpansionHost): Generator<Wait, string, void> {
  let text = '';
  for (const [index, part] of word.entries()) text += (yield* partTexts(part, host, index === 0)).join(' ');
  return text;
}

/** Like `expandText`, with quoted pattern characters escaped by backslashes. */
export function* expandPattern(word: Word, host: ExpansionHost): Generator<Wait, string, void> {
  let text = '';
  for (const [index, part] of word.entries()) {
    const value = (yield* partTexts(part, host, index === 0)).join(' ');
    text += part.quoted ? value.replaceAll(/[\\*?[\]]/g, '\\$&') : value;
  }
  return text;
}

function* expandFields(word: Word, host: ExpansionHost): Generator<Wait, Field[], void> {
  const fields: Field[] = [{ text: '', mask: '', isPresent: false }];
  for (const [index, part] of word.entries()) {
    const values = yield* partTexts(part, host, index === 0);
    const isList = part.kind === 'variable' && part.quoted && isAtList(part);
    if (isList && values.length === 0) continue;
    values.forEach((value, at) => {
      if (at > 0) fields.push({ text: '', mask: '', isPresent: true });
      const needsSplit = !part.quoted && part.kind !== 'text';
      if (needsSplit) splitInto(fields, value, host.state.variables.get('IFS') ?? ' \t\n');
      else append(fields.at(-1) as Field, value, part.quoted);
    });
  }
  return fields.filter((field) => field.isPresent);
}

function isAtList(part: WordPart & { readonly kind: 'variable' }): boolean {
  return part.name === '@' || part.name.endsWith('[@]');
}

function append(field: Field, value: string, quoted: boolean): void {
  field.text += value;
  field.mask += (quoted ? '1' : '0').repeat(value.length);
  if (quoted || value !== '') field.isPresent = true;
}

function splitInto(fields: Field[], value: string, separators: string): void {
  if (separators === '') {
    append(fields.at(-1) as Field, value, false);
    return;
  }
  let isGap = false;
  for (const character of value) {
    if (separators.includes(character)) {
      isGap = true;
      continue;
    }
    const last = fields.at(-1) as Field;
    if (isGap && last.isPresent) fields.push({ text: '', mask: '', isPresent: false });
    isGap = false;
    append(fields.at(-1) as Field, character, false);
  }
  if (isGap && (fields.at(-1) as Field).isPresent) fields.push({ text: '', mask: '', isPresent: false });
}

function globField({ text, mask }: Field, { files, state }: ExpansionHost): readonly string[] {
  let pattern = '';
  for (let at = 0; at < text.length; at++)
    pattern += mask[at] === '1' && '*?[]\\'.includes(text[at] as string) ? `\\${text[at]}` : text[at];
  if (!hasPattern(pattern)) return [text];
  const found = matchPath(pattern, files, state.cwd);
  return found.length === 0 ? [text] : found;
}

function matchPath(pattern: string, files: FileSystem, cwd: string): string[] {
  const isAbsolute = pattern.startsWith('/');
  let prefixes = [isAbsolute ? '/' : ''];
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    const next: string[] = [];
    for (const prefix of prefixes) {
      const names = files.list(resolvePath(cwd, prefix === '' ? '.' : prefix)) ?? [];
      const matcher = patternToRegExp(segment);
      for (const name of names)
        if (matcher.test(name) && (segment.startsWith('.') || !name.startsWith('.')))
          next.push(`${prefix}${prefix === '' || prefix.endsWith('/') ? '' : '/'}${name}`);
    }
    prefixes = next;
  }
  return prefixes.sort();
}

function* partTexts(part: WordPart, host: ExpansionHost, isFirst: boolean): Generator<Wait, string[], void> {
  switch (part.kind) {
    case 'text':
      return [isFirst && !part.quoted ? expandTilde(part.text, host.state) : part.text];
    case 'command':
      return [(yield* host.substitute(part.script)).replace(/\n+$/, '')];
    case 'arithmetic': {
      const inner = yield* expandInner(part.expression, host);
      return [String(evaluateArithmetic(inner, variablesOf(host.state)))];
    }
    case 'variable':
      return yield* expandVariable(part, host);
  }
}

/** `$(…)` inside of an arithmetic expression. */
function* expandInner(expression: string, host: ExpansionHost): Generator<Wait, string, void> {
  let text = expression;
  for (let found = /\$\(([^()]*)\)/.exec(text); found; found = /\$\(([^()]*)\)/.exec(text)) {
    text = text.slice(0, found.index) + (yield* host.substitute(found[1] as string)).trim() + text.slice(found.index + found[0].length);
  }
  return text.replaceAll(
    /\$\{([A-Za-z_]\w*)\}|\$([#?@*0-9])/g,
    (_whole, name: string | undefined, special: string | undefined) => readVariable(host.state, name ?? special ?? '') ?? '0',
  );
}

export function variablesOf(state: ShellState): { read(name: string): string; assign(name: string, value: string): void } {
  return { read: (name) => readVariable(state, name) ?? '', assign: (name, value) => state.variables.set(name, value) };
}

function expandTilde(text: string, state: ShellState): string {
  return text === '~' || text.startsWith('~/') ? `${state.variables.get('HOME') ?? ''}${text.slice(1)}` : text;
}

/** The value of a variable or parameter; `undefined` when unset. */
export function readVariable(state: ShellState, name: string): string | undefined {
  if (name === '?') return String(state.lastStatus);
  if (name === '#') return String(state.positional.length);
  if (name === '@' || name === '*') return state.positional.join(' ');
  if (name === '$') return '1001';
  if (name === '!') return '';
  if (name === '-') return state.errexit ? 'ehB' : 'hB';
  if (name === '0') return state.name;
  if (/^\d+$/.test(name)) return state.positional[Number(name) - 1];
  const element = /^(\w+)\[(.+)\]$/.exec(name);
  if (!element) return state.variables.get(name) ?? state.arrays.get(name)?.[0];
  const items = state.arrays.get(element[1] as string);
  if (element[2] === '@' || element[2] === '*') return items?.join(' ');
  const index = evaluateArithmetic(element[2] as string, variablesOf(state));
  return items?.at(index);
}

function listValues(state: ShellState, name: string): string[] | undefined {
  if (name === '@' || name === '*') return [...state.positional];
  const list = /^(\w+)\[[@*]\]$/.exec(name);
  return list ? [...(state.arrays.get(list[1] as string) ?? [])] : undefined;
}

function* expandVariable(part: WordPart & { readonly kind: 'variable' }, host: ExpansionHost): Generator<Wait, string[], void> {
  const { state } = host;
  const list = listValues(state, part.name);
  if (part.operator === '#length') return [String(list ? list.length : (readVariable(state, part.name) ?? '').length)];
  if (list && part.operator === '') return isAtList(part) || !part.quoted ? list : [list.join(' ')];
  const value = readVariable(state, part.name);
  const argument = function* (): Generator<Wait, string, void> {
    return yield* expandText(part.argument, host);
  };
  const isMissing = value === undefined || (part.operator.startsWith(':') && value === '');
  switch (part.operator.replace(/^:(?=.)/, '')) {
    case '-':
      return [isMissing ? yield* argument() : value];
    case '=': {
      if (!isMissing) return [value];
      const assigned = yield* argument();
      state.variables.set(part.name, assigned);
      return [assigned];
    }
    case '+':
      return [isMissing ? '' : yield* argument()];
    case '?':
      if (isMissing) throw new ExpansionProblem(`${part.name}: ${(yield* argument()) || 'parameter null or not set'}`);
      return [value];
    default:
      break;
  }
  if (value === undefined && state.nounset && part.operator === '' && !'@*'.includes(part.name))
    throw new ExpansionProblem(`${part.name}: unbound variable`);
  return [yield* editValue(value ?? '', part, host)];
}

function* editValue(
  value: string,
  { operator, argument }: WordPart & { readonly kind: 'variable' },
  host: ExpansionHost,
): Generator<Wait, string, void> {
  if (operator === '') return value;
  if (operator === '^^') return value.toUpperCase();
  if (operator === ',,') return value.toLowerCase();
  if (operator === '^') return value.slice(0, 1).toUpperCase() + value.slice(1);
  if (operator === ',') return value.slice(0, 1).toLowerCase() + value.slice(1);
  const text = yield* expandText(argument, host);
  if (operator === ':') return slice(value, text, host.state);
  if (operator === '#' || operator === '##')
    return value.replace(patternToRegExp(text, { anchored: 'start', greedy: operator === '##' }), '');
  if (operator === '%' || operator === '%%') return removeSuffix(value, text, operator === '%%');
  const slash = text.indexOf('/');
  const pattern = patternToRegExp(slash < 0 ? text : text.slice(0, slash)).source.slice(1, -1);
  const replacement = slash < 0 ? '' : text.slice(slash + 1);
  if (pattern === '') return value;
  return value.replace(new RegExp(pattern, operator === '//' ? 'g' : ''), () => replacement);
}

function removeSuffix(value: string, pattern: string, longest: boolean): string {
  const matcher = patternToRegExp(pattern);
  const starts = Array.from({ length: value.length + 1 }, (_, index) => index);
  const at = (longest ? starts : starts.reverse()).find((start) => matcher.test(value.slice(start)));
  return at === undefined ? value : value.slice(0, at);
}

function slice(value: string, text: string, state: ShellState): string {
  const [from = '0', length] = text.split(':');
  const start = evaluateArithmetic(from, variablesOf(state));
  const begin = start < 0 ? Math.max(0, value.length + start) : start;
  if (length === undefined) return value.slice(begin);
  const count = evaluateArithmetic(length, variablesOf(state));
  return count < 0 ? value.slice(begin, value.length + count) : value.slice(begin, begin + count);
}

/** `{a,b}` and `{1..3}` in unquoted text, one level at a time. */
function expandBraces(word: Word): readonly Word[] {
  for (const [index, part] of word.entries()) {
    if (part.kind !== 'text' || part.quoted) continue;
    const range = /^([^{]*)\{(-?\d+)\.\.(-?\d+)\}([\s\S]*)$/.exec(part.text);
    const choice = /^([^{]*)\{([^{}]*,[^{}]*)\}([\s\S]*)$/.exec(part.text);
    const [before, values, after] = range
      ? [range[1], numbers(Number(range[2]), Number(range[3])), range[4]]
      : choice
        ? [choice[1], (choice[2] as string).split(','), choice[3]]
        : [undefined, [], undefined];
    if (before === undefined || after === undefined) continue;
    return values.flatMap((value) =>
      expandBraces([...word.slice(0, index), { kind: 'text', text: `${before}${value}${after}`, quoted: false }, ...word.slice(index + 1)]),
    );
  }
  return [word];
}

function numbers(from: number, to: number): string[] {
  const count = Math.min(Math.abs(to - from) + 1, 100_000);
  return Array.from({ length: count }, (_, index) => String(from <= to ? from + index : from - index));
}
