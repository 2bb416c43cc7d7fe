/** The memory of a shell between two commands. Plain data. */
export interface ShellState {
  cwd: string;
  readonly variables: Map<string, string>;
  readonly arrays: Map<string, string[]>;
  readonly exported: Set<string>;
  /** Source texts by name. */
  readonly functions: Map<string, string>;
  readonly aliases: Map<string, string>;
  positional: string[];
  lastStatus: number;
  errexit: boolean;
  nounset: boolean;
  pipefail: boolean;
  xtrace: boolean;
  name: string;
}

export function shellState(options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> }): ShellState {
  return {
    cwd: options.cwd,
    variables: new Map(Object.entries(options.env)),
    arrays: new Map(),
    exported: new Set(Object.keys(options.env)),
    functions: new Map(),
    aliases: new Map(),
    positional: [],
    lastStatus: 0,
    errexit: false,
    nounset: false,
    pipefail: false,
    xtrace: false,
    name: 'bash',
  };
}

/** A subshell starts as a copy. */
export function forkShellState(state: ShellState): ShellState {
  return {
    ...state,
    variables: new Map(state.variables),
    arrays: new Map([...state.arrays].map(([name, items]) => [name, [...items]])),
    exported: new Set(state.exported),
    functions: new Map(state.functions),
    aliases: new Map(state.aliases),
    positional: [...state.positional],
  };
}
