import { expect, test } from 'vitest';
import { textCommands } from './text.ts';

function run(argv: readonly string[], stdin: string): string {
  const command = textCommands[argv[0] as string];
  const result = command?.({ p: {} as never, argv, stdin, env: {}, workdir: '/' });
  return `${result?.stdout ?? ''}${result?.stderr ?? ''}`;
}

test.each([
  [['sed', 's/a\\/b/x\\/y/'], 'a/b\n', 'x/y\n'],
  [['sed', 's/\\(a\\)\\(b\\)/\\2&\\1/g'], 'abab\n', 'babababa\n'],
  [['sed', '-n', '2,3p'], '1\n2\n3\n4\n', '2\n3\n'],
  [['sort', '-k2', '-n'], 'a 10\nb 9\n', 'b 9\na 10\n'],
  [['cut', '-d:', '-f2-'], 'a:b:c\n', 'b:c\n'],
  [['tr', 'a-z', 'A-Z'], 'abc', 'ABC'],
  [['uniq', '-c'], 'x\nx\ny\n', '      2 x\n      1 y\n'],
  [['awk', '-F,', '/b/{print NR": "$NF}'], 'a,1\nb,2\n', '2: 2\n'],
  [['base64', '-d'], 'aMOk\n', 'hä'],
])('[SHELL-10] %j', (argv, stdin, output) => {
  expect(run(argv as string[], stdin as string)).toBe(output);
});

test('[SHELL-10] what a utility does not do it says', () => {
  expect(run(['sed', '-e', 's/a/b/', '-e', 's/b/c/'], 'a\n')).toMatch(/several expressions are not simulated/);
  expect(run(['awk', '{ sum += $1 } END { print sum }'], '1\n')).toMatch(/not simulated/);
});
