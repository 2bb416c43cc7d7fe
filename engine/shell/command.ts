import type { ShellHost } from './shell-host.ts';
import type { InputStream, OutputStream } from './streams.ts';
import type { Program, TaskRunner } from './task.ts';

/** What a command is started with. */
export interface CommandContext {
  readonly name: string;
  /** Without the command's own name. */
  readonly args: readonly string[];
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly host: ShellHost;
  readonly tasks: TaskRunner;
}

/** A program that a machine has: one file, one value, listed in a registry. */
export interface ShellCommand {
  readonly name: string;
  run(context: CommandContext): Program;
}

/** All input up to its end. */
export function* readAll(stdin: InputStream): Generator<{ readonly kind: 'input'; readonly stream: InputStream }, string, void> {
  let text = '';
  for (;;) {
    while (!stdin.isReadable) yield { kind: 'input', stream: stdin };
    const chunk = stdin.take();
    if (chunk === undefined) return text;
    text += chunk;
  }
}

/** The next line without its newline, or `undefined` at the end of the input. */
export function* readLine(
  stdin: InputStream,
): Generator<{ readonly kind: 'input'; readonly stream: InputStream }, string | undefined, void> {
  let text = '';
  for (;;) {
    while (!stdin.isReadable) yield { kind: 'input', stream: stdin };
    const chunk = stdin.take();
    if (chunk === undefined) return text === '' ? undefined : text;
    text += chunk;
    const end = text.indexOf('\n');
    if (end < 0) continue;
    stdin.putBack(text.slice(end + 1));
    return text.slice(0, end);
  }
}
