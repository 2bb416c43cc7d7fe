import { ShellSyntaxError, type ShellToken, tokenize } from './tokens.ts';
import type { Word } from './words.ts';

export interface Redirect {
  readonly from: 'stdout' | 'stderr' | 'both' | 'stdin';
  readonly appends: boolean;
  readonly target: Word;
}

/** One simple command with its assignments and redirections. */
export interface SimpleCommand {
  readonly assignments: readonly { readonly name: string; readonly value: Word }[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
  readonly mergesErrors: boolean;
  /** `>&2`: what it says is an error text. */
  readonly saysErrors: boolean;
}

/** A script is a flat list of steps; its place in it is one number, so that a parked script is plain data. */
export type Step =
  | { readonly kind: 'run'; readonly pipeline: readonly SimpleCommand[]; readonly negates: boolean }
  | { kind: 'jump'; to: number }
  | { kind: 'branch'; readonly on: 'success' | 'failure'; to: number }
  | { readonly kind: 'for'; readonly loop: number; readonly words: readonly Word[] }
  | { kind: 'next'; readonly loop: number; readonly variable: string; to: number }
  | { readonly kind: 'status'; readonly code: number };

const compiled = new Map<string, readonly Step[]>();

/** Steps of a script; throws ShellSyntaxError. */
export function compile(script: string): readonly Step[] {
  const known = compiled.get(script);
  if (known) return known;
  const steps = new Compiler(tokenize(script)).compile();
  if (compiled.size > 500) compiled.clear();
  compiled.set(script, steps);
  return steps;
}

const reserved = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', '}', 'esac']);

interface Loop {
  readonly start: number;
  readonly breaks: { to: number }[];
}

class Compiler {
  readonly #tokens: readonly ShellToken[];
  readonly #steps: Step[] = [];
  readonly #loops: Loop[] = [];
  #at = 0;
  #loopIds = 0;

  constructor(tokens: readonly ShellToken[]) {
    this.#tokens = tokens;
  }

