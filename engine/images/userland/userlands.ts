import type { ExecResult, ImageProgram, ProgramContext, Userland } from '../image-program.ts';
import { nativeScripts } from '../shell/script-program.ts';
import type { ScriptRunner } from '../shell/script-runner.ts';
import { basicCommands } from './basic-commands.ts';
import { type Command, commandProgram } from './command.ts';
import { fileCommands } from './file-commands.ts';
import { curlCommand, networkCommands } from './network-commands.ts';

export interface UserlandParts {
  readonly name: string;
  readonly commands: Readonly<Record<string, Command>>;
  /** Long-running programs of the image, which scripts start by name. */
  readonly programs: Readonly<Record<string, ImageProgram>>;
  readonly shells: readonly string[];
  readonly scripts: ScriptRunner;
}

/** The commands of an image: each runs in `kubectl exec`, in a script, or as the container's main process. */
export function defineUserland({ name, commands, programs, shells, scripts }: UserlandParts): Userland {
  const made = new Map<string, ImageProgram>();
  const bare = (executable: string): string => executable.replace(/^\/(usr\/)?(local\/)?s?bin\//, '');
  const userland: Userland = {
    name,
    find(executable) {
      const short = bare(executable);
      const own = programs[executable] ?? programs[short];
      if (own) return own;
      const known = made.get(short);
      if (known) return known;
      const command = commands[short];
      const program = shells.includes(short) ? scripts.program(userland) : command && commandProgram(command);
      if (program) made.set(short, program);
      return program;
    },
    exec(p: ProgramContext, argv: readonly string[], stdin: string): ExecResult | undefined {
      return userland.run(p, argv, { stdin, env: p.env, workdir: p.workdir });
    },
    run(p, argv, { stdin, env, workdir }) {
      const short = bare(argv[0] ?? '');
      if (shells.includes(short)) return scripts.exec(userland, p, argv, stdin);
      return commands[short]?.({ p, argv: [short, ...argv.slice(1)], stdin, env, workdir });
    },
    isProgram: (executable) => programs[executable] !== undefined || programs[bare(executable)] !== undefined,
  };
  return userland;
}

type Programs = Readonly<Record<string, ImageProgram>>;
type Commands = Readonly<Record<string, Command>>;

const shared: Commands = { ...basicCommands, ...fileCommands };

export function busyboxUserland(programs: Programs = {}, commands: Commands = {}): Userland {
  return defineUserland({
    name: 'busybox',
    commands: { ...shared, ...networkCommands, ...commands },
    programs,
    shells: ['sh', 'ash'],
    scripts: nativeScripts,
  });
}

/** busybox with curl, as nginx's alpine tags have it. */
export function alpineUserland(programs: Programs = {}, commands: Commands = {}): Userland {
  return defineUserland({
    name: 'alpine',
    commands: { ...shared, ...networkCommands, ...curlCommand, ...commands },
    programs,
    shells: ['sh', 'ash'],
    scripts: nativeScripts,
  });
}

/** A slim Debian: no wget, ping, nslookup or ps. */
export function debianUserland(programs: Programs = {}, commands: Commands = {}): Userland {
  const { ps: _absent, ...rest } = shared;
  return defineUserland({
    name: 'debian',
    commands: { ...rest, ...curlCommand, ...commands },
    programs,
    shells: ['sh', 'bash', 'dash'],
    scripts: nativeScripts,
  });
}
