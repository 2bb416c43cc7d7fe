import { type Command, failed, ok, pathIn } from '../../images/userland/command.ts';
import { decodeBase64, encodeBase64 } from '../../schema/base64.ts';

type Input = Parameters<Command>[0];

/** The text of the named files, or of the standard input. */
function textOf({ p, stdin, workdir }: Input, paths: readonly string[]): string | undefined {
  if (paths.length === 0) return stdin;
  let text = '';
  for (const path of paths) {
    const content = path === '-' ? stdin : p.files.read(pathIn(workdir, path));
    if (content === undefined) return undefined;
    text += content;
  }
  return text;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function join(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Options that take a value are listed in `valued`. */
function split(
  argv: readonly string[],
  valued: string,
): { readonly options: ReadonlyMap<string, string>; readonly operands: readonly string[] } {
  const options = new Map<string, string>();
  const operands: string[] = [];
  for (let index = 1; index < argv.length; index++) {
    const argument = argv[index] as string;
    if (!/^-[a-zA-Z]/.test(argument)) {
      operands.push(argument);
      continue;
    }
    for (let at = 1; at < argument.length; at++) {
      const letter = argument[at] as string;
      if (!valued.includes(letter)) options.set(letter, '');
      else {
        options.set(letter, argument.slice(at + 1) || (argv[++index] ?? ''));
        break;
      }
    }
  }
  return { options, operands };
}

function sort(input: Input): ReturnType<Command> {
  const { options, operands } = split(input.argv, 'kto');
  const text = textOf(input, operands);
  if (text === undefined) return failed(`sort: cannot read: ${operands.join(' ')}: No such file or directory`, 2);
  const key = Number.parseInt(options.get('k') ?? '0', 10);
  const separator = options.get('t');
  const keyOf = (line: string): string =>
    key > 0 ? (separator === undefined ? line.trim().split(/\s+/) : line.split(separator)).slice(key - 1).join(' ') : line;
  const compare = (a: string, b: string): number =>
    options.has('n')
      ? (Number.parseFloat(keyOf(a)) || 0) - (Number.parseFloat(keyOf(b)) || 0)
      : keyOf(a) < keyOf(b)
        ? -1
        : keyOf(a) > keyOf(b)
          ? 1
          : 0;
  let lines = linesOf(text).sort((a, b) => compare(a, b) || (a < b ? -1 : a > b ? 1 : 0));
  if (options.has('u')) lines = lines.filter((line, index) => index === 0 || compare(line, lines[index - 1] as string) !== 0);
  return ok(join(options.has('r') ? lines.reverse() : lines));
}

function uniq(input: Input): ReturnType<Command> {
  const { options, operands } = split(input.argv, '');
  const groups: { readonly line: string; count: number }[] = [];
  for (const line of linesOf(textOf(input, operands) ?? '')) {
    const last = groups.at(-1);
    if (last?.line === line) last.count++;
    else groups.push({ line, count: 1 });
  }
  const kept = groups.filter(({ count }) => (!options.has('d') || count > 1) && (!options.has('u') || count === 1));
  return ok(join(kept.map(({ line, count }) => (options.has('c') ? `${String(count).padStart(7)} ${line}` : line))));
}

function ranges(text: string): (position: number) => boolean {
  const parts = text.split(',').map((part) => {
    const [from = '', to] = part.split('-');
    return {
      from: from === '' ? 1 : Number(from),
      to: to === undefined ? Number(from) : to === '' ? Number.POSITIVE_INFINITY : Number(to),
    };
  });
  return (position) => parts.some(({ from, to }) => position >= from && position <= to);
}

function cut(input: Input): ReturnType<Command> {
  const { options, operands } = split(input.argv, 'dfc');
  const delimiter = options.get('d') ?? '\t';
  const isWanted = ranges(options.get('f') ?? options.get('c') ?? '1');
  const lines = linesOf(textOf(input, operands) ?? '').map((line) => {
    if (options.has('c')) return [...line].filter((_character, index) => isWanted(index + 1)).join('');
    return line.includes(delimiter)
      ? line
          .split(delimiter)
          .filter((_field, index) => isWanted(index + 1))
          .join(delimiter)
      : line;
  });
  return ok(join(lines));
}

function expandSet(text: string): string[] {
  const named = text
    .replaceAll('[:upper:]', 'A-Z')
    .replaceAll('[:lower:]', 'a-z')
    .replaceAll('[:digit:]', '0-9')
    .replaceAll('[:space:]', ' \\t\\n')
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t');
  return [...named.matchAll(/(.)-(.)|([\s\S])/g)].flatMap(([, from, to, one]) => {
    if (one !== undefined) return [one];
    const [first, last] = [(from as string).charCodeAt(0), (to as string).charCodeAt(0)];
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => String.fromCharCode(first + index));
  });
}

function tr({ argv, stdin }: Input): ReturnType<Command> {
  const { options, operands } = split(argv, '');
  const from = expandSet(operands[0] ?? '');
  const to = expandSet(operands[1] ?? '');
  if (options.has('d')) return ok([...stdin].filter((character) => !from.includes(character)).join(''));
  const mapped = [...stdin].map((character) => {
    const at = from.indexOf(character);
    return at < 0 || to.length === 0 ? character : (to[Math.min(at, to.length - 1)] as string);
  });
  const squeezed = options.has('s')
    ? mapped.filter(
        (character, index) => index === 0 || character !== mapped[index - 1] || !(to.length > 0 ? to : from).includes(character),
      )
    : mapped;
  return ok(squeezed.join(''));
}

function base64({ argv, stdin, ...input }: Input): ReturnType<Command> {
  const { options, operands } = split(argv, 'w');
  const text = textOf({ argv, stdin, ...input }, operands);
  if (text === undefined) return failed(`base64: ${operands.join(' ')}: No such file or directory`);
  if (!options.has('d')) return ok(`${encodeBase64(text)}\n`);
  const decoded = decodeBase64(text);
  return decoded === undefined ? failed('base64: invalid input') : ok(decoded);
}

function sed(input: Input): ReturnType<Command> {
  const { options, operands } = split(input.argv, 'e');
  if (input.argv.filter((argument) => argument === '-e').length > 1)
    return failed('sed: several expressions are not simulated: use one, or a pipe');
  const [script = '', ...paths] = options.has('e') ? [options.get('e') ?? '', ...operands] : operands;
  const parts = /^s(.)((?:\\.|(?!\1).)*)\1((?:\\.|(?!\1).)*)\1([gIp]*)$/.exec(script);
  const range = /^(\d+)(?:,(\d+|\$))?([pd])$/.exec(script);
  const text = textOf(input, paths);
  if (text === undefined) return failed(`sed: can't read ${paths.join(' ')}: No such file or directory`, 2);
  if (!parts && !range) return failed(`sed: this expression is not simulated: ${script} (s/…/…/ and line ranges are)`);
  const lines = linesOf(text);
  const isIn = (index: number): boolean =>
    range !== null &&
    index + 1 >= Number(range[1]) &&
    index + 1 <= (range[2] === undefined ? Number(range[1]) : range[2] === '$' ? lines.length : Number(range[2]));
  const edited = parts
    ? lines.map((line) =>
        line.replace(
          new RegExp(
            options.has('E') || options.has('r') ? (parts[2] as string) : basicToExtended(parts[2] as string),
            parts[4]?.replace('p', '').replace('I', 'i') ?? '',
          ),
          (parts[3] as string)
            .replaceAll('&', '$$&')
            .replaceAll(/\\(\d)/g, '$$$1')
            .replaceAll(/\\([^\d])/g, '$1'),
        ),
      )
    : range?.[3] === 'd'
      ? lines.filter((_line, index) => !isIn(index))
      : options.has('n')
        ? lines.filter((_line, index) => isIn(index))
        : lines.flatMap((line, index) => (isIn(index) ? [line, line] : [line]));
  if (!options.has('i') || paths.length === 0) return ok(join(edited));
  const problem = input.p.files.write(pathIn(input.workdir, paths[0] as string), join(edited));
  return problem === undefined ? ok() : failed(`sed: ${paths[0] ?? ''}: ${problem}`);
}

/** In basic expressions `+ ? | ( ) {` are plain and their escaped forms are not. */
function basicToExtended(pattern: string): string {
  return pattern.replaceAll(
    /\\([+?|(){}])|([+?|(){}])/g,
    (_whole, escaped: string | undefined, plain: string | undefined) => escaped ?? `\\${plain ?? ''}`,
  );
}

/** `awk '{print $1, $3}'` with -F, an optional /pattern/ or NR condition: what pipelines of kubectl need. */
function awk(input: Input): ReturnType<Command> {
  const { options, operands } = split(input.argv, 'Fv');
  const [program = '', ...paths] = operands;
  const parts = /^\s*(?:\/((?:\\.|[^/])*)\/|NR\s*(==|>|>=|<|<=)\s*(\d+))?\s*(?:\{\s*print\s*([^}]*)\}\s*)?$/.exec(program);
  const text = textOf(input, paths);
  if (text === undefined) return failed(`awk: cannot open ${paths.join(' ')}: No such file or directory`, 2);
  if (!parts) return failed(`awk: this program is not simulated: ${program} (conditions on /pattern/ or NR and print are)`);
  const [, pattern, operator, number, list = ''] = parts;
  const separator = options.get('F');
  const rows = linesOf(text).flatMap((line, index) => {
    if (pattern !== undefined && !new RegExp(pattern).test(line)) return [];
    if (operator !== undefined && !compareNumbers(index + 1, operator, Number(number))) return [];
    const fields = separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
    return [
      list.trim() === ''
        ? line
        : list
            .split(',')
            .map((item) => printItem(item.trim(), { fields, line, number: index + 1 }))
            .join(' '),
    ];
  });
  return ok(join(rows));
}

