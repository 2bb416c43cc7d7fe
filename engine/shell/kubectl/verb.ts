import type { Program } from '../task.ts';
import type { FlagDefinition } from './flags.ts';
import type { Session } from './session.ts';

/** A subcommand of kubectl: one file each, listed in `kubectl.ts`. */
export interface KubectlVerb {
  /** `get`, or `rollout status` for nested ones. */
  readonly name: string;
  readonly summary: string;
  readonly flags: Readonly<Record<string, FlagDefinition>>;
  run(session: Session): Program;
}

/** A subcommand that never waits. */
export function immediateVerb(verb: Omit<KubectlVerb, 'run'> & { run(session: Session): number }): KubectlVerb {
  return {
    ...verb,
    // biome-ignore lint/correctness/useYield: a command that has nothing to wait for yields nothing.
    *run(session) {
      return verb.run(session);
    },
  };
}

export const outputFlag: Readonly<Record<string, FlagDefinition>> = { output: { short: 'o', type: 'value' } };
export const selectorFlags: Readonly<Record<string, FlagDefinition>> = {
  selector: { short: 'l', type: 'value' },
  'field-selector': { type: 'value' },
  'all-namespaces': { short: 'A', type: 'boolean' },
};
export const fileFlags: Readonly<Record<string, FlagDefinition>> = {
  filename: { short: 'f', type: 'list' },
  recursive: { short: 'R', type: 'boolean' },
};
export const dryRunFlag: Readonly<Record<string, FlagDefinition>> = {
  'dry-run': { type: 'optional' },
  output: { short: 'o', type: 'value' },
};
