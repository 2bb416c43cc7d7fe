import { spawn } from 'node:child_process';
import { SetupError, say } from './console.mjs';

// Nothing that we start may phone home, and Prisma must not look for a downloadable engine (see scripts/prisma-clients.mjs).
const quiet = { NEXT_TELEMETRY_DISABLED: '1', CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' };

/** Runs a program with our console and resolves to its exit code. A signal to us reaches it as well. */
export function run(command, args, { env = {}, stdio = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio, env: { ...process.env, ...quiet, ...env } });
    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}

/** As `run`, but announces the step, times it and throws when it fails. */
export async function step(title, command, args, options) {
  const started = Date.now();
  say(`${title} …`);
  const code = await run(command, args, { stdio: ['inherit', 2, 2], ...options });
  if (code !== 0) throw new SetupError(`${title} failed (exit code ${code}). What went wrong is written above.`);
  say(`${title}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

export function node(script, ...args) {
  return [process.execPath, [script, ...args]];
}
