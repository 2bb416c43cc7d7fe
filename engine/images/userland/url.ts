import type { ProgramContext } from '../image-program.ts';
import { isIpv4 } from './ipv4.ts';

export interface Url {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly tls: boolean;
}

export function urlOf(text: string): Url {
  const parts = /^(?:(https?):\/\/)?([^/:?]+)(?::(\d+))?(.*)$/.exec(text);
  const tls = parts?.[1] === 'https';
  const path = parts?.[4] || '/';
  return { host: parts?.[2] ?? '', port: Number(parts?.[3] ?? (tls ? 443 : 80)), path: path.startsWith('/') ? path : `/${path}`, tls };
}

/** A name's first address, for messages that show one. */
export function addressOf(p: ProgramContext, host: string): string {
  return isIpv4(host) ? host : (p.lookup(host)?.[0] ?? host);
}

/** Takes a `Name: value` argument. */
export function addHeader(headers: Record<string, string>, text: string): void {
  const colon = text.indexOf(':');
  if (colon > 0) headers[text.slice(0, colon)] = text.slice(colon + 1).trim();
}
