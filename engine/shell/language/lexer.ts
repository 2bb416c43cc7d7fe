import { SyntaxProblem, type Word, type WordPart } from './syntax.ts';

export type Token =
  | { readonly kind: 'word'; readonly word: Word; readonly start: number; readonly end: number; readonly raw: string }
  | { readonly kind: 'operator'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'newline'; readonly start: number; readonly end: number }
  | { readonly kind: 'end'; readonly start: number; readonly end: number };

const operators = ['<<<', '&>>', '<<-', '&&', '||', ';;', '>>', '<<', '>&', '&>', '>|', '<&', ';', '|', '&', '<', '>', '(', ')'];
const special = '@*#?$!-0123456789';

interface HereDocument {
  readonly delimiter: string;
  readonly literal: boolean;
  readonly stripTabs: boolean;
  readonly token: number;
}

/** Splits a script into tokens. Bash's quoting, expansions, comments and here-documents. */
export class Lexer {
  readonly #text: string;
  readonly tokens: Token[] = [];
  #at = 0;
  #hereDocuments: HereDocument[] = [];
  /** Bodies of here-documents by the index of their delimiter's token. */
  readonly bodies = new Map<number, Word>();

  constructor(text: string) {
    this.#text = text;
  }

  run(): readonly Token[] {
    for (;;) {
      this.#skipBlanks();
      const start = this.#at;
      const character = this.#text[start];
      if (character === undefined) break;
      if (character === '\n') {
        this.#at++;
        this.tokens.push({ kind: 'newline', start, end: this.#at });
        this.#readHereDocuments();
        continue;
      }
      const operator = operators.find((candidate) => this.#text.startsWith(candidate, start));
      if (operator) this.#pushOperator(operator, start);
      else this.#pushWord(start);
    }
    if (this.#hereDocuments.length > 0)
      throw new SyntaxProblem(
        `here-document delimited by end-of-file (wanted \`${(this.#hereDocuments[0] as HereDocument).delimiter}')`,
        true,
      );
    this.tokens.push({ kind: 'end', start: this.#at, end: this.#at });
    return this.tokens;
  }

  #pushOperator(operator: string, start: number): void {
    this.#at += operator.length;
    this.tokens.push({ kind: 'operator', text: operator, start, end: this.#at });
  }

  #pushWord(start: number): void {
    const word = this.#readWord();
    const before = this.tokens.at(-1);
    this.tokens.push({ kind: 'word', word, start, end: this.#at, raw: this.#text.slice(start, this.#at) });
    if (before?.kind !== 'operator' || (before.text !== '<<' && before.text !== '<<-')) return;
    const delimiter = word.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    const literal = word.some((part) => part.kind === 'text' && part.quoted);
    this.#hereDocuments.push({ delimiter, literal, stripTabs: before.text === '<<-', token: this.tokens.length - 1 });
  }

  #skipBlanks(): void {
    for (;;) {
      const character = this.#text[this.#at];
      if (character === ' ' || character === '\t' || character === '\r') this.#at++;
      else if (character === '\\' && this.#text[this.#at + 1] === '\n') this.#at += 2;
      else if (character === '#') while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') this.#at++;
      else return;
    }
  }

  #readHereDocuments(): void {
    for (const { delimiter, literal, stripTabs, token } of this.#hereDocuments.splice(0)) {
      let body = '';
      for (;;) {
        if (this.#at >= this.#text.length) throw new SyntaxProblem(`here-document delimited by end-of-file (wanted \`${delimiter}')`, true);
        const end = this.#text.indexOf('\n', this.#at);
        let line = end < 0 ? this.#text.slice(this.#at) : this.#text.slice(this.#at, end);
        this.#at = end < 0 ? this.#text.length : end + 1;
        if (stripTabs) line = line.replace(/^\t+/, '');
        if (line === delimiter) break;
        body += `${line}\n`;
      }
      this.bodies.set(token, literal ? [{ kind: 'text', text: body, quoted: true }] : parseQuoted(body));
    }
  }

  #readWord(): Word {
    const parts: WordPart[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') parts.push({ kind: 'text', text, quoted: false });
      text = '';
    };
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || ' \t\n\r;|&<>()'.includes(character)) break;
      if (character === '\\') {
        const next = this.#text[this.#at + 1];
        this.#at += 2;
        if (next === '\n') continue;
        flush();
        parts.push({ kind: 'text', text: next ?? '\\', quoted: true });
      } else if (character === "'") {
        flush();
        parts.push({ kind: 'text', text: this.#readSingleQuoted(), quoted: true });
      } else if (character === '"') {
        flush();
        parts.push(...this.#readDoubleQuoted());
      } else if (character === '$' && this.#text[this.#at + 1] === "'") {
        flush();
        this.#at++;
        parts.push({ kind: 'text', text: unescapeAnsi(this.#readSingleQuoted()), quoted: true });
      } else if (character === '$' || character === '`') {
        const [part, end] = readExpansion(this.#text, this.#at, false);
        if (part) {
          flush();
          parts.push(part);
        } else text += character;
        this.#at = end;
      } else {
        text += character;
        this.#at++;
      }
    }
    flush();
    return parts;
  }

  #readSingleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end < 0) throw new SyntaxProblem("unexpected EOF while looking for matching `''", true);
    const text = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return text;
  }

  #readDoubleQuoted(): WordPart[] {
    const end = findClosingQuote(this.#text, this.#at + 1);
    const inner = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    const parts = parseQuoted(inner, true);
    return parts.length === 0 ? [{ kind: 'text', text: '', quoted: true }] : [...parts];
  }
}

function findClosingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '"') return at;
    else if (character === '$' || character === '`') at = Math.max(at, readExpansion(text, at, true)[1] - 1);
  }
  throw new SyntaxProblem('unexpected EOF while looking for matching `"\'', true);
}

/** The inside of double quotes or of a here-document: expansions, but no splitting. */
function parseQuoted(text: string, hasQuoteEscape = false): Word {
  const parts: WordPart[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') parts.push({ kind: 'text', text: plain, quoted: true });
    plain = '';
  };
  for (let at = 0; at < text.length; ) {
    const character = text[at] as string;
    const next = text[at + 1];
    if (character === '\\' && next !== undefined && ('$`\\\n'.includes(next) || (hasQuoteEscape && next === '"'))) {
      if (next !== '\n') plain += next;
      at += 2;
      continue;
    }
    if (character !== '$' && character !== '`') {
      plain += character;
      at++;
      continue;
    }
    const [part, end] = readExpansion(text, at, true);
    if (part) {
      flush();
      parts.push(part);
    } else plain += character;
    at = end;
  }
  flush();
  return parts;
}

/** Reads `$…` or `` `…` `` at a position: the part, if it is one, and where it ends. */
function readExpansion(text: string, at: number, quoted: boolean): readonly [WordPart | undefined, number] {
  if (text[at] === '`') {
    const end = text.indexOf('`', at + 1);
    if (end < 0) throw new SyntaxProblem("unexpected EOF while looking for matching ``'", true);
    return [{ kind: 'command', script: text.slice(at + 1, end).replaceAll('\\`', '`'), quoted }, end + 1];
  }
  if (text.startsWith('$((', at)) {
    const end = matchingEnd(text, at + 3, '(', ')');
    if (text[end + 1] === ')') return [{ kind: 'arithmetic', expression: text.slice(at + 3, end), quoted }, end + 2];
  }
  if (text[at + 1] === '(') {
    const end = matchingEnd(text, at + 2, '(', ')');
    return [{ kind: 'command', script: text.slice(at + 2, end), quoted }, end + 1];
  }
  if (text[at + 1] === '{') {
    const end = matchingEnd(text, at + 2, '{', '}');
    return [parseParameter(text.slice(at + 2, end), quoted), end + 1];
  }
  const name =
    /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(at + 1, at + 101))?.[0] ?? (special.includes(text[at + 1] ?? ' ') ? text[at + 1] : undefined);
  if (name === undefined || name === '') return [undefined, at + 1];
  return [{ kind: 'variable', name, operator: '', argument: [], quoted }, at + 1 + name.length];
}

function parseParameter(inner: string, quoted: boolean): WordPart {
  const length = /^#([A-Za-z_][A-Za-z0-9_]*(?:\[[@*]\])?|[@*])$/.exec(inner);
  if (length) return { kind: 'variable', name: length[1] as string, operator: '#length', argument: [], quoted };
  const parts = /^([A-Za-z_][A-Za-z0-9_]*(?:\[[^\]]*\])?|[@*#?$!0-9-])(:?[-=?+]|##?|%%?|\/\/?|:|\^\^?|,,?)?([\s\S]*)$/.exec(inner);
  if (!parts) throw new SyntaxProblem(`\${${inner}}: bad substitution`);
  return { kind: 'variable', name: parts[1] as string, operator: parts[2] ?? '', argument: parseQuoted(parts[3] ?? ''), quoted };
}

function matchingEnd(text: string, from: number, open: string, close: string): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) break;
      at = end;
    } else if (character === '"') at = findClosingQuote(text, at + 1);
    else if (character === open) depth++;
    else if (character === close && --depth === 0) return at;
  }
  throw new SyntaxProblem(`unexpected EOF while looking for matching \`${close}'`, true);
}

function unescapeAnsi(text: string): string {
  const names: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    e: '\u001b',
    a: '\u0007',
    '\\': '\\',
    "'": "'",
    '"': '"',
    '0': '\0',
  };
  return text.replaceAll(/\\x([0-9a-fA-F]{1,2})|\\(.)/gs, (_whole, hex: string | undefined, name: string | undefined) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (names[name ?? ''] ?? `\\${name ?? ''}`),
  );
}
