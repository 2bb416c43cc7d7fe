import { formatTime } from '../../sim/simulation.ts';
import { type Command, failed, ok, pathIn } from './command.ts';
import { splitOptions } from './file-commands.ts';

const echo: Command = ({ argv }) => {
  let words = argv.slice(1);
  let isPlain = false;
  let escapes = false;
  while (words[0] !== undefined && /^-[neE]+$/.test(words[0])) {
    if (words[0].includes('n')) isPlain = true;
    if (words[0].includes('e')) escapes = true;
    words = words.slice(1);
  }
  const text = words.join(' ');
  return ok((escapes ? unescapeText(text) : text) + (isPlain ? '' : '\n'));
};

const printf: Command = ({ argv }) => {
  const [, format = '', ...values] = argv;
  let at = 0;
  let text = '';
  do {
    text += unescapeText(format).replace(/%([-0-9.]*)([sd%])/g, (_whole, _width, type: string) =>
      type === '%' ? '%' : (values[at++] ?? (type === 'd' ? '0' : '')),
    );
  } while (at > 0 && at < values.length);
  return ok(text);
};

function unescapeText(text: string): string {
  return text.replace(
    /\\([ntr\\e0])/g,
    (_whole, letter: string) => ({ n: '\n', t: '\t', r: '\r', '\\': '\\', e: '\u001b', 0: '\0' })[letter] ?? letter,
  );
}

/** `sleep 1.5`, `sleep 5m 10`, `sleep infinity`. */
const sleep: Command = ({ argv }) => {
  const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
  let seconds = 0;
  if (argv.length < 2) return failed('sleep: missing operand');
  for (const text of argv.slice(1)) {
    if (text === 'infinity' || text === 'inf') return ok('', Number.POSITIVE_INFINITY);
    const parts = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(text);
    if (!parts) return failed(`sleep: invalid number '${text}'`);
    seconds += Number(parts[1]) * (units[parts[2] ?? ''] as number);
  }
  return ok('', Math.round(seconds * 1000));
};

const env: Command = ({ env: variables }) =>
  ok(
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );

const printenv: Command = (input) => {
  const { argv, env: variables } = input;
  if (argv.length < 2) return env(input);
  const values = argv.slice(1).map((name) => variables[name]);
  return {
    stdout: values.map((value) => (value === undefined ? '' : `${value}\n`)).join(''),
    stderr: '',
    exitCode: values.includes(undefined) ? 1 : 0,
  };
};

const test: Command = ({ p, argv, workdir }) => {
  const words = argv.slice(1);
  if (argv[0] === '[' || argv[0] === '[[') {
    if (words.pop() !== (argv[0] === '[' ? ']' : ']]')) return failed(`${argv[0]}: missing ]`, 2);
  }
  const negates = words[0] === '!';
  if (negates) words.shift();
  const holds = evaluate(words, {
    exists: (path) => p.files.read(pathIn(workdir, path)) !== undefined,
    isDirectory: (path) => p.files.isDirectory(pathIn(workdir, path)),
    size: (path) => p.files.read(pathIn(workdir, path))?.length ?? 0,
  });
  return { stdout: '', stderr: '', exitCode: holds !== negates ? 0 : 1 };
};

interface FileTests {
  exists(path: string): boolean;
  isDirectory(path: string): boolean;
  size(path: string): number;
}

function evaluate(words: readonly string[], files: FileTests): boolean {
  const [a = '', b = '', c = ''] = words;
  if (words.length === 1) return a !== '';
  if (words.length === 2) {
    switch (a) {
      case '-n':
        return b !== '';
      case '-z':
        return b === '';
      case '-f':
      case '-r':
      case '-x':
      case '-w':
        return files.exists(b);
      case '-d':
        return files.isDirectory(b);
      case '-e':
        return files.exists(b) || files.isDirectory(b);
      case '-s':
        return files.size(b) > 0;
      default:
        return false;
    }
  }
  const numbers: Readonly<Record<string, boolean>> = {
    '-eq': Number(a) === Number(c),
    '-ne': Number(a) !== Number(c),
    '-lt': Number(a) < Number(c),
    '-le': Number(a) <= Number(c),
    '-gt': Number(a) > Number(c),
    '-ge': Number(a) >= Number(c),
  };
  if (b === '=' || b === '==') return a === c;
  if (b === '!=') return a !== c;
  return numbers[b] ?? false;
}

const date: Command = ({ p, argv }) => {
  const format = argv.find((text) => text.startsWith('+'));
  const text = formatTime(p.now);
  if (format === '+%s') return ok(`${Math.floor(p.now / 1000)}\n`);
  if (format === undefined)
    return ok(`${weekday(p.now)} ${month(text)} ${text.slice(8, 10).replace(/^0/, ' ')} ${text.slice(11, 19)} UTC ${text.slice(0, 4)}\n`);
  const parts: Readonly<Record<string, string>> = {
    Y: text.slice(0, 4),
    m: text.slice(5, 7),
    d: text.slice(8, 10),
    H: text.slice(11, 13),
    M: text.slice(14, 16),
    S: text.slice(17, 19),
    T: text.slice(11, 19),
    F: text.slice(0, 10),
    s: String(Math.floor(p.now / 1000)),
  };
  return ok(`${format.slice(1).replace(/%([YmdHMSTFs])/g, (_whole, letter: string) => parts[letter] ?? '')}\n`);
};

