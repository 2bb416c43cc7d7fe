import { type Command, type CommandInput, failed, ok, pathIn } from './command.ts';

const missing = 'No such file or directory';

/** Options (`-rf`) and operands of a command line. */
export function splitOptions(argv: readonly string[]): { readonly options: string; readonly operands: readonly string[] } {
  const rest = argv.slice(1);
  return {
    options: rest
      .filter((text) => /^-[a-zA-Z0-9]+$/.test(text))
      .map((text) => text.slice(1))
      .join(''),
    operands: rest.filter((text) => !/^-[a-zA-Z0-9]+$/.test(text)),
  };
}

const cat: Command = ({ p, argv, stdin, workdir }) => {
  const { operands } = splitOptions(argv);
  if (operands.length === 0) return ok(stdin);
  let stdout = '';
  let stderr = '';
  for (const name of operands) {
    const content = name === '-' ? stdin : p.files.read(pathIn(workdir, name));
    if (content !== undefined) stdout += content;
    else if (p.files.isDirectory(pathIn(workdir, name))) stderr += `cat: read error: Is a directory\n`;
    else stderr += `cat: can't open '${name}': ${missing}\n`;
  }
  return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 };
};

const ls: Command = ({ p, argv, workdir }) => {
  const { options, operands } = splitOptions(argv);
  let stdout = '';
  let stderr = '';
  const targets = operands.length === 0 ? ['.'] : operands;
  for (const target of targets) {
    const path = pathIn(workdir, target === '.' ? '' : target).replace(/(.)\/$/, '$1') || '/';
    const names = p.files.list(path) ?? (p.files.isDirectory(path) ? [] : undefined);
    if (names) {
      const shown = options.includes('a') ? ['.', '..', ...names] : names.filter((name) => !name.startsWith('.'));
      if (targets.length > 1) stdout += `${target}:\n`;
      stdout += shown
        .map((name) => (options.includes('l') ? `${longLine(p.files.read(`${path === '/' ? '' : path}/${name}`))} ${name}\n` : `${name}\n`))
        .join('');
    } else if (p.files.read(path) !== undefined)
      stdout += options.includes('l') ? `${longLine(p.files.read(path))} ${target}\n` : `${target}\n`;
    else stderr += `ls: ${target}: ${missing}\n`;
  }
  return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 };
};

function longLine(content: string | undefined): string {
  return content === undefined
    ? 'drwxr-xr-x    2 root     root          4096 Jan  5 09:00'
    : `-rw-r--r--    1 root     root      ${String(content.length).padStart(8)} Jan  5 09:00`;
}

function each(input: CommandInput, act: (path: string, name: string, options: string) => string | undefined): ReturnType<Command> {
  const { options, operands } = splitOptions(input.argv);
  let stderr = '';
  for (const name of operands) stderr += act(pathIn(input.workdir, name), name, options) ?? '';
  return { stdout: '', stderr, exitCode: stderr === '' ? 0 : 1 };
}

const touch: Command = (input) =>
  each(input, (path, name) => {
    const problem = input.p.files.read(path) === undefined ? input.p.files.write(path, '') : undefined;
    return problem && `touch: ${name}: ${problem}\n`;
  });

const rm: Command = (input) =>
  each(input, (path, name, options) => {
    if (input.p.files.read(path) === undefined && !input.p.files.isDirectory(path))
      return options.includes('f') ? undefined : `rm: can't remove '${name}': ${missing}\n`;
    if (input.p.files.isDirectory(path) && !/[rR]/.test(options)) return `rm: '${name}' is a directory\n`;
    const problem = input.p.files.remove(path);
    return problem && `rm: can't remove '${name}': ${problem}\n`;
  });

const mkdir: Command = (input) =>
  each(input, (path, name, options) => {
    if (input.p.files.isDirectory(path))
      return options.includes('p') ? undefined : `mkdir: can't create directory '${name}': File exists\n`;
    const problem = input.p.files.makeDirectory(path);
    return problem && `mkdir: can't create directory '${name}': ${problem}\n`;
  });

const cp: Command = ({ p, argv, workdir }) => transfer({ p, argv, workdir, removes: false });
const mv: Command = ({ p, argv, workdir }) => transfer({ p, argv, workdir, removes: true });

function transfer({
  p,
  argv,
  workdir,
  removes,
}: Pick<CommandInput, 'p' | 'argv' | 'workdir'> & { readonly removes: boolean }): ReturnType<Command> {
  const { operands } = splitOptions(argv);
  const target = operands.at(-1) ?? '';
  const to = pathIn(workdir, target);
  for (const name of operands.slice(0, -1)) {
    const from = pathIn(workdir, name);
    const content = p.files.read(from);
    if (content === undefined) return failed(`${argv[0]}: can't stat '${name}': ${missing}`);
    const problem = p.files.write(
      p.files.isDirectory(to) ? `${to.replace(/\/$/, '')}/${name.slice(name.lastIndexOf('/') + 1)}` : to,
      content,
    );
    if (problem) return failed(`${argv[0]}: can't create '${target}': ${problem}`);
    if (removes) p.files.remove(from);
  }
  return ok();
}

const tee: Command = ({ p, argv, stdin, workdir }) => {
  const { options, operands } = splitOptions(argv);
  for (const name of operands) {
    const path = pathIn(workdir, name);
    const problem = options.includes('a') ? p.files.append(path, stdin) : p.files.write(path, stdin);
    if (problem) return failed(`tee: ${name}: ${problem}`, 1, stdin);
  }
  return ok(stdin);
};

export const fileCommands: Readonly<Record<string, Command>> = { cat, ls, touch, rm, mkdir, cp, mv, tee };
