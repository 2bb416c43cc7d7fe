import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import next from 'next';

/** The pages: Next, held by our own HTTP server. */
export interface Site {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Offers an upgrade to the dev server's hot reload; false when it is not for it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly isProduction: boolean;
  readonly host: string;
  readonly port: number;
}

export async function openSite({ isProduction, host, port }: SiteOptions): Promise<Site> {
  // Next listens for upgrades on the server it is given and ends every socket whose path matches a page. It gets this
  // stand-in to listen on; only what is its own is passed to it.
  const upgrades = new EventEmitter();
  const app = next({ dev: !isProduction, hostname: host, port, httpServer: upgrades as unknown as Server });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    handle: (request, response) => handle(request, response),
    upgrade: (request, socket, head) => !isProduction && upgrades.emit('upgrade', request, socket, head),
    close: () => app.close(),
  };
}
