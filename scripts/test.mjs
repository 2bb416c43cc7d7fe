// npm test: every test there is. `npm test -- PATTERN…` runs the matching vitest files only.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { bundle } from './bundle.mjs';
import { ensureChromium } from './chromium.mjs';
import { fail, say, shout } from './console.mjs';
import { ensure } from './ensure.mjs';
import { buildPages } from './next-build.mjs';
import { startPostgres } from './postgres.mjs';
import { node, run } from './run.mjs';

const reports = 'test-results';

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** A run that ended badly without naming a failed test still counts as one: nothing may look green by accident. */
function withExitCode(counts, exitCode) {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function runUnitTests(patterns, postgresUrl) {
  const report = `${reports}/vitest.json`;
  rmSync(report, { force: true });
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...patterns];
  const env = postgresUrl ? { KUBE40_TEST_POSTGRES_URL: postgresUrl } : {};
  const exitCode = await run(...node('node_modules/vitest/vitest.mjs', ...args), { env });
  const result = readReport(report);
  const brokenFiles = result?.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length ?? 0;
  const counts = {
    passed: result?.numPassedTests ?? 0,
    failed: (result?.numFailedTests ?? 0) + brokenFiles,
    skipped: (result?.numPendingTests ?? 0) + (result?.numTodoTests ?? 0),
  };
  return withExitCode(counts, exitCode);
}

async function runBrowserTests(chromium) {
  const report = `${reports}/playwright.json`;
  rmSync(report, { force: true });
  await bundle('server', 'cluster-worker');
  await buildPages();
  const env = { KUBE40_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
  const exitCode = await run(...node('node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'), { env });
  const stats = readReport(report)?.stats;
  const counts = { passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0), failed: stats?.unexpected ?? 0, skipped: stats?.skipped ?? 0 };
  return withExitCode(counts, exitCode);
}

async function startDatabase() {
  const postgres = await startPostgres().catch((error) => say(`PostgreSQL did not start: ${error.message}`));
  if (!postgres)
    shout('SKIPPED: the data tests on PostgreSQL. No PostgreSQL server program was found (Debian: apt-get install postgresql).');
  return postgres;
}

function summary(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const skipped = sum('skipped');
  return { failed: sum('failed'), line: `${sum('passed')} passed, ${sum('failed')} failed${skipped ? `, ${skipped} skipped` : ''}` };
}

async function main() {
  const patterns = process.argv.slice(2);
  await ensure();
  mkdirSync(reports, { recursive: true });
  const results = [];
  const postgres = await startDatabase();
  try {
    results.push(await runUnitTests(patterns, postgres?.url));
  } finally {
    await postgres?.stop();
  }
  if (patterns.length === 0) {
    const chromium = await ensureChromium();
    if (chromium) results.push(await runBrowserTests(chromium));
    else shout('SKIPPED: the browser tests. No Chromium was found and none could be installed. Set KUBE40_CHROMIUM to one.');
  }
  const { failed, line } = summary(results);
  console.log(line);
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch(fail);
