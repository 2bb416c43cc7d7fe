/** The line that a person is typing. Plain data. */
export interface LineState {
  text: string;
  cursor: number;
  /** Where in the history the person is; the history's length when on a new line. */
  historyAt: number;
  /** What was typed before the person went into the history. */
  draft: string;
  /** Last text that Ctrl-U, Ctrl-K or Ctrl-W cut. */
  cut: string;
  /** The pattern of a reverse search, while one is open. */
  search: string | undefined;
  /** Rows between the prompt's first row and the row that the cursor is on, as drawn last. */
  cursorRow: number;
}

export function lineState(historyLength: number): LineState {
  return { text: '', cursor: 0, historyAt: historyLength, draft: '', cut: '', search: undefined, cursorRow: 0 };
}

/** What a key means to whoever owns the line. */
export type LineOutcome = 'edited' | 'submit' | 'interrupt' | 'endOfInput' | 'clear' | 'complete' | 'nothing';

/** One key or pasted run of text, as a terminal sends it. */
export function splitKeys(data: string): readonly string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys arrive as control characters.
  return data.match(/\u001b\[[0-9;]*[A-Za-z~]|\u001bO[A-Z]|\u001b[bfd.]|[\u0000-\u001f\u007f]|[^\u0000-\u001f\u007f]+/g) ?? [];
}

/** Changes the line by one key, as readline's default bindings do. */
export function editLine(line: LineState, key: string, history: readonly string[]): LineOutcome {
  if (line.search !== undefined) return searchHistory(line, key, history);
  const edit = bindings[key];
  if (edit) return edit(line, history);
  if (key < ' ' || key.startsWith('\u001b')) return 'nothing';
  line.text = line.text.slice(0, line.cursor) + key + line.text.slice(line.cursor);
  line.cursor += key.length;
  return 'edited';
}

type Edit = (line: LineState, history: readonly string[]) => LineOutcome;

const bindings: Readonly<Record<string, Edit | undefined>> = {
  '\r': () => 'submit',
  '\n': () => 'submit',
  '\u0003': () => 'interrupt',
  '\u0004': (line) => (line.text === '' ? 'endOfInput' : removeAt(line, line.cursor)),
  '\u000c': () => 'clear',
  '\t': () => 'complete',
  '\u007f': removeBefore,
  '\b': removeBefore,
  '\u0001': moveTo(() => 0),
  '\u0005': moveTo((line) => line.text.length),
  '\u0002': moveTo((line) => line.cursor - 1),
  '\u0006': moveTo((line) => line.cursor + 1),
  '\u001b[D': moveTo((line) => line.cursor - 1),
  '\u001bOD': moveTo((line) => line.cursor - 1),
  '\u001b[C': moveTo((line) => line.cursor + 1),
  '\u001bOC': moveTo((line) => line.cursor + 1),
  '\u001b[H': moveTo(() => 0),
  '\u001b[F': moveTo((line) => line.text.length),
  '\u001bOH': moveTo(() => 0),
  '\u001bOF': moveTo((line) => line.text.length),
  '\u001b[1~': moveTo(() => 0),
  '\u001b[4~': moveTo((line) => line.text.length),
  '\u001b[3~': (line) => removeAt(line, line.cursor),
  '\u001bb': moveTo(wordLeft),
  '\u001b[1;5D': moveTo(wordLeft),
  '\u001bf': moveTo(wordRight),
  '\u001b[1;5C': moveTo(wordRight),
  '\u0015': (line) => cut(line, 0, line.cursor),
  '\u000b': (line) => cut(line, line.cursor, line.text.length),
  '\u0017': (line) => cut(line, wordLeft(line), line.cursor),
  '\u0019': (line) => {
    line.text = line.text.slice(0, line.cursor) + line.cut + line.text.slice(line.cursor);
    line.cursor += line.cut.length;
    return 'edited';
  },
  '\u001b[A': (line, history) => recall(line, history, -1),
  '\u001bOA': (line, history) => recall(line, history, -1),
  '\u0010': (line, history) => recall(line, history, -1),
  '\u001b[B': (line, history) => recall(line, history, 1),
  '\u001bOB': (line, history) => recall(line, history, 1),
  '\u000e': (line, history) => recall(line, history, 1),
  '\u0012': (line) => {
    line.search = '';
    return 'edited';
  },
  '\u001b.': (line, history) => {
    const last = history.at(-1)?.split(/\s+/).at(-1) ?? '';
    line.text = line.text.slice(0, line.cursor) + last + line.text.slice(line.cursor);
    line.cursor += last.length;
    return 'edited';
  },
};

