import { SyntaxProblem } from './syntax.ts';

/** How an expression reads and sets variables. */
export interface Variables {
  read(name: string): string;
  assign(name: string, value: string): void;
}

const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
  ['**'],
];
const tokenPattern =
  /\s*(\d+|0x[0-9a-fA-F]+|[A-Za-z_]\w*|\+\+|--|\*\*|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%&|^<>=!~?:(),])/y;

/** Evaluates a shell arithmetic expression over whole numbers. */
export function evaluateArithmetic(expression: string, variables: Variables): number {
  const tokens: string[] = [];
  // "$x" inside of an expression is the same as "x".
  const text = expression.replaceAll(/\$\{?([A-Za-z_]\w*)\}?/g, '$1');
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.trimEnd().length) {
    const match = tokenPattern.exec(text);
    if (!match) throw new SyntaxProblem(`${expression}: syntax error: operand expected`);
    tokens.push(match[1] as string);
  }
  if (tokens.length === 0) return 0;
  const run = new Evaluation(tokens, variables, expression);
  return run.all();
}

class Evaluation {
  readonly #tokens: readonly string[];
  readonly #variables: Variables;
  readonly #expression: string;
  #at = 0;

  constructor(tokens: readonly string[], variables: Variables, expression: string) {
    this.#tokens = tokens;
    this.#variables = variables;
    this.#expression = expression;
  }

  all(): number {
    const value = this.#comma();
    if (this.#at < this.#tokens.length) throw this.#problem('syntax error in expression');
    return value;
  }

  #problem(text: string): SyntaxProblem {
    return new SyntaxProblem(`${this.#expression}: ${text} (error token is "${this.#tokens[this.#at] ?? ''}")`);
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #comma(): number {
    let value = this.#assignment();
    while (this.#take(',')) value = this.#assignment();
    return value;
  }

  #assignment(): number {
    const name = this.#tokens[this.#at] ?? '';
    const operator = this.#tokens[this.#at + 1] ?? '';
    if (!/^[A-Za-z_]/.test(name) || !/^([-+*/%&|^]|<<|>>)?=$/.test(operator)) return this.#conditional();
    this.#at += 2;
    const right = this.#assignment();
    const value = operator === '=' ? right : this.#apply(operator.slice(0, -1), this.#read(name), right);
    this.#variables.assign(name, String(value));
    return value;
  }

  #conditional(): number {
    const test = this.#binary(0);
    if (!this.#take('?')) return test;
    const yes = this.#assignment();
    if (!this.#take(':')) throw this.#problem("`:' expected for conditional expression");
    const no = this.#assignment();
    return test === 0 ? no : yes;
  }

  #binary(level: number): number {
    const operators = levels[level];
    if (!operators) return this.#unary();
    let value = this.#binary(level + 1);
    for (let token = this.#tokens[this.#at]; token !== undefined && operators.includes(token); token = this.#tokens[this.#at]) {
      this.#at++;
      value = this.#apply(token, value, this.#binary(level + 1));
    }
    return value;
  }

  #unary(): number {
    if (this.#take('-')) return -this.#unary();
    if (this.#take('+')) return this.#unary();
    if (this.#take('!')) return this.#unary() === 0 ? 1 : 0;
    if (this.#take('~')) return ~this.#unary();
    for (const step of ['++', '--']) if (this.#take(step)) return this.#step(this.#tokens[this.#at++] ?? '', step, true);
    if (this.#take('(')) {
      const value = this.#comma();
      if (!this.#take(')')) throw this.#problem("missing `)'");
      return value;
    }
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw this.#problem('syntax error: operand expected');
    if (/^\d/.test(token)) return Number(token.startsWith('0') && /^0[0-7]+$/.test(token) ? Number.parseInt(token, 8) : token);
    if (!/^[A-Za-z_]/.test(token)) {
      this.#at--;
      throw this.#problem('syntax error: operand expected');
    }
    for (const step of ['++', '--']) if (this.#take(step)) return this.#step(token, step, false);
    return this.#read(token);
  }

  #step(name: string, operator: string, isPrefix: boolean): number {
    const before = this.#read(name);
    const after = operator === '++' ? before + 1 : before - 1;
    this.#variables.assign(name, String(after));
    return isPrefix ? after : before;
  }

  #read(name: string): number {
    const value = Number(this.#variables.read(name) || '0');
    return Number.isFinite(value) ? Math.trunc(value) : 0;
  }

  #apply(operator: string, left: number, right: number): number {
    switch (operator) {
      case '||':
        return left !== 0 || right !== 0 ? 1 : 0;
      case '&&':
        return left !== 0 && right !== 0 ? 1 : 0;
      case '==':
        return Number(left === right);
      case '!=':
        return Number(left !== right);
      case '<':
        return Number(left < right);
      case '>':
        return Number(left > right);
      case '<=':
        return Number(left <= right);
      case '>=':
        return Number(left >= right);
      case '+':
        return left + right;
      case '-':
        return left - right;
      case '*':
        return left * right;
      case '**':
        return left ** right;
      case '/':
      case '%':
        if (right === 0) throw this.#problem('division by 0');
        return operator === '/' ? Math.trunc(left / right) : left % right;
      case '<<':
        return left << right;
      case '>>':
        return left >> right;
      case '&':
        return left & right;
      case '|':
        return left | right;
      default:
        return left ^ right;
    }
  }
}
