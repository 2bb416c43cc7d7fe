import { expect, test } from 'vitest';
import { MachineFiles } from '../machine/machine-files.ts';
import { Interpreter } from './interpreter.ts';
import type { ShellHost } from './shell-host.ts';
import { shellState } from './shell-state.ts';
import { Pipe } from './streams.ts';
import { TaskRunner } from './task.ts';

interface Run {
  readonly stdout: string;
  readonly exitCode: number;
  readonly tookMs: number;
}

/** Runs a script on an empty machine, with a clock of its own. */
function run(script: string): Run {
  let now = 0;
  const output = new Pipe();
  const files = new MachineFiles(
    new Map([
      ['/tmp/', ''],
      ['/tmp/b.txt', 'two\n'],
      ['/tmp/a.txt', 'one\n'],
    ]),
  );
  const host = {
    hostname: 'workstation',
    user: 'student',
    home: '/tmp',
    revision: 1,
    files,
    commandNames: [],
    get now() {
      return now;
    },
    run: () => undefined,
  } as unknown as ShellHost;
  const tasks = new TaskRunner(host);
  const shell = new Interpreter(shellState({ cwd: '/tmp', env: { HOME: '/tmp' } }), host, tasks);
  const task = tasks.spawn(shell.runScript(script, { stdin: Pipe.of(''), stdout: output, stderr: output }), script);
  for (tasks.run(); task.exitCode === undefined; tasks.run()) now = tasks.nextWakeMs ?? now;
  return { stdout: output.take() ?? '', exitCode: task.exitCode, tookMs: now };
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are shell expansions.
test.each([
  ['words and quotes', `a='x y'; printf '<%s>' $a "$a" '$a'`, '<x><y><x y><$a>'],
  ['command substitution drops trailing newlines', 'echo "[$(echo hi; echo)]"', '[hi]\n'],
  ['arithmetic', 'i=3; echo $((i * (2 + 1) % 5)) $((i++)) $i', '4 3 4\n'],
  ['loops', 'for i in {1..3}; do [ $i = 2 ] && continue; echo $i; done', '1\n3\n'],
  ['while read from a pipe', `printf 'a b\\nc d\\n' | while read -r x y; do echo "$y-$x"; done`, 'b-a\nd-c\n'],
  ['case and patterns', 'case web-1 in db*) echo db;; web-[0-9]) echo web;; esac', 'web\n'],
  ['here-documents expand', 'n=7; cat() { while read -r l; do echo "$l"; done; }; cat <<EOF\nn=$n\nEOF', 'n=7\n'],
  ['quoted here-documents do not', 'f() { read -r l; echo "$l"; }; f <<\'EOF\'\nn=$n\nEOF', 'n=$n\n'],
  ['functions, local arguments, return', 'f() { echo "$1:$#"; return 3; }; f a b; echo $?', 'a:2\n3\n'],
  [
    'defaults and suffixes',
    'f=web.tar.gz; echo ${x:-none} ${f%.*} ${f%%.*} ${f#*.} ${#f} ${f/tar/zip}',
    'none web.tar web tar.gz 10 web.zip.gz\n',
  ],
  ['arrays', 'a=(x "y z"); a+=(w); echo ${#a[@]} "${a[1]}"; for i in "${a[@]}"; do echo "<$i>"; done', '3 y z\n<x>\n<y z>\n<w>\n'],
  ['file names', 'echo *.txt /tmp/a*', 'a.txt b.txt /tmp/a.txt\n'],
  ['redirection', 'echo one > x; echo two >> x; while read -r l; do echo "+$l"; done < x; echo err >&2 2>/dev/null', '+one\n+two\nerr\n'],
  ['and, or, not', 'false || echo a; true && echo b; ! false && echo c', 'a\nb\nc\n'],
  ['double brackets', '[[ abc == a* && 3 -gt 2 ]] && echo yes; [[ abc =~ ^a.c$ ]] && echo match', 'yes\nmatch\n'],
  ['subshells keep their changes', '(cd /; x=1; echo in $x); pwd; echo ${x:-unset}', 'in 1\n/tmp\nunset\n'],
  ['an unknown command', 'nope; echo $?', 'bash: nope: command not found\n127\n'],
])('[SHELL-1] %s', (_name, script, stdout) => {
  expect(run(script).stdout).toBe(stdout);
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are shell expansions.

test('[SHELL-2] set -e ends a script at the first failure that nobody tests', () => {
  expect(run('set -e; false || true; if false; then :; fi; echo before; false; echo after')).toMatchObject({
    stdout: 'before\n',
    exitCode: 1,
  });
});

test('[SHELL-2] pipefail gives the last failure of a pipeline', () => {
  expect(run('set -o pipefail; false | true; echo $?; set +o pipefail; false | true; echo $?').stdout).toBe('1\n0\n');
});

test('[SHELL-3] sleep takes virtual time, background jobs run meanwhile', () => {
  expect(run('(sleep 2; echo late) & echo now; wait; echo done')).toEqual({ stdout: 'now\nlate\ndone\n', exitCode: 0, tookMs: 2000 });
});

test('[SHELL-4] a loop that never ends is stopped and says so', () => {
  const { stdout, exitCode } = run('while true; do :; done');
  expect(stdout).toMatch(/stopped after 500000 steps/);
  expect(exitCode).toBe(1);
});

test('[SHELL-4] a fork bomb and endless output are stopped', () => {
  expect(run('f() { f | f & }; f; echo ok').stdout).toContain('ok');
  expect(run('x=aaaaaaaaaaaaaaaa; while true; do x=$x$x; echo $x; done').stdout.length).toBeLessThan(8_100_000);
});

test.each([
  ['if true; then', 'bash: syntax error: unexpected end of file\n'],
  ['echo )', "bash: syntax error near unexpected token `)'\n"],
  ["echo 'x", "bash: unexpected EOF while looking for matching `''\n"],
])('[SHELL-5] %s is a syntax error with exit code 2', (script, stdout) => {
  expect(run(script)).toMatchObject({ stdout, exitCode: 2 });
});