function moveTo(target: (line: LineState) => number): Edit {
  return (line) => {
    line.cursor = Math.max(0, Math.min(line.text.length, target(line)));
    return 'edited';
  };
}

function wordLeft({ text, cursor }: LineState): number {
  return text.slice(0, cursor).replace(/\S+\s*$/, '').length;
}

function wordRight({ text, cursor }: LineState): number {
  return cursor + (/^\s*\S+/.exec(text.slice(cursor))?.[0].length ?? 0);
}

function removeBefore(line: LineState): LineOutcome {
  if (line.cursor === 0) return 'nothing';
  line.cursor--;
  return removeAt(line, line.cursor);
}

function removeAt(line: LineState, at: number): LineOutcome {
  line.text = line.text.slice(0, at) + line.text.slice(at + 1);
  return 'edited';
}

function cut(line: LineState, from: number, to: number): LineOutcome {
  line.cut = line.text.slice(from, to);
  line.text = line.text.slice(0, from) + line.text.slice(to);
  line.cursor = from;
  return 'edited';
}

function recall(line: LineState, history: readonly string[], by: number): LineOutcome {
  const next = line.historyAt + by;
  if (next < 0 || next > history.length) return 'nothing';
  if (line.historyAt === history.length) line.draft = line.text;
  line.historyAt = next;
  line.text = next === history.length ? line.draft : (history[next] as string);
  line.cursor = line.text.length;
  return 'edited';
}

function searchHistory(line: LineState, key: string, history: readonly string[]): LineOutcome {
  const pattern = line.search ?? '';
  const find = (text: string, below: number): boolean => {
    const at = history.slice(0, below).findLastIndex((entry) => entry.includes(text));
    if (at < 0) return false;
    line.historyAt = at;
    line.text = history[at] as string;
    line.cursor = line.text.length;
    return true;
  };
  if (key === '\u0012') {
    find(pattern, line.historyAt);
    return 'edited';
  }
  if (key === '\u007f' || key === '\b') {
    line.search = pattern.slice(0, -1);
    find(line.search, history.length);
    return 'edited';
  }
  if (key >= ' ' && !key.startsWith('\u001b') && key !== '\u007f') {
    line.search = pattern + key;
    find(line.search, history.length);
    return 'edited';
  }
  line.search = undefined;
  if (key === '\u0003' || key === '\u0007') {
    line.text = '';
    line.cursor = 0;
    return 'edited';
  }
  return editLine(line, key, history);
}

/** Draws prompt and line anew over what was drawn last, and puts the cursor where it belongs. */
export function drawLine(line: LineState, prompt: string, cols: number): string {
  const shown = line.search === undefined ? prompt : `(reverse-i-search)\`${line.search}': `;
  const promptWidth = visibleWidth(shown);
  const total = promptWidth + line.text.length;
  const at = promptWidth + line.cursor;
  const up = line.cursorRow > 0 ? `\u001b[${line.cursorRow}A` : '';
  // A line that fills its last column leaves the cursor there; a newline makes the next row exist.
  const wrap = total > 0 && total % cols === 0 ? '\r\n' : '';
  const endRow = Math.floor(total / cols);
  line.cursorRow = Math.floor(at / cols);
  const back = endRow > line.cursorRow ? `\u001b[${endRow - line.cursorRow}A` : '';
  const column = at % cols;
  return `${up}\r\u001b[J${shown}${line.text}${wrap}${back}\r${column > 0 ? `\u001b[${column}C` : ''}`;
}

/** Columns that a text takes, without its colour codes. */
export function visibleWidth(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences.
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '').length;
}
