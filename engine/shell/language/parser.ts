import { Lexer, type Token } from './lexer.ts';
import {
  type Assignment,
  type Command,
  type List,
  type ListItem,
  type Pipeline,
  type Redirect,
  SyntaxProblem,
  type Word,
} from './syntax.ts';

const reserved = [
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'while',
  'until',
  'do',
  'done',
  'for',
  'in',
  'case',
  'esac',
  '{',
  '}',
  '!',
  'function',
  '[[',
];
const redirectOperators = ['<', '>', '>>', '>&', '&>', '<<', '<<-', '<<<', '>|', '&>>', '<&'];

/** Reads a script. Throws `SyntaxProblem` with bash's words. */
export function parseScript(text: string): List {
  const lexer = new Lexer(text);
  const tokens = lexer.run();
  return new Parser(text, tokens, lexer.bodies).program();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #bodies: ReadonlyMap<number, Word>;
  #at = 0;

  constructor(text: string, tokens: readonly Token[], bodies: ReadonlyMap<number, Word>) {
    this.#text = text;
    this.#tokens = tokens;
    this.#bodies = bodies;
  }

  program(): List {
    const list = this.#list([]);
    if (this.#peek().kind !== 'end') throw this.#unexpected();
    return list;
  }

  #peek(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #next(): Token {
    return this.#tokens[this.#at++] as Token;
  }

  #isOperator(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'operator' && token.text === text;
  }

  #takeOperator(text: string): boolean {
    if (!this.#isOperator(text)) return false;
    this.#at++;
    return true;
  }

  /** The reserved word at this place, if there is one. */
  #reserved(): string | undefined {
    const token = this.#peek();
    return token.kind === 'word' && reserved.includes(token.raw) ? token.raw : undefined;
  }

  #takeReserved(word: string): boolean {
    if (this.#reserved() !== word) return false;
    this.#at++;
    return true;
  }

  #expectReserved(word: string): void {
    if (!this.#takeReserved(word)) throw this.#unexpected();
  }

  #skipNewlines(): void {
    while (this.#peek().kind === 'newline') this.#at++;
  }

  #unexpected(): SyntaxProblem {
    const token = this.#peek();
    if (token.kind === 'end') return new SyntaxProblem('syntax error: unexpected end of file', true);
    const text = token.kind === 'newline' ? 'newline' : token.kind === 'operator' ? token.text : token.raw;
    return new SyntaxProblem(`syntax error near unexpected token \`${text}'`);
  }

  #list(terminators: readonly string[]): List {
    const items: ListItem[] = [];
    let when: ListItem['when'] = 'always';
    for (;;) {
      this.#skipNewlines();
      const word = this.#reserved();
      if (
        this.#peek().kind === 'end' ||
        (word !== undefined && terminators.includes(word)) ||
        this.#isOperator(')') ||
        this.#isOperator(';;')
      )
        break;
      const start = this.#peek().start;
      const pipeline = this.#pipeline();
      const source = this.#text.slice(start, (this.#tokens[this.#at - 1] as Token).end);
      const background = this.#isOperator('&');
      items.push({ pipeline, when, background, source });
      when = 'always';
      if (this.#takeOperator('&&')) when = 'and';
      else if (this.#takeOperator('||')) when = 'or';
      else if (background || this.#isOperator(';')) this.#at++;
      else if (this.#peek().kind !== 'newline') break;
      if (when !== 'always') {
        this.#skipNewlines();
        if (this.#peek().kind === 'end') throw this.#unexpected();
      }
    }
    if (when !== 'always') throw this.#unexpected();
    return items;
  }

  #body(terminators: readonly string[]): List {
    const list = this.#list(terminators);
    if (list.length === 0) throw this.#unexpected();
    return list;
  }

  #pipeline(): Pipeline {
    let negated = false;
    while (this.#takeReserved('!')) negated = !negated;
    const commands = [this.#command()];
    while (this.#takeOperator('|')) {
      this.#skipNewlines();
      commands.push(this.#command());
    }
    return { negated, commands };
  }

  #command(): Command {
    switch (this.#reserved()) {
      case 'if':
        return this.#if();
      case 'while':
      case 'until':
        return this.#while();
      case 'for':
        return this.#for();
      case 'case':
        return this.#case();
      case '{':
        return this.#group();
      case '[[':
        return this.#doubleBracket();
      case 'function':
        return this.#functionKeyword();
      default:
        return this.#isOperator('(') ? this.#parenthesised() : this.#simple();
    }
  }

  #parenthesised(): Command {
    const token = this.#next();
    const following = this.#peek();
    if (following.kind === 'operator' && following.text === '(' && following.start === token.end) return this.#arithmetic(following.end);
    const body = this.#body([]);
    if (!this.#takeOperator(')')) throw this.#unexpected();
    return { kind: 'group', body, redirects: this.#redirects(), isSubshell: true };
  }

  /** `(( expression ))`: taken from the text, because its operators are not the shell's. */
  #arithmetic(start: number): Command {
    const end = this.#text.indexOf('))', start);
    if (end < 0) throw new SyntaxProblem('syntax error: unexpected end of file', true);
    while (this.#peek().kind !== 'end' && this.#peek().start < end + 2) this.#at++;
    return { kind: 'arithmetic', expression: this.#text.slice(start, end), redirects: this.#redirects() };
  }

  #group(): Command {
    this.#expectReserved('{');
    const body = this.#body(['}']);
    this.#expectReserved('}');
    return { kind: 'group', body, redirects: this.#redirects(), isSubshell: false };
  }

  #if(): Command {
    this.#expectReserved('if');
    const branches: { readonly test: List; readonly body: List }[] = [];
    let otherwise: List | undefined;
    do {
      const test = this.#body(['then']);
      this.#expectReserved('then');
      branches.push({ test, body: this.#body(['elif', 'else', 'fi']) });
    } while (this.#takeReserved('elif'));
    if (this.#takeReserved('else')) otherwise = this.#body(['fi']);
    this.#expectReserved('fi');
    return { kind: 'if', branches, otherwise, redirects: this.#redirects() };
  }

  #while(): Command {
    const until = this.#reserved() === 'until';
    this.#at++;
    const test = this.#body(['do']);
    return { kind: 'while', until, test, body: this.#doBody(), redirects: this.#redirects() };
  }

  #doBody(): List {
    this.#expectReserved('do');
    const body = this.#body(['done']);
    this.#expectReserved('done');
    return body;
  }

  #for(): Command {
    this.#expectReserved('for');
    const token = this.#next();
    if (token.kind !== 'word' || !/^[A-Za-z_]\w*$/.test(token.raw))
      throw new SyntaxProblem(`\`${token.kind === 'word' ? token.raw : ''}': not a valid identifier`);
    let words: Word[] | undefined;
    this.#skipNewlines();
    if (this.#takeReserved('in')) {
      words = [];
      while (this.#peek().kind === 'word') words.push((this.#next() as Token & { kind: 'word' }).word);
    }
    if (!this.#takeOperator(';') && this.#peek().kind !== 'newline' && words) throw this.#unexpected();
    this.#skipNewlines();
    return { kind: 'for', name: token.raw, words, body: this.#doBody(), redirects: this.#redirects() };
  }

  #case(): Command {
    this.#expectReserved('case');
    const subject = this.#word();
    this.#skipNewlines();
    this.#expectReserved('in');
    this.#skipNewlines();
    const clauses: { readonly patterns: readonly Word[]; readonly body: List }[] = [];
    while (this.#reserved() !== 'esac') {
      this.#takeOperator('(');
      const patterns = [this.#word()];
      while (this.#takeOperator('|')) patterns.push(this.#word());
      if (!this.#takeOperator(')')) throw this.#unexpected();
      clauses.push({ patterns, body: this.#list(['esac']) });
      if (!this.#takeOperator(';;') && this.#reserved() !== 'esac') throw this.#unexpected();
      this.#skipNewlines();
    }
    this.#expectReserved('esac');
    return { kind: 'case', subject, clauses, redirects: this.#redirects() };
  }

  #doubleBracket(): Command {
    this.#at++;
    const words: Word[] = [];
    for (;;) {
      const token = this.#next();
      if (token.kind === 'end') throw new SyntaxProblem('syntax error: unexpected end of file', true);
      if (token.kind === 'word' && token.raw === ']]') break;
      if (token.kind === 'word') words.push(token.word);
      else if (token.kind === 'operator') words.push([{ kind: 'text', text: token.text, quoted: false }]);
    }
    return { kind: 'test', words, redirects: this.#redirects() };
  }

  #functionKeyword(): Command {
    const start = this.#peek().start;
    this.#at++;
    const token = this.#next();
    if (token.kind !== 'word') throw this.#unexpected();
    if (this.#takeOperator('(') && !this.#takeOperator(')')) throw this.#unexpected();
    return this.#functionBody(token.raw, start);
  }

  #functionBody(name: string, start: number): Command {
    this.#skipNewlines();
    const body = this.#command();
    return { kind: 'function', name, body, source: this.#text.slice(start, (this.#tokens[this.#at - 1] as Token).end) };
  }

  #word(): Word {
    const token = this.#next();
    if (token.kind !== 'word') {
      this.#at--;
      throw this.#unexpected();
    }
    return token.word;
  }

  #simple(): Command {
    const start = this.#peek().start;
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (;;) {
      const token = this.#peek();
      const redirect = this.#redirect();
      if (redirect) {
        redirects.push(redirect);
        continue;
      }
      if (token.kind !== 'word') break;
      const assignment = words.length === 0 ? this.#assignment() : undefined;
      if (assignment) assignments.push(assignment);
      else words.push(this.#word());
      if (words.length === 1 && assignments.length === 0 && this.#isOperator('(')) return this.#functionParentheses(token.raw, start);
    }
    if (assignments.length + words.length + redirects.length === 0) throw this.#unexpected();
    return { kind: 'simple', assignments, words, redirects, line: this.#text.slice(0, start).split('\n').length };
  }

  #functionParentheses(name: string, start: number): Command {
    this.#at++;
    if (!this.#takeOperator(')')) throw this.#unexpected();
    return this.#functionBody(name, start);
  }

  #assignment(): Assignment | undefined {
    const token = this.#peek();
    if (token.kind !== 'word') return undefined;
    const [first, ...rest] = token.word;
    const parts = first?.kind === 'text' && !first.quoted ? /^([A-Za-z_]\w*(?:\[[^\]]*\])?)(\+?)=([\s\S]*)$/.exec(first.text) : null;
    if (!parts) return undefined;
    this.#at++;
    const value: Word = parts[3] === '' ? rest : [{ kind: 'text', text: parts[3] as string, quoted: false }, ...rest];
    const following = this.#peek();
    const isArray = value.length === 0 && following.kind === 'operator' && following.text === '(' && following.start === token.end;
    if (!isArray) return { name: parts[1] as string, value, append: parts[2] === '+' };
    this.#at++;
    const items: Word[] = [];
    for (this.#skipNewlines(); this.#peek().kind === 'word'; this.#skipNewlines()) items.push(this.#word());
    if (!this.#takeOperator(')')) throw this.#unexpected();
    return { name: parts[1] as string, value, items, append: parts[2] === '+' };
  }

  #redirects(): Redirect[] {
    const redirects: Redirect[] = [];
    for (let redirect = this.#redirect(); redirect; redirect = this.#redirect()) redirects.push(redirect);
    return redirects;
  }

  #redirect(): Redirect | undefined {
    const token = this.#peek();
    let fd: number | undefined;
    let operatorToken = token;
    const following = this.#tokens[this.#at + 1];
    if (
      token.kind === 'word' &&
      /^\d$/.test(token.raw) &&
      following?.kind === 'operator' &&
      following.start === token.end &&
      redirectOperators.includes(following.text)
    ) {
      fd = Number(token.raw);
      operatorToken = following;
    }
    if (operatorToken.kind !== 'operator' || !redirectOperators.includes(operatorToken.text)) return undefined;
    this.#at += fd === undefined ? 1 : 2;
    const targetIndex = this.#at;
    const target = this.#word();
    const { text } = operatorToken;
    if (text === '<<' || text === '<<-') return { fd: fd ?? 0, operator: '<<', target: this.#bodies.get(targetIndex) ?? [] };
    const operator = (text === '<&' ? '>&' : text) as Redirect['operator'];
    return { fd: fd ?? (text.startsWith('<') ? 0 : 1), operator, target };
  }
}
