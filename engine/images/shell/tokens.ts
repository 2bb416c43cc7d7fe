import type { Word, WordPart } from './words.ts';

export type ShellToken =
  | { readonly kind: 'word'; readonly word: Word; readonly plain: string | undefined }
  | { readonly kind: 'operator'; readonly text: string };

/** A script that is not understood; the text is what the shell prints. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError';
}

const operators = ['&&', '||', ';;', '>>', '2>&1', '1>&2', '>&2', '2>>', '2>', '1>', '&>', '<<', ';', '|', '&', '>', '<', '(', ')', '\n'];

/** Cuts a script into words and operators. */
export function tokenize(script: string): ShellToken[] {
  const tokens: ShellToken[] = [];
  let at = 0;
  while (at < script.length) {
    const character = script[at] as string;
    if (character === ' ' || character === '\t' || character === '\r') at++;
    else if (character === '\\' && script[at + 1] === '\n') at += 2;
    else if (character === '#') while (at < script.length && script[at] !== '\n') at++;
    else {
      const operator = operators.find((text) => script.startsWith(text, at));
      if (operator) {
        tokens.push({ kind: 'operator', text: operator });
        at += operator.length;
      } else {
        const reader = new WordReader(script, at);
        const parts = reader.read(false);
        at = reader.at;
        const [only] = parts;
        tokens.push({
          kind: 'word',
          word: parts,
          plain: !reader.wasQuoted && parts.length === 1 && only?.kind === 'text' ? only.text : undefined,
        });
      }
    }
  }
  return tokens;
}

/** Reads one word with its quotes and substitutions. */
class WordReader {
  readonly #script: string;
  at: number;
  wasQuoted = false;

  constructor(script: string, at: number) {
    this.#script = script;
    this.at = at;
  }

  read(inQuotes: boolean): WordPart[] {
    const parts: WordPart[] = [];
    let text: string | undefined;
    const flush = (): void => {
      if (text !== undefined) parts.push({ kind: 'text', text });
      text = undefined;
    };
    while (this.at < this.#script.length) {
      const character = this.#script[this.at] as string;
      if (inQuotes ? character === '"' : /[\s;|&<>()]/.test(character)) break;
      if (character === '\\') {
        const next = this.#script[this.at + 1] ?? '';
        text = (text ?? '') + (inQuotes && !'"\\$`'.includes(next) ? `\\${next}` : next === '\n' ? '' : next);
        this.at += 2;
        this.wasQuoted = true;
      } else if (character === "'" && !inQuotes) {
        text = (text ?? '') + this.#until("'");
        this.wasQuoted = true;
      } else if (character === '"' && !inQuotes) {
        this.at++;
        flush();
        const inner = this.read(true);
        parts.push(...(inner.length === 0 ? [{ kind: 'text' as const, text: '' }] : inner));
        if (this.#script[this.at] !== '"') throw new ShellSyntaxError('syntax error: unterminated quoted string');
        this.at++;
        this.wasQuoted = true;
      } else if (character === '`') {
        flush();
        parts.push({ kind: 'command', script: this.#until('`'), quoted: inQuotes });
      } else if (character === '$') {
        flush();
        parts.push(this.#substitution(inQuotes));
      } else {
        text = (text ?? '') + character;
        this.at++;
      }
    }
    flush();
    return parts;
  }

  /** From the quote at `at` to the same one again; leaves `at` behind it. */
  #until(quote: string): string {
    const end = this.#script.indexOf(quote, this.at + 1);
    if (end < 0) throw new ShellSyntaxError('syntax error: unterminated quoted string');
    const inner = this.#script.slice(this.at + 1, end);
    this.at = end + 1;
    return inner;
  }

  #substitution(quoted: boolean): WordPart {
    const rest = this.#script.slice(this.at + 1);
    if (rest.startsWith('((')) {
      const end = this.#closing(this.at + 2, '(', ')');
      const expression = this.#script.slice(this.at + 3, end);
      this.at = end + 2;
      return { kind: 'arithmetic', expression };
    }
    if (rest.startsWith('(')) {
      const end = this.#closing(this.at + 1, '(', ')');
      const script = this.#script.slice(this.at + 2, end);
      this.at = end + 1;
      return { kind: 'command', script, quoted };
    }
    if (rest.startsWith('{')) {
      const end = this.#closing(this.at + 1, '{', '}');
      const inner = this.#script.slice(this.at + 2, end);
      this.at = end + 1;
      const parts = /^([A-Za-z_]\w*|[?#@*\d])(?::?-(.*))?/s.exec(inner);
      return {
        kind: 'variable',
        name: parts?.[1] ?? inner,
        fallback: parts?.[2] === undefined ? undefined : new WordReader(`${parts[2]}"`, 0).read(true),
        quoted,
      };
    }
    const name = /^([A-Za-z_]\w*|[?#@*$!\d])/.exec(rest)?.[1];
    if (name === undefined) {
      this.at++;
      return { kind: 'text', text: '$' };
    }
    this.at += 1 + name.length;
    return { kind: 'variable', name, fallback: undefined, quoted };
  }

  /** Position of the bracket that closes the one at `from`. */
  #closing(from: number, open: string, close: string): number {
    let depth = 0;
    for (let i = from; i < this.#script.length; i++) {
      const character = this.#script[i];
      if (character === "'" || character === '"') {
        const end = this.#script.indexOf(character, i + 1);
        if (end > 0) i = end;
      } else if (character === open) depth++;
      else if (character === close && --depth === 0) return i;
    }
    throw new ShellSyntaxError(`syntax error: unexpected end of file (expecting "${close}")`);
  }
}
