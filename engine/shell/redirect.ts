import { resolvePath } from '../machine/machine-files.ts';
import { type ExpansionHost, expandText } from './language/expand.ts';
import type { Redirect } from './language/syntax.ts';
import { nowhere, OutputLimit, type OutputStream, Pipe, type Streams } from './streams.ts';
import type { Wait } from './task.ts';

/** Opens what a command's redirections name, from left to right; `undefined` when one cannot be opened, which has been said then. */
export function* redirect(
  redirects: readonly Redirect[],
  streams: Streams,
  shell: ExpansionHost,
): Generator<Wait, Streams | undefined, void> {
  let current: Streams | undefined = streams;
  for (const one of redirects) if (current) current = yield* open(one, current, shell);
  return current;
}

function* open(
  { operator, fd, target: word }: Redirect,
  streams: Streams,
  shell: ExpansionHost,
): Generator<Wait, Streams | undefined, void> {
  const { state, files } = shell;
  const target = yield* expandText(word, shell);
  if (operator === '<<') return { ...streams, stdin: Pipe.of(target) };
  if (operator === '<<<') return { ...streams, stdin: Pipe.of(`${target}\n`) };
  if (operator === '<') {
    const text = target === '/dev/null' ? '' : files.read(resolvePath(state.cwd, target));
    if (text !== undefined) return { ...streams, stdin: Pipe.of(text) };
    streams.stderr.write(`${state.name}: ${target}: No such file or directory\n`);
    return undefined;
  }
  if (operator === '>&' && /^\d$/.test(target)) {
    const source = target === '2' ? streams.stderr : streams.stdout;
    return fd === 2 ? { ...streams, stderr: source } : { ...streams, stdout: source };
  }
  const output = openFile({ target, append: operator === '>>' || operator === '&>>' }, streams, shell);
  if (!output) return undefined;
  if (operator === '&>' || operator === '&>>' || operator === '>&') return { ...streams, stdout: output, stderr: output };
  return fd === 2 ? { ...streams, stderr: output } : { ...streams, stdout: output };
}

function openFile(
  { target, append }: { readonly target: string; readonly append: boolean },
  streams: Streams,
  { state, files }: ExpansionHost,
): OutputStream | undefined {
  if (target === '/dev/null') return nowhere;
  if (target === '/dev/stderr') return streams.stderr;
  if (target === '/dev/stdout') return streams.stdout;
  const path = resolvePath(state.cwd, target);
  const problem = append ? files.append(path, '') : files.write(path, '');
  if (problem !== undefined) {
    streams.stderr.write(`${state.name}: ${target}: ${problem}\n`);
    return undefined;
  }
  return {
    isTerminal: false,
    write(text) {
      const failure = text === '' ? undefined : files.append(path, text);
      if (failure !== undefined) throw new OutputLimit(failure);
    },
  };
}
