import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawLine, editLine, type LineState, lineState, splitKeys, visibleWidth } from './line-editor.ts';

const history = ['kubectl get pods', 'ls -l', 'kubectl get nodes'];

/** Types keys and gives the line with `|` at the cursor. */
function type(data: string, line: LineState = lineState(history.length)): string {
  for (const key of splitKeys(data)) editLine(line, key, history);
  return `${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}`;
}

const [up, down, left, right, home, end] = ['\u001b[A', '\u001b[B', '\u001b[D', '\u001b[C', '\u001b[H', '\u001b[F'];
const ctrl = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) - 64);

test.each([
  ['typing', 'get', 'get|'],
  ['left and insert', `ac${left}b`, 'ab|c'],
  ['home and end', `bc${home}a${end}d`, 'abcd|'],
  ['Ctrl-A and Ctrl-E', `bc${ctrl('A')}a${ctrl('E')}d`, 'abcd|'],
  ['backspace', 'abc\u007f', 'ab|'],
  ['delete', `abc${home}\u001b[3~`, '|bc'],
  ['Ctrl-W cuts a word, Ctrl-Y puts it back', `get pods${ctrl('W')}nodes ${ctrl('Y')}`, 'get nodes pods|'],
  ['Ctrl-U cuts to the start', `get pods${left}${ctrl('U')}`, '|s'],
  ['Ctrl-K cuts to the end', `get pods${home}${right}${ctrl('K')}`, 'g|'],
  ['Alt-B and Alt-F go by words', 'get my pods\u001bb\u001bb\u001bf', 'get my| pods'],
  ['up and down go through the history', `x${up}${up}${down}`, 'kubectl get nodes|'],
  ['down gives the draft back', `x${up}${down}`, 'x|'],
  ['up stops at the oldest', up.repeat(9), 'kubectl get pods|'],
  ['Alt-. repeats the last word', 'describe \u001b.', 'describe nodes|'],
  ['Ctrl-R searches backwards', `${ctrl('R')}get`, 'kubectl get nodes|'],
  ['Ctrl-R again searches further', `${ctrl('R')}get${ctrl('R')}`, 'kubectl get pods|'],
  ['an unknown sequence does nothing', 'a\u001b[15~b', 'ab|'],
  ['a pasted text', 'kubectl get pods', 'kubectl get pods|'],
])('[SHELL-6] %s', (_name, data, line) => {
  expect(type(data)).toBe(line);
});

test.each([
  ['\r', 'submit'],
  ['\t', 'complete'],
  [ctrl('C'), 'interrupt'],
  [ctrl('L'), 'clear'],
  [ctrl('D'), 'endOfInput'],
])('[SHELL-6] %j means %s', (key, outcome) => {
  expect(editLine(lineState(0), key, [])).toBe(outcome);
});

test('[SHELL-6] whatever is typed, the cursor stays within the line', () => {
  const key = fc.oneof(
    fc.constantFrom(
      up,
      down,
      left,
      right,
      home,
      end,
      '\u007f',
      '\u001b[3~',
      '\u001bb',
      '\u001bf',
      '\u001b.',
      ...[...'ABDEFKNPRUWY'].map(ctrl),
    ),
    fc.string({ minLength: 1, maxLength: 3 }).filter((text) => text >= ' '),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 30 }), (keys) => {
      const line = lineState(history.length);
      for (const one of keys) {
        editLine(line, one, history);
        expect(line.cursor >= 0 && line.cursor <= line.text.length).toBe(true);
      }
    }),
  );
});

/** A terminal of few columns that understands what the line editor draws. */
function screen(drawn: readonly string[], cols: number): { readonly rows: readonly string[]; readonly cursor: readonly [number, number] } {
  const cells: string[][] = [[]];
  let [row, column] = [0, 0];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals speak in control sequences.
  for (const [token] of drawn.join('').matchAll(/\u001b\[(\d*)([A-Za-z])|\r|\n|[^\r\n\u001b]/g)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals speak in control sequences.
    const code = /^\u001b\[(\d*)([A-Za-z])$/.exec(token);
    if (code?.[2] === 'A') row -= Number(code[1]);
    else if (code?.[2] === 'C') column += Number(code[1]);
    else if (code?.[2] === 'J') {
      cells.length = row + 1;
      (cells[row] as string[]).length = column;
    } else if (token === '\r') column = 0;
    else if (token === '\n') {
      row++;
      cells[row] ??= [];
    } else {
      if (column === cols) {
        row++;
        column = 0;
        cells[row] ??= [];
      }
      (cells[row] as string[])[column++] = token;
    }
  }
  return { rows: cells.map((cell) => Array.from(cell, (one) => one ?? ' ').join('')), cursor: [row, column] };
}

test('[SHELL-7] however long the line, the terminal shows it once, with the cursor in its place', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 5, max: 20 }),
      fc.array(fc.constantFrom('a', 'bc', left, right, home, end, '\u007f', ctrl('W')), { maxLength: 40 }),
      (cols, keys) => {
        const line = lineState(0);
        const drawn = [drawLine(line, '$ ', cols)];
        for (const key of keys) {
          editLine(line, key, []);
          drawn.push(drawLine(line, '$ ', cols));
        }
        const { rows, cursor } = screen(drawn, cols);
        expect(rows.join('').trimEnd()).toBe(`$ ${line.text}`.trimEnd());
        const at = 2 + line.cursor;
        expect(cursor).toEqual([Math.floor(at / cols), at % cols]);
      },
    ),
  );
});

test('[SHELL-7] colours take no columns', () => {
  expect(visibleWidth('\u001b[1;32mstudent\u001b[0m$ ')).toBe(9);
});
