import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

/** Bundles the headless server and its worker into a folder. It has to be inside the checkout, where the packages are. */
export async function bundleServer(folder: string): Promise<string> {
  await build({
    entryPoints: { 'headless-server': 'tests/server/headless-server.ts', 'counting-worker': 'server/testing/counting-worker.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    target: 'node20',
  });
  return path.join(folder, 'headless-server.mjs');
}

export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything it has printed. */
  readonly output: readonly string[];
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

export interface StartOptions {
  readonly script: string;
  readonly dataFolder: string;
  readonly port?: number;
}

/** Starts the process and waits until it serves. Throws with its output when it ends instead. */
export async function startServerProcess({ script, dataFolder, port = 0 }: StartOptions): Promise<ServerProcess> {
  const env = {
    ...process.env,
    NODE_ENV: 'production' as const,
    DATABASE_URL: '',
    PORT: String(port),
    KUBE40_DATA: dataFolder,
    KUBE40_WORKERS: '1',
  };
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  const closed = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    const read = (line: string) => {
      output.push(line);
      const ready = /ready on (http:\/\/\S+)/.exec(line);
      if (ready?.[1]) resolve(ready[1].replace('localhost', '127.0.0.1'));
    };
    createInterface({ input: child.stdout }).on('line', read);
    createInterface({ input: child.stderr }).on('line', read);
    closed.then(([code]) => reject(new Error(`the server ended with ${code}:\n${output.join('\n')}`)), reject);
  });
  return {
    url,
    child,
    output,
    async kill(signal) {
      child.kill(signal);
      const [code] = await closed;
      return code as number | null;
    },
  };
}
