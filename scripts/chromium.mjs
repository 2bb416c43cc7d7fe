// Finds a Chromium for the browser tests, or installs one where that needs no questions.
import { existsSync } from 'node:fs';
import { say } from './console.mjs';
import { node, run } from './run.mjs';

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

async function findChromium() {
  const { chromium } = await import('@playwright/test');
  return [process.env.KUBE40_CHROMIUM, ...usualPlaces, chromium.executablePath()].find((file) => file && existsSync(file));
}

async function installChromium() {
  const isDebianRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (!isDebianRoot) {
    say('No Chromium found: trying the one that Playwright offers …');
    await run(...node('node_modules/@playwright/test/cli.js', 'install', 'chromium'));
    return;
  }
  say('No Chromium found: installing the Debian package …');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', 'chromium'];
  if ((await run('apt-get', install, { env })) === 0) return;
  await run('apt-get', ['update'], { env });
  await run('apt-get', install, { env });
}

/** The path of a Chromium, or undefined where none can be had. */
export async function ensureChromium() {
  const found = await findChromium();
  if (found) return found;
  await installChromium().catch((error) => say(`Installing Chromium failed: ${error.message}`));
  return findChromium();
}
