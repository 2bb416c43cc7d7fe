import type { Millis } from '../sim/simulation.ts';
import type { HttpResponse } from './exchange.ts';

/** An answer with the headers that every server sends. */
export function httpReply(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  stableUntilMs?: Millis,
): HttpResponse {
  return {
    status,
    body,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': String(body.length), ...headers },
    ...(stableUntilMs !== undefined && { stableUntilMs }),
  };
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Time-out',
};

export function statusText(status: number): string {
  return reasons[status] ?? 'Unknown';
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The time of an access-log line: `05/Jan/2026:09:00:00 +0000`. */
export function logTime(rfc3339: string): string {
  const month = months[Number(rfc3339.slice(5, 7)) - 1] ?? 'Jan';
  return `${rfc3339.slice(8, 10)}/${month}/${rfc3339.slice(0, 4)}:${rfc3339.slice(11, 19)} +0000`;
}
