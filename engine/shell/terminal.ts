import { complete } from './complete.ts';
import { type Budget, Interpreter } from './interpreter.ts';
import { parseScript } from './language/parser.ts';
import { SyntaxProblem } from './language/syntax.ts';
import { drawLine, editLine, type LineState, lineState, splitKeys } from './line-editor.ts';
import type { ShellHost } from './shell-host.ts';
import { type ShellState, shellState } from './shell-state.ts';
import type { InputStream, OutputStream } from './streams.ts';
import { type Task, TaskRunner } from './task.ts';

/** What a terminal remembers. Plain data; a running program is not part of it. */
export interface TerminalState {
  cols: number;
  rows: number;
  readonly shell: ShellState;
  readonly history: string[];
  line: LineState;
  /** Earlier lines of a command that goes on. */
  unfinished: string;
  /** The command that runs; after a restore it is over. */
  running: string | undefined;
}

const maxHistory = 1000;
/** Most characters that one command may print. */
const maxOutput = 4_000_000;

export function terminalState(host: Pick<ShellHost, 'home' | 'user' | 'hostname'>, cols: number, rows: number): TerminalState {
  const env = {
    HOME: host.home,
    USER: host.user,
    LOGNAME: host.user,
    SHELL: '/bin/bash',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    PWD: host.home,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    HOSTNAME: host.hostname,
  };
  const shell = shellState({ cwd: host.home, env });
  shell.aliases.set('k', 'kubectl');
  shell.aliases.set('ll', 'ls -l');
  return { cols, rows, shell, history: [], line: lineState(0), unfinished: '', running: undefined };
}

/** Typed lines on their way to a program. */
class TypedInput implements InputStream {
  readonly isTerminal = true;
  #text = '';
  #hasEnded = false;

  get isReadable(): boolean {
    return this.#hasEnded || this.#text !== '';
  }

  take(): string | undefined {
    if (this.#text === '') return this.#hasEnded ? undefined : '';
    const text = this.#text;
    this.#text = '';
    return text;
  }

  putBack(text: string): void {
    this.#text = text + this.#text;
  }

  type(text: string): void {
    this.#text += text;
  }

  end(): void {
    this.#hasEnded = true;
  }
}

/** A person's terminal: line editing, one foreground command, jobs in the background. Bytes in, bytes out. */
export class Terminal {
  readonly state: TerminalState;
  readonly #host: ShellHost;
  readonly #print: (text: string) => void;
  readonly #tasks: TaskRunner;
  readonly #shell: Interpreter;
  readonly #budget: Budget = { steps: 0, depth: 0 };
  #foreground: { readonly task: Task; readonly input: TypedInput } | undefined;
  #typed = '';
  #printed = 0;

  constructor(state: TerminalState, host: ShellHost, print: (text: string) => void) {
    this.state = state;
    this.#host = host;
    this.#print = print;
    this.#tasks = new TaskRunner(host);
    this.#shell = new Interpreter(state.shell, host, this.#tasks, this.#budget);
    if (state.running === undefined) return;
    state.running = undefined;
    state.line = lineState(state.history.length);
    this.#print('\r\n[the command that ran here was stopped when the session was restored]\r\n');
    this.#drawPrompt();
  }

  /** Shows the first prompt. */
  open(): void {
    this.#drawPrompt();
  }

  get isBusy(): boolean {
    return this.#tasks.tasks.length > 0;
  }

  get nextWakeMs(): number | undefined {
    return this.#tasks.nextWakeMs;
  }

  get waitsForChange(): boolean {
    return this.#tasks.waitsForChange;
  }

  input(data: string): void {
    for (const key of splitKeys(data)) this.#key(key);
  }

  resize(cols: number, rows: number): void {
    this.state.cols = cols;
    this.state.rows = rows;
  }

  /** Lets programs go on that waited for the clock or for the cluster. */
  wake(): void {
    this.#tasks.run();
    this.#settleForeground();
  }

  /** Runs one command line without a person: graders, solutions. The output goes to `print`. */
  run(line: string): void {
    this.#submit(line);
  }

  #key(key: string): void {
    if (this.#foreground) this.#keyToProgram(key);
    else this.#keyToLine(key);
  }

  #keyToProgram(key: string): void {
    const foreground = this.#foreground as { readonly task: Task; readonly input: TypedInput };
    if (key === '\u0003') {
      this.#print('^C\r\n');
      this.#tasks.kill(foreground.task, 130);
      this.#typed = '';
    } else if (key === '\u0004') foreground.input.end();
    else if (key === '\r' || key === '\n') {
      this.#print('\r\n');
      foreground.input.type(`${this.#typed}\n`);
      this.#typed = '';
    } else if (key === '\u007f' || key === '\b') {
      if (this.#typed !== '') this.#print('\b \b');
      this.#typed = this.#typed.slice(0, -1);
    } else if (key >= ' ' && !key.startsWith('\u001b')) {
      this.#typed += key;
      this.#print(key);
    }
    this.wake();
  }