interface Row {
  readonly fields: readonly string[];
  readonly line: string;
  readonly number: number;
}

function printItem(item: string, { fields, line, number }: Row): string {
  return [...item.matchAll(/"((?:\\.|[^"])*)"|\$(NF|\d+)|(NR|NF)/g)]
    .map(([, text, field, variable]) => {
      if (text !== undefined) return text.replaceAll('\\t', '\t').replaceAll('\\n', '\n');
      if (variable !== undefined) return String(variable === 'NR' ? number : fields.length);
      return field === '0' ? line : (fields[(field === 'NF' ? fields.length : Number(field)) - 1] ?? '');
    })
    .join('');
}

function compareNumbers(left: number, operator: string, right: number): boolean {
  if (operator === '==') return left === right;
  if (operator === '>') return left > right;
  if (operator === '>=') return left >= right;
  return operator === '<' ? left < right : left <= right;
}

function basename({ argv }: Input): ReturnType<Command> {
  const name = (argv[1] ?? '').replace(/\/+$/, '').split('/').at(-1) ?? '';
  return ok(`${argv[2] !== undefined && name.endsWith(argv[2]) ? name.slice(0, -argv[2].length) : name}\n`);
}

/** Text utilities of the workstation. */
export const textCommands: Readonly<Record<string, Command>> = {
  sort,
  uniq,
  cut,
  tr,
  base64,
  sed,
  awk,
  basename,
  clear: () => ok('\u001b[H\u001b[2J\u001b[3J'),
  dirname: ({ argv }) => ok(`${(argv[1] ?? '').replace(/\/[^/]*\/?$/, '') || '.'}\n`),
};
