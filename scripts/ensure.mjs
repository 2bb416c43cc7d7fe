// Makes a checkout ready to work: Node built-ins only, because it runs before anything is installed.
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs';
import { fail, SetupError, say } from './console.mjs';
import { whenStale } from './fingerprint.mjs';
import { node, step } from './run.mjs';

const diskForInstallMB = 2500;
const diskForWorkMB = 300;

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
  if (fits) return;
  throw new SetupError(
    `kube40 needs Node.js 20.19 or newer, 22.12 or newer, or 24; this is ${process.version}. Install one from https://nodejs.org and try again.`,
  );
}

function checkDisk(neededMB) {
  const { bavail, bsize } = statfsSync('.');
  const freeMB = Math.floor((bavail * bsize) / 1024 / 1024);
  if (freeMB >= neededMB) return;
  throw new SetupError(`The disk has ${freeMB} MB left and this step needs about ${neededMB} MB. Free some space and try again.`);
}

/** Whether node_modules holds what package-lock.json asks for, whoever installed it. */
function isInstalled() {
  const installedFile = 'node_modules/.package-lock.json';
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([name, entry]) => name === '' || entry.optional || entry.devOptional || installed[name]?.version === entry.version,
  );
}

const installLock = '.kube40-installing';
const longestInstallMs = 10 * 60 * 1000;

/** Two installs at once would tear each other's node_modules apart: the second waits for the first. */
async function withInstallLock(work) {
  for (;;) {
    try {
      mkdirSync(installLock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const isAbandoned = Date.now() - (statSync(installLock, { throwIfNoEntry: false })?.mtimeMs ?? 0) > longestInstallMs;
      if (isAbandoned) rmSync(installLock, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(installLock, { recursive: true, force: true });
  }
}

async function install() {
  if (isInstalled()) return;
  await withInstallLock(async () => {
    if (!isInstalled()) await runInstall();
  });
}

async function runInstall() {
  checkDisk(diskForInstallMB);
  // NODE_ENV=production would silently leave out what the build needs.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const [command, commandArgs] = npm ? node(npm, ...args) : ['npm', args];
  await step('Installing packages (about a minute on a first run)', command, commandArgs);
}

/** Everything between a fresh clone and "the sources compile". Quick when nothing changed. */
export async function ensure() {
  checkNode();
  checkDisk(diskForWorkMB);
  await install();
  await whenStale(
    {
      stampFile: 'node_modules/.kube40/schema',
      inputs: ['scripts/generate-schema.mjs', 'package-lock.json'],
      outputs: ['engine/schema/generated/models.json', 'engine/schema/generated/models.ts', 'engine/schema/generated/descriptions.json'],
    },
    () => step('Generating the Kubernetes types', ...node('scripts/generate-schema.mjs')),
  );
  await whenStale(
    {
      stampFile: 'node_modules/.kube40/editor-schema',
      inputs: ['scripts/generate-editor-schema.mjs', 'scripts/generate-schema.mjs', 'package-lock.json'],
      outputs: ['public/generated/kubernetes-schema.json'],
    },
    () => step("Generating the editor's schema", ...node('scripts/generate-editor-schema.mjs')),
  );
  await whenStale(
    {
      stampFile: 'node_modules/.kube40/prisma',
      inputs: ['scripts/prisma-clients.mjs', 'prisma/schema.prisma', 'package-lock.json'],
      outputs: ['server/generated/sqlite/client.ts', 'server/generated/postgres/client.ts'],
    },
    () => step('Generating the database clients', ...node('scripts/prisma-clients.mjs')),
  );
}

if (import.meta.filename === process.argv[1]) ensure().then(() => say('ready'), fail);
