import { getEnvironment } from './env.ts';
import { isAppError } from './errors.ts';
import { logError, logInfo } from './log.ts';
import type { StartServerOptions } from './start-server.ts';
import { startServer } from './start-server.ts';

const longestShutdownMs = 10_000;

/** The life of a server process: start, serve, save and stop at a signal; whatever keeps it from starting is said in words. */
export async function runServer(options: StartServerOptions): Promise<void> {
  try {
    const server = await startServer(options);
    const { host } = getEnvironment();
    const shownHost = host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host;
    logInfo(`ready on http://${shownHost}:${server.port} (${Math.round(process.uptime() * 1000)} ms)`);
    onceAskedToStop(() => server.close());
  } catch (error) {
    const text = explain(error);
    logError(text ?? 'the server could not start', text === undefined ? error : undefined);
    // Next keeps timers: a server that could not start would hang.
    process.exit(1);
  }
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

function explain(error: unknown): string | undefined {
  if (isAppError(error)) return error.userMessage;
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { host, port } = getEnvironment();
  if (error.code === 'EADDRINUSE')
    return `Port ${port} on ${host} is in use, perhaps by another kube40. Stop that program, or set PORT to another one.`;
  if (error.code === 'EACCES') return `This account may not do that (${error.message}). For a port, set PORT to one above 1023.`;
  if (error.code === 'ENOSPC') return 'The disk is full. Free some space and start again.';
  return undefined;
}
