// npm start: from a fresh clone to a served site. npm run dev is the same with hot reload.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fail, SetupError } from './console.mjs';
import { ensure } from './ensure.mjs';

/** Found out before the install and the build, so that nobody waits a minute for "port taken". */
function checkPort(port, host) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const message = {
        EADDRINUSE: `Port ${port} on ${host} is in use, perhaps by another kube40. Stop that program, or choose another port: PORT=3001 npm start`,
        EACCES: `This account may not listen on port ${port}. Choose one above 1023: PORT=3000 npm start`,
        EADDRNOTAVAIL: `This machine has no address ${host}. Set HOST to one that it has, or leave it out for 127.0.0.1.`,
      }[error.code];
      reject(message ? new SetupError(message) : error);
    });
    probe.listen(port, host, () => probe.close(resolve));
  });
}

function serve(isDev) {
  const env = { ...process.env, NODE_ENV: isDev ? 'development' : 'production', NEXT_TELEMETRY_DISABLED: '1' };
  return spawn(process.execPath, ['--enable-source-maps', 'dist/server.mjs'], { stdio: 'inherit', env });
}

/** Keeps one server process running and passes our own end on to it. */
function supervise(isDev) {
  let child;
  let isStopping = false;
  const start = () => {
    const own = serve(isDev);
    child = own;
    own.once('exit', (code) => {
      if (own === child) process.exit(code ?? (isStopping ? 0 : 1));
    });
  };
  const stop = (signal) => {
    isStopping = true;
    child?.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
  // `kill <npm pid>` ends npm and its shell but never reaches us: notice that our parent is gone and stop as well.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop('SIGTERM'), 500).unref();
  const startOrRestart = () => {
    const old = child;
    if (!old) return start();
    child = undefined;
    old.once('exit', start);
    old.kill('SIGTERM');
  };
  return { start, startOrRestart };
}

async function main() {
  const isDev = process.argv.includes('--dev');
  if (existsSync('.env')) process.loadEnvFile('.env');
  const port = Number(process.env.PORT || 3000);
  const host = process.env.HOST || '127.0.0.1';
  await checkPort(port, host);
  await ensure();
  const names = ['server', 'cluster-worker'];
  const server = supervise(isDev);
  const { bundle, bundleAndWatch } = await import('./bundle.mjs');
  if (isDev) {
    await bundleAndWatch(names, server.startOrRestart);
    return;
  }
  await bundle(...names);
  const { buildPages } = await import('./next-build.mjs');
  await buildPages();
  server.start();
}

main().catch(fail);
