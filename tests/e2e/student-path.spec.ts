import { expect, test } from '@playwright/test';
import { startAsGuest, watchRequests } from './support/page-checks.ts';
import { WorkspacePage } from './support/workspace.ts';

const labPath = '/days/5/labs/trace-a-request';

function deployment(replicas: number | string): string {
  return [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    '  name: probe',
    'spec:',
    `  replicas: ${replicas}`,
    '  selector:',
    '    matchLabels:',
    '      app: probe',
    '  template:',
    '    metadata:',
    '      labels:',
    '        app: probe',
    '    spec:',
    '      containers:',
    '        - name: nginx',
    '          image: nginx:1.27',
    '',
  ].join('\n');
}

test('a student goes from the home page to a running Deployment and a check that explains', async ({ page }) => {
  const strangers = watchRequests(page);
  await startAsGuest(page);
  await page.getByRole('link', { name: /^Day 5\s/ }).click();
  await expect(page.getByRole('article')).toBeVisible();
  await page.locator('#labs').getByRole('link').first().click();
  const workspace = new WorkspacePage(page);
  await workspace.waitUntilLive();

  await workspace.newFile('probe.yaml');
  await workspace.write(deployment(2));
  await workspace.apply();
  await expect(workspace.editor.getByText('deployment.apps/probe created')).toBeVisible();
  const pods = workspace.cluster.getByRole('button', { name: /^Pod probe-.*, Running, 1 of 1/ });
  await expect(pods).toHaveCount(2, { timeout: 60_000 });

  await workspace.run('kubectl get pods -o wide');
  await expect(workspace.terminal).toContainText(/probe-\S+\s+1\/1\s+Running/);

  await pods.first().click();
  await workspace.cluster.getByRole('button', { name: 'Trace', exact: true }).click();
  await expect(
    workspace.cluster
      .getByRole('list', { name: /^Trace of Pod/ })
      .getByRole('listitem')
      .first(),
  ).toBeVisible();

  await workspace.check();
  await expect(workspace.tasks.getByText('Not yet.')).toBeVisible();
  await expect(workspace.tasks.getByText('Expected').first()).toBeVisible();
  expect(strangers).toEqual([]);
});

test('the editor completes, explains and checks Kubernetes YAML', async ({ page }) => {
  await startAsGuest(page);
  const workspace = new WorkspacePage(page);
  await workspace.open(labPath);
  await workspace.newFile('probe.yaml');
  await workspace.write(deployment('three'));
  await expect(workspace.editor.locator('.squiggly-error, .squiggly-warning').first()).toBeVisible({ timeout: 30_000 });
  await workspace.write('apiVersion: apps/v1\nkind: Deployment\nspec:\n  repl');
  await page.keyboard.press('Control+Space');
  await expect(page.locator('.suggest-widget').getByRole('option', { name: /replicas/ })).toBeVisible({ timeout: 30_000 });
});

test('what the API server refuses is said at its line, and a press goes there', async ({ page }) => {
  await startAsGuest(page);
  const workspace = new WorkspacePage(page);
  await workspace.open(labPath);
  await workspace.newFile('probe.yaml');
  await workspace.write('apiVersion: apps/v1\nkind: Deployment\n  name: [\n');
  await workspace.apply();
  await expect(workspace.editor.getByText(/probe\.yaml:\d+/).first()).toBeVisible();
});

test('a reload in the middle loses nothing', async ({ page }) => {
  await startAsGuest(page);
  const workspace = new WorkspacePage(page);
  await workspace.open(labPath);
  await workspace.newFile('probe.yaml');
  await workspace.write(deployment(1));
  await workspace.apply();
  const pod = workspace.cluster.getByRole('button', { name: /^Pod probe-.*, Running, 1 of 1/ });
  await expect(pod).toHaveCount(1, { timeout: 60_000 });
  const name = await pod.getAttribute('aria-label');
  await workspace.run('echo written-before-the-reload');
  await expect(workspace.terminal).toContainText('written-before-the-reload');
  await page.reload();
  await workspace.waitUntilLive();
  await expect(workspace.editor.getByRole('tab', { name: 'probe.yaml' })).toBeVisible();
  await expect(workspace.terminal).toContainText('written-before-the-reload');
  await expect(pod).toHaveAttribute('aria-label', name ?? '');
});

test('a stopped scheduler leaves a new pod Pending, and starting it places the pod', async ({ page }) => {
  await startAsGuest(page);
  const workspace = new WorkspacePage(page);
  await workspace.open(labPath);
  await workspace.cluster.getByRole('button', { name: /^Scheduler/ }).click();
  await page.getByRole('menuitem', { name: 'Stop Scheduler' }).click();
  await workspace.newFile('probe.yaml');
  await workspace.write(deployment(1));
  await workspace.apply();
  const waiting = workspace.cluster.getByRole('region', { name: 'Pods without a node' });
  await expect(waiting.getByRole('button', { name: /^Pod probe-.*, Pending/ })).toBeVisible();
  await workspace.cluster.getByRole('button', { name: /^Scheduler/ }).click();
  await page.getByRole('menuitem', { name: 'Start Scheduler' }).click();
  await expect(waiting).toBeHidden({ timeout: 30_000 });
});

test('the same lab in a second tab shows the same cluster and says that there are two', async ({ page, context }) => {
  await startAsGuest(page);
  const first = new WorkspacePage(page);
  await first.open(labPath);
  const second = new WorkspacePage(await context.newPage());
  await second.open(labPath);
  await expect(second.page.getByText('This lab is open in 2 tabs.')).toBeVisible();
  await second.newFile('probe.yaml');
  await expect(first.editor.getByRole('tab', { name: 'probe.yaml' })).toBeVisible();
});
