import type { ApiObject } from '../../../kinds/define-kind.ts';

export type Line = readonly [string, string];

/** Headings and values in two columns; a heading without a value stands alone. */
export function table(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(([name]) => name.length)) + 3;
  return lines
    .map(([name, value]) => `${`${name}:`.padEnd(width)}${value.replaceAll('\n', `\n${' '.repeat(width)}`)}\n`.replace(/ +\n/g, '\n'))
    .join('');
}

/** Name and namespace, with which every description begins. */
export function header({ metadata }: ApiObject, namespaced: boolean): Line[] {
  return [['Name', metadata?.name ?? ''], ...(namespaced ? [['Namespace', metadata?.namespace ?? ''] as const] : [])];
}
