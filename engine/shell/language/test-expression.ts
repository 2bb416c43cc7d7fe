import type { FileSystem } from '../../images/image-program.ts';
import { resolvePath } from '../../machine/machine-files.ts';
import type { OutputStream } from '../streams.ts';
import { patternToRegExp } from './pattern.ts';

export interface TestOptions {
  readonly files: FileSystem;
  readonly cwd: string;
  /** `[[`: `==` matches patterns, `=~` regular expressions, `&&` and `||` join. */
  readonly patterns: boolean;
  readonly stderr: OutputStream;
  readonly name: string;
}

/** `test`, `[` and `[[`: 0 for true, 1 for false, 2 for a mistake. */
export function evaluateTest(words: readonly string[], options: TestOptions): number {
  try {
    const run = new TestRun(words, options);
    return run.all() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestProblem)) throw error;
    options.stderr.write(`bash: ${options.name}: ${error.message}\n`);
    return 2;
  }
}

class TestProblem extends Error {}

class TestRun {
  readonly #words: readonly string[];
  readonly #options: TestOptions;
  #at = 0;

  constructor(words: readonly string[], options: TestOptions) {
    this.#words = words;
    this.#options = options;
  }

  all(): boolean {
    if (this.#words.length === 0) return false;
    const value = this.#or();
    if (this.#at < this.#words.length) throw new TestProblem('too many arguments');
    return value;
  }

  #or(): boolean {
    let value = this.#and();
    while (this.#words[this.#at] === '||' || this.#words[this.#at] === '-o') {
      this.#at++;
      const right = this.#and();
      value = value || right;
    }
    return value;
  }

  #and(): boolean {
    let value = this.#not();
    while (this.#words[this.#at] === '&&' || this.#words[this.#at] === '-a') {
      this.#at++;
      const right = this.#not();
      value = value && right;
    }
    return value;
  }

  #not(): boolean {
    if (this.#words[this.#at] === '!' && this.#words.length > this.#at + 1) {
      this.#at++;
      return !this.#not();
    }
    if (this.#words[this.#at] === '(') {
      this.#at++;
      const value = this.#or();
      if (this.#words[this.#at++] !== ')') throw new TestProblem("`)' expected");
      return value;
    }
    return this.#primary();
  }

  #primary(): boolean {
    const first = this.#words[this.#at] as string | undefined;
    if (first === undefined) throw new TestProblem('argument expected');
    const operator = this.#words[this.#at + 1];
    const right = this.#words[this.#at + 2];
    if (operator !== undefined && right !== undefined && binary.includes(operator)) {
      this.#at += 3;
      return this.#compare(first, operator, right);
    }
    if (/^-[a-zA-Z]$/.test(first) && operator !== undefined) {
      this.#at += 2;
      return this.#unary(first, operator);
    }
    this.#at++;
    return first !== '';
  }

  #unary(operator: string, value: string): boolean {
    const { files, cwd } = this.#options;
    const path = resolvePath(cwd, value);
    switch (operator) {
      case '-z':
        return value === '';
      case '-n':
        return value !== '';
      case '-f':
        return files.read(path) !== undefined;
      case '-d':
        return files.isDirectory(path);
      case '-e':
      case '-r':
      case '-w':
      case '-x':
        return files.read(path) !== undefined || files.isDirectory(path);
      case '-s':
        return (files.read(path) ?? '') !== '';
      case '-t':
        return false;
      default:
        throw new TestProblem(`${operator}: unary operator expected`);
    }
  }

  #compare(left: string, operator: string, right: string): boolean {
    switch (operator) {
      case '=':
      case '==':
        return this.#options.patterns ? patternToRegExp(right).test(left) : left === right;
      case '!=':
        return this.#options.patterns ? !patternToRegExp(right).test(left) : left !== right;
      case '=~':
        return new RegExp(right).test(left);
      case '<':
        return left < right;
      case '>':
        return left > right;
      default:
        return compareNumbers(number(left), operator, number(right));
    }
  }
}

const binary = ['=', '==', '!=', '=~', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge'];

function number(text: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new TestProblem(`${text}: integer expression expected`);
  return Number(text);
}

function compareNumbers(left: number, operator: string, right: number): boolean {
  switch (operator) {
    case '-eq':
      return left === right;
    case '-ne':
      return left !== right;
    case '-lt':
      return left < right;
    case '-le':
      return left <= right;
    case '-gt':
      return left > right;
    default:
      return left >= right;
  }
}
