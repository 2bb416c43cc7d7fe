import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from 'better-auth/node';
import { clientAddressHeader, getAuth } from './auth/auth.ts';
import { DatabaseSessionStore } from './clusters/database-session-store.ts';
import { WorkerClusterHost } from './clusters/worker-cluster-host.ts';
import { getContent } from './content.ts';
import { migrate } from './database/open-database.ts';
import { getDatabase } from './db.ts';
import { getEnvironment } from './env.ts';
import { Gateway } from './gateway/gateway.ts';
import { logError, logInfo } from './log.ts';
import type { Site, SiteOptions } from './site.ts';

export interface StartServerOptions {
  readonly openSite: (options: SiteOptions) => Promise<Site>;
  /** The bundle that cluster workers run. */
  readonly clusterWorker: URL;
}

export interface RunningServer {
  readonly port: number;
  /** Saves every cluster, then stops. */
  close(): Promise<void>;
}

/** Brings the database up to date and serves pages, accounts, WebSocket and clusters on one port. */
export async function startServer({ openSite, clusterWorker }: StartServerOptions): Promise<RunningServer> {
  const { isProduction, host, port, databaseUrl, workers, hibernateAfterMs } = getEnvironment();
  // A course with a mistake is refused before anybody sees half of it.
  await getContent();
  const applied = await migrate(databaseUrl);
  if (applied.length > 0) logInfo(`database brought up to date: ${applied.join(', ')}`);

  const clusters = new WorkerClusterHost({ script: clusterWorker, workers, store: new DatabaseSessionStore(), hibernateAfterMs });
  const gateway = new Gateway({ host: clusters });
  const site = await openSite({ isProduction, host, port });
  const server = createServer(answer(site));
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (pathOf(request) === '/ws') {
      gateway.upgrade(request, socket, head).catch((error: unknown) => {
        logError('an upgrade failed', error);
        socket.destroy();
      });
    } else if (!site.upgrade(request, socket, head)) socket.destroy();
  });
  await listen(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      gateway.close();
      server.close();
      // The clusters are written down while the browsers' keep-alive connections still linger.
      await clusters.close();
      server.closeAllConnections();
      await site.close();
      await getDatabase().$disconnect();
    },
  };
}

/** Accounts are answered here and not by a page: they must work while a page is being compiled, and without pages. */
function answer(site: Site): (request: IncomingMessage, response: ServerResponse) => void {
  const answerAuth = toNodeHandler(getAuth());
  return (request, response) => {
    const path = pathOf(request);
    request.headers[clientAddressHeader] = request.socket.remoteAddress ?? 'unknown';
    if (path === '/api/health') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
      return;
    }
    const answered = path.startsWith('/api/auth/') ? answerAuth(request, response) : site.handle(request, response);
    answered.catch((error: unknown) => {
      logError(`${request.method} ${path} failed`, error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/';
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      server.on('error', (error) => logError('the HTTP server failed', error));
      resolve();
    });
  });
}
