import type { ApiObject } from '../../../kinds/define-kind.ts';
import { parseTime } from '../../../sim/simulation.ts';

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

const weekdays = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon, 05 Jan 2026 09:01:00 +0000`, as descriptions print a stamp. */
export function timeText(stamp: string | undefined): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}:\d{2})/.exec(stamp ?? '');
  if (!parts) return '';
  const [, year, month, day, clock] = parts;
  // 1 January 1970 was a Thursday.
  const weekday = weekdays[Math.floor((parseTime(stamp ?? '') ?? 0) / 86_400_000) % 7];
  return `${weekday}, ${day} ${months[Number(month) - 1]} ${year} ${clock} +0000`;
}
