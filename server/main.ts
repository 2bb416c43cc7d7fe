import { createServer, type Server } from 'node:http';
import { DatabaseSessionStore } from './clusters/database-session-store.ts';
import { WorkerClusterHost } from './clusters/worker-cluster-host.ts';
import { migrate } from './database/open-database.ts';
import { getDatabase } from './db.ts';
import { getEnvironment } from './env.ts';
import { isAppError } from './errors.ts';
import { Gateway } from './gateway/gateway.ts';
import { logError, logInfo } from './log.ts';
import { openSite } from './site.ts';

const longestShutdownMs = 10_000;

/** `npm start`: pages, WebSocket and clusters on one port. */
async function main(): Promise<void> {
  const { isProduction, host, port, databaseUrl, workers, hibernateAfterMs } = getEnvironment();
  const applied = await migrate(databaseUrl);
  if (applied.length > 0) logInfo(`database brought up to date: ${applied.join(', ')}`);

  const script = new URL('./cluster-worker.mjs', import.meta.url);
  const clusters = new WorkerClusterHost({ script, workers, store: new DatabaseSessionStore(), hibernateAfterMs });
  const gateway = new Gateway({ host: clusters });
  const site = await openSite({ isProduction, host, port });

  const server = createServer((request, response) => {
    if (request.url === '/api/health') response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    else void site.handle(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (new URL(request.url ?? '/', 'http://localhost').pathname === '/ws') {
      gateway.upgrade(request, socket, head).catch((error: unknown) => {
        logError('an upgrade failed', error);
        socket.destroy();
      });
    } else if (!site.upgrade(request, socket, head)) socket.destroy();
  });
  await listen(server, port, host);
  const shownHost = host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host;
  logInfo(`ready on http://${shownHost}:${port} (${Math.round(process.uptime() * 1000)} ms)`);

  onceAskedToStop(async () => {
    gateway.close();
    server.close();
    // The clusters are written down while the browsers' keep-alive connections still linger.
    await clusters.close();
    server.closeAllConnections();
    await site.close();
    await getDatabase().$disconnect();
  });
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

/** Runs `stop` at the first signal, and leaves without it when it takes too long. */
function onceAskedToStop(stop: () => Promise<void>): void {
  let isStopping = false;
  const begin = () => {
    if (isStopping) return;
    isStopping = true;
    logInfo('saving the clusters and stopping');
    setTimeout(() => process.exit(1), longestShutdownMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logError('stopping failed', error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, begin);
}

function explain(error: unknown, { host, port }: { readonly host: string; readonly port: number }): string | undefined {
  if (isAppError(error)) return error.userMessage;
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.code === 'EADDRINUSE')
    return `Port ${port} on ${host} is in use, perhaps by another kube40. Stop that program, or set PORT to another one.`;
  if (error.code === 'EACCES') return `This account may not listen on port ${port}. Set PORT to one above 1023.`;
  if (error.code === 'ENOSPC') return 'The disk is full. Free some space and start again.';
  return undefined;
}

// Next keeps timers; a server that could not start has to end by itself.
main().catch((error: unknown) => {
  const text = isAppError(error) ? error.userMessage : explain(error, getEnvironment());
  logError(text ?? 'the server could not start', text === undefined ? error : undefined);
  process.exit(1);
});
