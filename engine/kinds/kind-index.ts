import type { AnyKind } from './define-kind.ts';

/** Finds kinds by what clients call them. */
export class KindIndex {
  readonly all: readonly AnyKind[];
  readonly #byKind = new Map<string, AnyKind>();
  readonly #byResource = new Map<string, AnyKind>();
  readonly #byName = new Map<string, AnyKind>();

  constructor(kinds: readonly AnyKind[]) {
    this.all = kinds;
    for (const kind of kinds) {
      this.#byKind.set(`${kind.group}/${kind.version}/${kind.kind}`, kind);
      this.#byResource.set(`${kind.group}/${kind.version}/${kind.plural}`, kind);
      for (const name of [
        kind.plural,
        kind.singular,
        ...kind.shortNames,
        `${kind.plural}.${kind.group}`,
        `${kind.singular}.${kind.group}`,
        `${kind.plural}.${kind.version}.${kind.group}`,
      ]) {
        if (!this.#byName.has(name)) this.#byName.set(name, kind);
      }
    }
  }

  /** By `apiVersion` and `kind` as objects carry them. */
  findKind(apiVersion: string, kind: string): AnyKind | undefined {
    const slash = apiVersion.indexOf('/');
    return this.#byKind.get(slash < 0 ? `/${apiVersion}/${kind}` : `${apiVersion}/${kind}`);
  }

  /** By group, version and plural as URLs carry them. */
  findResource(group: string, version: string, plural: string): AnyKind | undefined {
    return this.#byResource.get(`${group}/${version}/${plural}`);
  }

  /** By what a person types: plural, singular, short name, `plural.group`. */
  findName(name: string): AnyKind | undefined {
    return this.#byName.get(name.toLowerCase());
  }
}

const indexes = new WeakMap<readonly AnyKind[], KindIndex>();

/** The index of a list of kinds; one for all clusters that serve the same kinds. */
export function indexKinds(kinds: readonly AnyKind[]): KindIndex {
  const known = indexes.get(kinds) ?? new KindIndex(kinds);
  indexes.set(kinds, known);
  return known;
}