  #keyToLine(key: string): void {
    const { line, history } = this.state;
    switch (editLine(line, key, history)) {
      case 'edited':
        this.#draw();
        break;
      case 'submit':
        this.#endLine();
        break;
      case 'interrupt':
        this.#print('^C\r\n');
        this.state.unfinished = '';
        this.#newLine();
        break;
      case 'endOfInput':
        this.#print('\r\nThis is your workstation: there is nothing to log out to.\r\n');
        this.#newLine();
        break;
      case 'clear':
        this.#print('\u001b[H\u001b[2J\u001b[3J');
        line.cursorRow = 0;
        this.#draw();
        break;
      case 'complete':
        this.#complete();
        break;
      case 'nothing':
        break;
    }
  }

  #endLine(): void {
    const { text } = this.state.line;
    this.state.line.cursor = text.length;
    this.#draw();
    this.#print('\r\n');
    const whole = this.state.unfinished === '' ? text : `${this.state.unfinished}\n${text}`;
    if (isUnfinished(whole)) {
      this.state.unfinished = whole;
      this.#newLine();
      return;
    }
    this.state.unfinished = '';
    this.#submit(whole);
  }

  #submit(script: string): void {
    const { history } = this.state;
    if (script.trim() !== '' && history.at(-1) !== script) history.push(script);
    if (history.length > maxHistory) history.splice(0, history.length - maxHistory);
    if (script.trim() === '') {
      this.#newLine();
      return;
    }
    this.state.running = script;
    this.#budget.steps = 0;
    this.#printed = 0;
    const input = new TypedInput();
    const output = this.#output();
    const task = this.#tasks.spawn(this.#shell.runScript(script, { stdin: input, stdout: output, stderr: output }), script);
    this.#foreground = { task, input };
    this.wake();
  }

  #output(): OutputStream {
    return {
      isTerminal: true,
      write: (text) => {
        this.#printed += text.length;
        if (this.#printed > maxOutput) {
          const task = this.#foreground?.task;
          if (task && task.exitCode === undefined) {
            task.exitCode = 141;
            this.#print('\r\n[stopped: the command printed more than 4 MB]\r\n');
          }
          return;
        }
        this.#print(text.replaceAll(/\r?\n/g, '\r\n'));
      },
    };
  }

  #settleForeground(): void {
    const foreground = this.#foreground;
    if (!foreground || foreground.task.exitCode === undefined) return;
    this.state.shell.lastStatus = foreground.task.exitCode;
    this.#foreground = undefined;
    this.state.running = undefined;
    this.#newLine();
    const ahead = this.#typed;
    this.#typed = '';
    for (const key of splitKeys(ahead)) this.#key(key);
  }

  #newLine(): void {
    this.state.line = { ...lineState(this.state.history.length), cut: this.state.line.cut };
    this.#drawPrompt();
  }

  #drawPrompt(): void {
    this.state.line.cursorRow = 0;
    this.#draw();
  }

  #draw(): void {
    this.#print(drawLine(this.state.line, this.#prompt(), this.state.cols));
  }

  #prompt(): string {
    if (this.state.unfinished !== '') return '> ';
    const { cwd } = this.state.shell;
    const shown = cwd === this.#host.home ? '~' : cwd.startsWith(`${this.#host.home}/`) ? `~${cwd.slice(this.#host.home.length)}` : cwd;
    return `\u001b[1;34m${this.#host.user}@${this.#host.hostname}\u001b[0m:\u001b[36m${shown}\u001b[0m$ `;
  }

  #complete(): void {
    const { line } = this.state;
    const { choices, from } = complete(line.text.slice(0, line.cursor), this.#host, this.state.shell);
    const typed = line.text.slice(from, line.cursor);
    const shared = commonStart(choices);
    if (choices.length === 0) return;
    if (shared.length > typed.length || choices.length === 1) {
      const end = choices.length === 1 && !shared.endsWith('/') ? ' ' : '';
      line.text = line.text.slice(0, from) + shared + end + line.text.slice(line.cursor);
      line.cursor = from + shared.length + end.length;
    } else {
      this.#print(`\r\n${columns(choices, this.state.cols)}\r\n`);
      line.cursorRow = 0;
    }
    this.#draw();
  }
}

function isUnfinished(text: string): boolean {
  if (/(^|[^\\])(\\\\)*\\$/.test(text)) return true;
  try {
    parseScript(text);
    return false;
  } catch (error) {
    return error instanceof SyntaxProblem && error.isIncomplete;
  }
}

function commonStart(texts: readonly string[]): string {
  let shared = texts[0] ?? '';
  for (const text of texts) while (!text.startsWith(shared)) shared = shared.slice(0, -1);
  return shared;
}

function columns(texts: readonly string[], width: number): string {
  const widest = Math.max(...texts.map((text) => text.length)) + 2;
  const perRow = Math.max(1, Math.floor(width / widest));
  const rows: string[] = [];
  for (let at = 0; at < texts.length; at += perRow)
    rows.push(
      texts
        .slice(at, at + perRow)
        .map((text) => text.padEnd(widest))
        .join('')
        .trimEnd(),
    );
  return rows.join('\r\n');
}
