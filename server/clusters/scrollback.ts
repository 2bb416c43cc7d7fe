import type { TerminalOutput } from './cluster-messages.ts';

const keptCharacters = 100_000;

/** What each terminal has printed, cut off at the old end. */
export class Scrollback {
  readonly #texts: Map<string, string>;

  constructor(saved: Readonly<Record<string, string>>) {
    this.#texts = new Map(Object.entries(saved));
  }

  get texts(): ReadonlyMap<string, string> {
    return this.#texts;
  }

  add(output: readonly TerminalOutput[]): void {
    for (const { terminal, data } of output) {
      const text = (this.#texts.get(terminal) ?? '') + data;
      // Cut at a line: half an escape sequence would colour everything after it.
      this.#texts.set(terminal, text.length <= keptCharacters ? text : text.slice(text.indexOf('\n', text.length - keptCharacters) + 1));
    }
  }

  forget(terminal: string): void {
    this.#texts.delete(terminal);
  }

  toRecord(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#texts);
  }
}
