// A throw-away PostgreSQL for the data tests: own directory, own port, no password, only on 127.0.0.1, gone afterwards.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

function binaryFolders() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  return [...versions.map((version) => `${debian}/${version}/bin`), ...(process.env.PATH ?? '').split(path.delimiter)];
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** PostgreSQL refuses to run as root: then it is started as its own user, or as nobody. */
function accountFor() {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag, user) => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout);
  const user = spawnSync('id', ['-u', 'postgres']).status === 0 ? 'postgres' : 'nobody';
  return { uid: idOf('-u', user), gid: idOf('-g', user) };
}

async function untilReady(port, server) {
  const { default: pg } = await import('pg');
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline && server.exitCode === null) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'kube40', database: 'postgres' });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('PostgreSQL did not come up');
}

/** Starts a server when this machine has the program: `{ url, stop }`, otherwise undefined. */
export async function startPostgres() {
  const folder = binaryFolders().find((name) => existsSync(`${name}/initdb`) && existsSync(`${name}/postgres`));
  if (!folder) return undefined;
  const account = accountFor();
  const data = mkdtempSync(path.join(tmpdir(), 'kube40-postgres-'));
  if (account.uid !== undefined) chownSync(data, account.uid, account.gid);
  const remove = () => rmSync(data, { recursive: true, force: true });
  const options = { ...account, cwd: data, stdio: 'ignore', env: { PATH: process.env.PATH, LC_ALL: 'C' } };
  const made = spawnSync(`${folder}/initdb`, ['-D', data, '-U', 'kube40', '--auth=trust', '--encoding=UTF8', '--no-sync'], options);
  if (made.status !== 0) {
    remove();
    throw new Error(`initdb failed with exit code ${made.status}`);
  }
  const port = await freePort();
  const fast = ['-c', 'fsync=off', '-c', 'shared_buffers=32MB', '-c', `unix_socket_directories=${data}`];
  const server = spawn(`${folder}/postgres`, ['-D', data, '-p', String(port), '-h', '127.0.0.1', ...fast], options);
  const closed = new Promise((resolve) => server.once('close', resolve));
  const stop = async () => {
    server.kill('SIGINT');
    await closed;
    remove();
  };
  try {
    await untilReady(port, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `postgresql://kube40@127.0.0.1:${port}/postgres`, stop };
}
