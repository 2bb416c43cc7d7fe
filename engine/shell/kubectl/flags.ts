/** A flag of kubectl: its long name, its short one, and whether it takes a value. */
export interface FlagDefinition {
  readonly short?: string;
  /** `list` flags may be given several times or with commas. `optional` ones take a value only after `=`. */
  readonly type: 'boolean' | 'value' | 'list' | 'optional';
}

export interface ParsedFlags {
  readonly words: readonly string[];
  /** What follows `--`. */
  readonly rest: readonly string[] | undefined;
  readonly flags: Readonly<Record<string, readonly string[]>>;
}

/** A wrong use of a command; kubectl prints `error: …` and ends with 1. */
export class UsageProblem extends Error {
  override readonly name = 'UsageProblem';
}

/** Flags that every command knows. */
export const globalFlags: Readonly<Record<string, FlagDefinition>> = {
  namespace: { short: 'n', type: 'value' },
  context: { type: 'value' },
  kubeconfig: { type: 'value' },
  as: { type: 'value' },
  v: { short: 'v', type: 'value' },
  'request-timeout': { type: 'value' },
};

/** Reads flags as pflag does: `--name=value`, `--name value`, `-n value`, `-nvalue`, `-it`, `--` ends them. */
export function parseFlags(args: readonly string[], known: Readonly<Record<string, FlagDefinition>>): ParsedFlags {
  const definitions: Readonly<Record<string, FlagDefinition>> = { ...globalFlags, ...known };
  const shorts = new Map(Object.entries(definitions).flatMap(([name, { short }]) => (short ? [[short, name] as const] : [])));
  const words: string[] = [];
  const flags: Record<string, string[]> = {};
  const add = (name: string, value: string): void => {
    const isList = definitions[name]?.type === 'list';
    if (isList) flags[name] = [...(flags[name] ?? []), value];
    else flags[name] = [value];
  };
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] as string;
    if (argument === '--') return { words, rest: args.slice(index + 1), flags };
    if (argument.startsWith('--')) {
      const equals = argument.indexOf('=');
      const name = argument.slice(2, equals < 0 ? undefined : equals);
      const definition = definitions[name];
      if (!definition) throw new UsageProblem(`unknown flag: --${name}`);
      if (equals >= 0) add(name, argument.slice(equals + 1));
      else if (definition.type === 'boolean') add(name, 'true');
      else if (definition.type === 'optional') add(name, '');
      else if (index + 1 >= args.length) throw new UsageProblem(`flag needs an argument: --${name}`);
      else add(name, args[++index] as string);
    } else if (argument.startsWith('-') && argument.length > 1)
      index += readShorts(argument, args[index + 1], { shorts, definitions, add });
    else words.push(argument);
  }
  return { words, rest: undefined, flags };
}

interface ShortFlags {
  readonly shorts: ReadonlyMap<string, string>;
  readonly definitions: Readonly<Record<string, FlagDefinition>>;
  add(name: string, value: string): void;
}

/** Reads `-it`, `-nfoo`, `-n foo`; gives how many further arguments it used. */
function readShorts(argument: string, next: string | undefined, { shorts, definitions, add }: ShortFlags): number {
  for (let at = 1; at < argument.length; at++) {
    const letter = argument[at] as string;
    const name = shorts.get(letter);
    if (!name) throw new UsageProblem(`unknown shorthand flag: '${letter}' in ${argument}`);
    const { type } = definitions[name] as FlagDefinition;
    if (type === 'boolean') {
      add(name, 'true');
      continue;
    }
    const attached = argument.slice(at + 1).replace(/^=/, '');
    if (attached !== '') add(name, attached);
    else if (type === 'optional') add(name, '');
    else if (next === undefined) throw new UsageProblem(`flag needs an argument: '${letter}' in ${argument}`);
    else {
      add(name, next);
      return 1;
    }
    return 0;
  }
  return 0;
}

export function flag({ flags }: ParsedFlags, name: string): string | undefined {
  return flags[name]?.at(-1);
}

export function isSet(parsed: ParsedFlags, name: string): boolean {
  const value = flag(parsed, name);
  return value !== undefined && value !== 'false';
}

export function listFlag({ flags }: ParsedFlags, name: string): readonly string[] {
  return (flags[name] ?? []).flatMap((value) => value.split(','));
}