  compile(): readonly Step[] {
    this.#list([]);
    if (this.#at < this.#tokens.length) this.#unexpected();
    return this.#steps;
  }

  #list(until: readonly string[]): void {
    for (;;) {
      this.#skipOperators(';', '\n');
      const word = this.#plain();
      if (this.#at >= this.#tokens.length || (word !== undefined && until.includes(word)) || this.#isOperator(')')) return;
      if (word !== undefined && reserved.has(word)) this.#unexpected();
      this.#chain();
      if (!this.#isOperator(';', '\n', '&', ')') && this.#at < this.#tokens.length && !until.includes(this.#plain() ?? ''))
        this.#unexpected();
      if (this.#isOperator('&')) throw new ShellSyntaxError('background jobs ("&") are not simulated');
    }
  }

  #chain(): void {
    this.#pipeline();
    for (;;) {
      const operator = this.#takeOperator('&&', '||');
      if (!operator) return;
      this.#skipOperators('\n');
      const branch: Step = { kind: 'branch', on: operator === '&&' ? 'failure' : 'success', to: 0 };
      this.#steps.push(branch);
      this.#pipeline();
      branch.to = this.#steps.length;
    }
  }

  #pipeline(): void {
    const negates = this.#plain() === '!';
    if (negates) this.#at++;
    switch (this.#plain()) {
      case 'if':
        this.#if();
        return;
      case 'while':
      case 'until':
        this.#while();
        return;
      case 'for':
        this.#for();
        return;
      case '{':
        this.#at++;
        this.#list(['}']);
        this.#expect('}');
        return;
      case 'break':
      case 'continue':
        this.#leave();
        return;
      default:
    }
    if (this.#takeOperator('(')) {
      this.#list([]);
      if (!this.#takeOperator(')')) this.#unexpected();
      return;
    }
    const pipeline = [this.#simple()];
    while (this.#takeOperator('|')) pipeline.push(this.#simple());
    this.#steps.push({ kind: 'run', pipeline, negates });
  }

  #if(): void {
    const ends: { to: number }[] = [];
    this.#at++;
    for (;;) {
      this.#list(['then']);
      this.#expect('then');
      const skip: Step = { kind: 'branch', on: 'failure', to: 0 };
      this.#steps.push(skip);
      this.#list(['elif', 'else', 'fi']);
      const end: Step = { kind: 'jump', to: 0 };
      this.#steps.push(end);
      ends.push(end);
      skip.to = this.#steps.length;
      if (this.#plain() !== 'elif') break;
      this.#at++;
    }
    // An `if` without a branch that ran has succeeded.
    this.#steps.push({ kind: 'status', code: 0 });
    if (this.#plain() === 'else') {
      this.#at++;
      this.#list(['fi']);
    }
    this.#expect('fi');
    for (const end of ends) end.to = this.#steps.length;
  }

  #while(): void {
    const on = this.#plain() === 'while' ? 'failure' : 'success';
    this.#at++;
    const start = this.#steps.length;
    this.#list(['do']);
    this.#expect('do');
    const leave: Step = { kind: 'branch', on, to: 0 };
    this.#steps.push(leave);
    this.#body(start, [leave]);
    this.#steps.push({ kind: 'status', code: 0 });
  }

  #for(): void {
    this.#at++;
    const variable = this.#plain() ?? '';
    this.#at++;
    const words: Word[] = [];
    this.#skipOperators('\n');
    if (this.#plain() === 'in') {
      this.#at++;
      for (let token = this.#tokens[this.#at]; token?.kind === 'word'; token = this.#tokens[++this.#at]) words.push(token.word);
    }
    this.#skipOperators(';', '\n');
    this.#expect('do');
    const loop = this.#loopIds++;
    this.#steps.push({ kind: 'for', loop, words });
    const start = this.#steps.length;
    const next: Step = { kind: 'next', loop, variable, to: 0 };
    this.#steps.push(next);
    this.#body(start, [next]);
  }

  #body(start: number, leaves: { to: number }[]): void {
    const loop: Loop = { start, breaks: [...leaves] };
    this.#loops.push(loop);
    this.#list(['done']);
    this.#expect('done');
    this.#loops.pop();
    this.#steps.push({ kind: 'jump', to: start });
    for (const leave of loop.breaks) leave.to = this.#steps.length;
  }

  #leave(): void {
    const isBreak = this.#plain() === 'break';
    this.#at++;
    const loop = this.#loops.at(-1);
    if (!loop) return;
    const jump: Step = { kind: 'jump', to: loop.start };
    this.#steps.push(jump);
    if (isBreak) loop.breaks.push(jump);
  }

  #simple(): SimpleCommand {
    const assignments: { name: string; value: Word }[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    let mergesErrors = false;
    let saysErrors = false;
    for (;;) {
      const token = this.#tokens[this.#at];
      if (!token) break;
      if (token.kind === 'word') {
        const [first, ...rest] = token.word;
        const parts = words.length === 0 && first?.kind === 'text' ? /^([A-Za-z_]\w*)=(.*)$/s.exec(first.text) : null;
        if (parts) assignments.push({ name: parts[1] as string, value: [{ kind: 'text', text: parts[2] as string }, ...rest] });
        else words.push(token.word);
        this.#at++;
        continue;
      }
      if (token.text === '2>&1') {
        mergesErrors = true;
        this.#at++;
        continue;
      }
      if (token.text === '>&2' || token.text === '1>&2') {
        saysErrors = true;
        this.#at++;
        continue;
      }
      const from = redirections[token.text];
      if (!from) break;
      const target = this.#tokens[this.#at + 1];
      if (target?.kind !== 'word') this.#unexpected();
      else redirects.push({ from, appends: token.text.endsWith('>>'), target: target.word });
      this.#at += 2;
    }
    if (words.length === 0 && assignments.length === 0 && redirects.length === 0) this.#unexpected();
    return { assignments, words, redirects, mergesErrors, saysErrors };
  }

  #plain(): string | undefined {
    const token = this.#tokens[this.#at];
    return token?.kind === 'word' ? token.plain : undefined;
  }

  #isOperator(...texts: readonly string[]): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'operator' && texts.includes(token.text);
  }

  #takeOperator(...texts: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'operator' || !texts.includes(token.text)) return undefined;
    this.#at++;
    return token.text;
  }

  #skipOperators(...texts: readonly string[]): void {
    while (this.#isOperator(...texts)) this.#at++;
  }

  #expect(word: string): void {
    if (this.#plain() !== word) this.#unexpected();
    this.#at++;
  }

  #unexpected(): never {
    const token = this.#tokens[this.#at];
    const shown =
      token === undefined
        ? 'end of file'
        : token.kind === 'operator'
          ? token.text === '\n'
            ? 'newline'
            : `"${token.text}"`
          : `word "${token.plain ?? ''}"`;
    throw new ShellSyntaxError(`syntax error: unexpected ${shown}`);
  }
}

const redirections: Readonly<Record<string, Redirect['from']>> = {
  '>': 'stdout',
  '>>': 'stdout',
  '1>': 'stdout',
  '2>': 'stderr',
  '2>>': 'stderr',
  '&>': 'both',
  '<': 'stdin',
};
