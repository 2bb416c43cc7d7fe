import type { AnyCheckKind } from './check.ts';

/** What a plugin brings. The course itself is the first one. */
export interface Plugin {
  /** As npm would name it. */
  readonly name: string;
  readonly version: string;
  /** Names of plugins that must be there. */
  readonly requires: readonly string[];
  /** A folder with `day-…` folders. */
  readonly days?: string;
  readonly checks: readonly AnyCheckKind[];
}

export function definePlugin(plugin: Partial<Plugin> & Pick<Plugin, 'name' | 'version'>): Plugin {
  return { requires: [], checks: [], ...plugin };
}

/** What `kube40.config.ts` exports. */
export interface Kube40Config {
  readonly plugins: readonly Plugin[];
}

/** All check kinds of the plugins; throws with every problem at once, so that none is half loaded. */
export function collectChecks(plugins: readonly Plugin[]): ReadonlyMap<string, AnyCheckKind> {
  const names = new Set(plugins.map(({ name }) => name));
  const problems = plugins.flatMap(({ name, requires }) =>
    requires.filter((other) => !names.has(other)).map((other) => `plugin ${name} needs plugin ${other}`),
  );
  if (names.size < plugins.length) problems.push('two plugins have one name');
  const kinds = new Map<string, AnyCheckKind>();
  for (const plugin of plugins) {
    for (const check of plugin.checks) {
      if (kinds.has(check.kind)) problems.push(`plugin ${plugin.name} brings the check kind "${check.kind}", which is there already`);
      kinds.set(check.kind, check);
    }
  }
  if (problems.length > 0)
    throw new Error(`the plugins of kube40.config.ts do not go together:\n${problems.map((text) => `  - ${text}`).join('\n')}`);
  return kinds;
}
