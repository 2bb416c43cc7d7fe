/** A piece of a word. Unquoted values are split at blanks, quoted ones stay whole. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly fallback: readonly WordPart[] | undefined; readonly quoted: boolean }
  | { readonly kind: 'command'; readonly script: string; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: string };

export type Word = readonly WordPart[];

/** What comes from the outside while words are expanded. */
export interface WordSource {
  variable(name: string): string | undefined;
  command(script: string): string;
}

/** The fields that a list of words becomes. */
export function expandWords(words: readonly Word[], source: WordSource): string[] {
  const fields: string[] = [];
  for (const word of words) fields.push(...expandWord(word, source));
  return fields;
}

/** One word as one field, as in assignments. */
export function expandWhole(word: Word, source: WordSource): string {
  return word.map((part) => expandPart(part, source)).join('');
}

function expandWord(word: Word, source: WordSource): string[] {
  let field: string | undefined;
  const fields: string[] = [];
  for (const part of word) {
    const value = expandPart(part, source);
    if (part.kind === 'text' || part.kind === 'arithmetic' || part.quoted) {
      field = (field ?? '') + value;
      continue;
    }
    const pieces = value.split(/[ \t\n]+/);
    if (pieces.length === 1) {
      if (value !== '') field = (field ?? '') + value;
      continue;
    }
    pieces.forEach((piece, index) => {
      if (index > 0 && field !== undefined) {
        fields.push(field);
        field = undefined;
      }
      if (piece !== '') field = (field ?? '') + piece;
    });
  }
  if (field !== undefined) fields.push(field);
  return fields;
}

function expandPart(part: WordPart, source: WordSource): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'variable': {
      const value = source.variable(part.name);
      if ((value === undefined || value === '') && part.fallback) return expandWhole(part.fallback, source);
      return value ?? '';
    }
    case 'command':
      return source.command(part.script).replace(/\n+$/, '');
    case 'arithmetic':
      return String(evaluate(part.expression, source));
  }
}

/** Whole-number arithmetic: `+ - * / %`, comparisons, parentheses, variables. */
function evaluate(expression: string, source: WordSource): number {
  const tokens = expression.match(/\d+|\$?[A-Za-z_]\w*|==|!=|<=|>=|&&|\|\||[-+*/%()<>]/g) ?? [];
  let at = 0;
  const atom = (): number => {
    const token = tokens[at++] ?? '0';
    if (token === '(') {
      const value = chain(0);
      at++;
      return value;
    }
    if (token === '-') return -atom();
    return /^\d/.test(token) ? Number(token) : Number(source.variable(token.replace(/^\$/, '')) ?? 0) || 0;
  };
  const levels: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];
  const chain = (level: number): number => {
    const operators = levels[level];
    if (!operators) return atom();
    let value = chain(level + 1);
    while (operators.includes(tokens[at] ?? '')) {
      const operator = tokens[at++] as string;
      value = apply(operator, value, chain(level + 1));
    }
    return value;
  };
  return chain(0);
}

function apply(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? 0 : Math.trunc(a / b);
    case '%':
      return b === 0 ? 0 : a % b;
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '<':
      return Number(a < b);
    case '>':
      return Number(a > b);
    case '<=':
      return Number(a <= b);
    case '>=':
      return Number(a >= b);
    case '&&':
      return Number(a !== 0 && b !== 0);
    default:
      return Number(a !== 0 || b !== 0);
  }
}
