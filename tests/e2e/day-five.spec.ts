import { expect, test } from '@playwright/test';
import { startAsGuest, watchRequests } from './support/page-checks.ts';
import { WorkspacePage } from './support/workspace.ts';

test.use({ viewport: { width: 1440, height: 900 } });
test.setTimeout(240_000);

const tides = (replicas: number | string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: tides
spec:
  replicas: ${replicas}
  selector:
    matchLabels:
      app: tides
  template:
    metadata:
      labels:
        app: tides
    spec:
      containers:
        - name: web
          image: nginx:1.27
`;

const service = (app: string) => `apiVersion: v1
kind: Service
metadata:
  name: tides
spec:
  selector:
    app: ${app}
  ports:
    - port: 80
`;

const answers = (leaseHolder: string) => `order:
  - deployment-stored
  - replicaset-made
  - pod-made
  - node-written
  - sandbox-made
  - image-pulled
  - container-started
nodeNameWrittenBy: kube-scheduler
schedulerLeaseHolder: ${leaseHolder}
containerRestartedBy: kubelet
podsReplacedBy: replicaset-controller
`;

async function writeAndApply(workspace: WorkspacePage): Promise<void> {
  const { editor, page } = workspace;
  await expect(editor.getByRole('tab', { name: 'tides.yaml' })).toHaveAttribute('aria-selected', 'true');
  await workspace.write(tides('three'));
  await expect(editor.locator('.squiggly-error, .squiggly-warning').first()).toBeVisible({ timeout: 30_000 });
  await editor.locator('.view-line').getByText('replicas', { exact: true }).hover();
  await expect(page.locator('.monaco-hover').getByText(/Number of desired pods/)).toBeVisible();
  await editor.locator('.view-lines').click();
  await workspace.apply();
  await expect(editor.getByRole('button', { name: /^tides\.yaml:6:\d+/ })).toBeVisible();

  await workspace.write(tides(3));
  await workspace.apply();
  await expect(editor.getByText('deployment.apps/tides created')).toBeVisible();
  await expect(workspace.pods('tides', ', ContainerCreating').first()).toBeVisible();
  await workspace.speed(20);
  await expect(workspace.running('tides')).toHaveCount(3);
  await workspace.run('kubectl get pods -o wide');
  await expect(workspace.terminal).toContainText(/tides-\S+\s+1\/1\s+Running/);
}

async function exposeWrongAndRight(workspace: WorkspacePage): Promise<void> {
  const { tasks } = workspace;
  await workspace.newFile('service.yaml');
  await workspace.write(service('tide'));
  await workspace.apply();
  await expect(workspace.editor.getByText('service/tides created')).toBeVisible();
  await workspace.check();
  await expect(tasks.getByText('Not yet.')).toBeVisible();
  const address = tasks.getByRole('listitem').filter({ hasText: 'The Service tides leads to the Ready pods' });
  await expect(address.getByText('Expected')).toBeVisible();
  await expect(address.getByText('There is')).toBeVisible();
  await expect(address.getByRole('heading', { name: 'Why' })).toBeVisible();
  await expect(address).toContainText('app=tide ');
  await workspace.write(service('tides'));
  await workspace.apply();
  await expect(workspace.cluster.getByRole('button', { name: /^tides.*3 endpoints/ })).toBeVisible();
}

async function stopParts(workspace: WorkspacePage): Promise<void> {
  const { cluster, terminal } = workspace;
  await workspace.pullLever('Scheduler', 'Stop');
  await expect(workspace.component('Scheduler')).toContainText('stopped');
  await workspace.run('kubectl scale deployment tides --replicas=4');
  const waiting = cluster.getByRole('region', { name: 'Pods without a node' });
  await expect(waiting.getByRole('button', { name: /^Pod tides-.*, Pending/ })).toBeVisible();
  await workspace.pullLever('Scheduler', 'Start');
  await expect(workspace.running('tides')).toHaveCount(4);

  await workspace.pullLever('etcd', 'Stop');
  await expect(workspace.component('API server')).toContainText('failing');
  await workspace.run('kubectl get deployments');
  await expect(terminal).toContainText(/Error from server|was refused/);
  await expect(workspace.running('tides')).toHaveCount(4);
  await workspace.pullLever('etcd', 'Start');
  await expect(workspace.component('API server')).toContainText('running');

  await workspace.pods('tides').first().click();
  await cluster.getByRole('button', { name: 'Kill web' }).click();
  await expect(workspace.pods('tides', ', Running, 1 of 1 containers ready, 1 restarts')).toHaveCount(1);
}

async function loseNode(workspace: WorkspacePage): Promise<void> {
  await workspace.power('node-2', 'off');
  await expect(workspace.node('node-2')).toContainText('Power off');
  await workspace.speed(60);
  await expect(workspace.node('node-1').getByRole('button', { name: /^Pod tides-.*, Running, 1 of 1/ })).toHaveCount(4, {
    timeout: 30_000,
  });
  await expect(workspace.tasks.getByRole('button', { name: /Lose a node/ })).toBeVisible();
  await workspace.power('node-2', 'on');
  await expect(workspace.node('node-2')).toContainText('Ready');
  await expect(workspace.pods('tides')).toHaveCount(4);
}

async function loadService({ cluster }: WorkspacePage): Promise<void> {
  await cluster.getByText('Send requests').click();
  await cluster.getByLabel('from').selectOption({ index: 4 });
  await cluster.getByLabel('to', { exact: true }).fill('http://tides/');
  await cluster.getByLabel('times').fill('20');
  await cluster.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(cluster.getByText(/\d+ × 200 from default\/tides-.*, \d+ × 200 from default/)).toBeVisible();
}

async function answer(workspace: WorkspacePage): Promise<void> {
  const { editor, terminal } = workspace;
  await workspace.speed(1);
  await workspace.run('clear; kubectl get lease kube-scheduler -n kube-system -o jsonpath=\'holder={.spec.holderIdentity} {"\\n"}\'');
  const holder = /holder=([^\s{]+)\s/;
  await expect(terminal).toContainText(holder);
  const leaseHolder = holder.exec((await terminal.textContent()) ?? '')?.[1] ?? '';
  await workspace.openFile('answers.yaml');
  await workspace.write(answers(leaseHolder));
  await expect(editor.getByText(/^Saved \d/)).toBeVisible();
  await expect(editor.locator('.squiggly-warning, .squiggly-error')).toHaveCount(0);
}

test('a student goes from the home page through the whole first lab to full points and a mark on the map', async ({ page }) => {
  const strangers = watchRequests(page);
  await startAsGuest(page);
  await page.getByRole('link', { name: /^Day 5\s/ }).click();
  await expect(page.getByRole('article')).toBeVisible();
  await page
    .locator('#labs')
    .getByRole('link', { name: /Trace a request/ })
    .click();
  const workspace = new WorkspacePage(page);
  await workspace.waitUntilLive();

  await test.step('edit, apply and watch', () => writeAndApply(workspace));
  await test.step('a check says why the Service leads nowhere, and it is mended', () => exposeWrongAndRight(workspace));
  await test.step('stop the scheduler, etcd and a container', () => stopParts(workspace));
  await test.step('lose a node', () => loseNode(workspace));
  await test.step('load the Service', () => loadService(workspace));
  await test.step('answer', () => answer(workspace));

  await workspace.check();
  await expect(workspace.tasks.getByText('All of it holds.')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('link', { name: 'Back to day 5' }).click();
  await expect(page.locator('#labs')).toContainText(/115|100/);
  await page.goto('/days');
  await expect(page.getByRole('link', { name: /^Day 5\s/ })).toContainText(/labs (begun|done)/);
  expect(strangers).toEqual([]);
});
