import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}

/** A server of a test's own, with its own data, that may be killed. It runs what Playwright's server has built. */
export class OwnServer {
  readonly address: string;
  readonly #port: number;
  readonly #data = mkdtempSync(join(tmpdir(), 'kube40-e2e-'));
  #process: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.address = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<OwnServer> {
    const server = new OwnServer(await findFreePort());
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const env = { ...process.env, NODE_ENV: 'production' as const, PORT: String(this.#port), HOST: '127.0.0.1', KUBE40_DATA: this.#data };
    this.#process = spawn(process.execPath, ['dist/server.mjs'], { stdio: 'inherit', env });
    const isUp = () =>
      fetch(`${this.address}/api/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(isUp, { timeout: 30_000 }).toBe(true);
  }

  /** No farewell: what was not written down is gone. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (!running) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#data, { recursive: true, force: true });
  }
}
