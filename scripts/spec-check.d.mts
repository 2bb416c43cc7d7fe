interface Comparison {
  readonly twice: readonly string[];
  readonly untested: readonly string[];
  readonly unknown: readonly string[];
}
export function compare(spec: string, testSources: readonly string[]): Comparison;
export function checkSpec(): Comparison;
