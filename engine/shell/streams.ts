/** Where a program's text goes. */
export interface OutputStream {
  readonly isTerminal: boolean;
  write(text: string): void;
}

/** Where a program's text comes from. */
export interface InputStream {
  readonly isTerminal: boolean;
  /** Whether `take` would give something, or the end has come. */
  readonly isReadable: boolean;
  /** What has come in so far; `undefined` at the end. */
  take(): string | undefined;
  /** Puts text back to the front, for readers that took more than a line. */
  putBack(text: string): void;
}

/** Most text that may wait in a pipe or be captured, in characters. */
const maxBuffered = 8_000_000;

export class OutputLimit extends Error {
  override readonly name = 'OutputLimit';
}

/** Text between two programs, or into a variable. */
export class Pipe implements OutputStream, InputStream {
  readonly isTerminal = false;
  #chunks: string[] = [];
  #size = 0;
  #isClosed = false;

  static of(text: string): Pipe {
    const pipe = new Pipe();
    pipe.write(text);
    pipe.close();
    return pipe;
  }

  write(text: string): void {
    if (text === '' || this.#isClosed) return;
    this.#size += text.length;
    if (this.#size > maxBuffered) throw new OutputLimit('more than 8 MB of output');
    this.#chunks.push(text);
  }

  close(): void {
    this.#isClosed = true;
  }

  get isReadable(): boolean {
    return this.#isClosed || this.#chunks.length > 0;
  }

  take(): string | undefined {
    if (this.#chunks.length === 0) return this.#isClosed ? undefined : '';
    const text = this.#chunks.join('');
    this.#chunks = [];
    this.#size = 0;
    return text;
  }

  putBack(text: string): void {
    if (text === '') return;
    this.#chunks.unshift(text);
    this.#size += text.length;
  }
}

export const nowhere: OutputStream = { isTerminal: false, write() {} };

/** The three streams of whatever runs. */
export interface Streams {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}
