import type { ShellCommand } from '../command.ts';
import { Interpreter } from '../interpreter.ts';
import { shellState } from '../shell-state.ts';
import { Pipe } from '../streams.ts';

const defaultSeconds = 2;

/** Runs a command again and again, full screen. */
export const watch: ShellCommand = {
  name: 'watch',
  *run({ args, host, tasks, stdout, stderr, env, cwd }) {
    let seconds = defaultSeconds;
    let at = 0;
    for (; args[at]?.startsWith('-'); at++) {
      const interval = /^(?:-n|--interval=?)(\d+(?:\.\d+)?)?$/.exec(args[at] as string);
      if (interval) seconds = Number(interval[1] ?? args[++at]) || defaultSeconds;
    }
    const script = args.slice(at).join(' ');
    if (script === '') {
      stderr.write('Usage: watch [-n SECONDS] COMMAND\n');
      return 1;
    }
    for (;;) {
      const output = new Pipe();
      const shell = new Interpreter(shellState({ cwd, env }), host, tasks);
      yield* shell.runScript(script, { stdin: Pipe.of(''), stdout: output, stderr: output });
      stdout.write(`\u001b[H\u001b[2JEvery ${seconds.toFixed(1)}s: ${script}\n\n${output.take() ?? ''}`);
      yield { kind: 'sleep', untilMs: host.now + seconds * 1000 };
    }
  },
};
