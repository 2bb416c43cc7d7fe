import { type Millis, parseTime } from '../sim/simulation.ts';
import { type ApiObject, type Column, column } from './define-kind.ts';

/** `5m32s`, `3d4h`: Kubernetes: apimachinery/pkg/util/duration HumanDuration (1.36). */
export function humanDuration(ms: Millis): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return pair(days, 'd', hours % 24, 'h');
  if (days < 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  return days < 365 * 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

function pair(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first}${firstUnit}` : `${first}${firstUnit}${second}${secondUnit}`;
}

/** The time since an RFC 3339 stamp, `<unknown>` without one. */
export function ageSince(stamp: string | undefined, now: Millis): string {
  const at = stamp === undefined ? undefined : parseTime(stamp);
  return at === undefined ? '<unknown>' : humanDuration(now - at);
}

export function ageColumn<T extends ApiObject>(): Column<T> {
  return column('Age', (object, { now }) => ageSince(object.metadata?.creationTimestamp, now));
}