function weekday(atMs: number): string {
  return ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'][Math.floor(atMs / 86_400_000) % 7] ?? 'Thu';
}

function month(rfc3339: string): string {
  return ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][Number(rfc3339.slice(5, 7)) - 1] ?? 'Jan';
}

const seq: Command = ({ argv }) => {
  const numbers = argv.slice(1).map(Number);
  const first = numbers.length > 1 ? (numbers[0] as number) : 1;
  const last = numbers.at(-1) ?? 0;
  const step = numbers.length > 2 ? (numbers[1] as number) : 1;
  let text = '';
  for (let i = first, count = 0; (step > 0 ? i <= last : i >= last) && count < 10_000; i += step, count++) text += `${i}\n`;
  return ok(text);
};

function lines(text: string): string[] {
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

const headOrTail: Command = ({ p, argv, stdin, workdir }) => {
  const isTail = argv[0] === 'tail';
  let count = 10;
  let follows = false;
  const operands: string[] = [];
  for (let i = 1; i < argv.length; i++) {
    const text = argv[i] as string;
    if (text === '-n') count = Number((argv[++i] ?? '10').replace('+', ''));
    else if (/^-n?\d+$/.test(text)) count = Number(text.replace(/^-n?/, ''));
    else if (/^-[fF]$/.test(text) || text === '--follow') follows = true;
    else operands.push(text);
  }
  const path = operands[0] === undefined ? undefined : pathIn(workdir, operands[0]);
  const content = path === undefined ? stdin : path === '/dev/null' ? '' : p.files.read(path);
  if (content === undefined) return failed(`${argv[0]}: ${operands[0]}: No such file or directory`);
  const all = content === '' ? [] : lines(content);
  const shown = isTail ? all.slice(-count) : all.slice(0, count);
  const stdout = shown.map((line) => `${line}\n`).join('');
  return follows ? ok(stdout, Number.POSITIVE_INFINITY) : ok(stdout);
};

const grep: Command = ({ p, argv, stdin, workdir }) => {
  const { options, operands } = splitOptions(argv);
  const [pattern = '', ...names] = operands;
  const text = names.length === 0 ? stdin : names.map((name) => p.files.read(pathIn(workdir, name)) ?? '').join('');
  const matcher = safePattern(
    options.includes('F') ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern,
    options.includes('i') ? 'i' : '',
  );
  const found = (text === '' ? [] : lines(text)).filter((line) => matcher.test(line) !== options.includes('v'));
  const stdout = options.includes('q') ? '' : options.includes('c') ? `${found.length}\n` : found.map((line) => `${line}\n`).join('');
  return { stdout, stderr: '', exitCode: found.length > 0 ? 0 : 1 };
};

function safePattern(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return /$^/;
  }
}

const wc: Command = ({ p, argv, stdin, workdir }) => {
  const { options, operands } = splitOptions(argv);
  const text = operands[0] === undefined ? stdin : (p.files.read(pathIn(workdir, operands[0])) ?? '');
  const counts = { l: text.split('\n').length - 1, w: text.split(/\s+/).filter(Boolean).length, c: text.length };
  const shown = (['l', 'w', 'c'] as const).filter((name) => options === '' || options.includes(name)).map((name) => counts[name]);
  return ok(`${shown.join(' ')}${operands[0] === undefined ? '' : ` ${operands[0]}`}\n`);
};

const id: Command = ({ p, argv }) =>
  ok(
    argv.includes('-u')
      ? `${p.user}\n`
      : p.user === 0
        ? 'uid=0(root) gid=0(root) groups=0(root)\n'
        : `uid=${p.user} gid=0(root) groups=0(root)\n`,
  );
const ps: Command = ({ p }) =>
  ok(`PID   USER     TIME  COMMAND\n    1 ${p.user === 0 ? 'root    ' : String(p.user).padEnd(8)}  0:00 ${p.argv.join(' ')}\n`);

export const basicCommands: Readonly<Record<string, Command>> = {
  echo,
  printf,
  sleep,
  env,
  printenv,
  test,
  '[': test,
  '[[': test,
  date,
  seq,
  head: headOrTail,
  tail: headOrTail,
  grep,
  wc,
  id,
  ps,
  true: () => ok(),
  ':': () => ok(),
  false: () => failed(''),
  hostname: ({ p, argv }) => ok(argv.includes('-i') ? `${p.address}\n` : `${p.hostname}\n`),
  whoami: ({ p }) => ok(p.user === 0 ? 'root\n' : `${p.user}\n`),
  pwd: ({ workdir }) => ok(`${workdir}\n`),
  uname: ({ p, argv }) =>
    ok(
      argv.includes('-a')
        ? `Linux ${p.hostname} 6.8.0-90-generic #91-Ubuntu SMP x86_64 GNU/Linux\n`
        : argv.includes('-n')
          ? `${p.hostname}\n`
          : argv.includes('-r')
            ? '6.8.0-90-generic\n'
            : 'Linux\n',
    ),
};
