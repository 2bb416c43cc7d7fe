import { expect, type Page, test } from '@playwright/test';
import { startAsGuest } from './support/page-checks.ts';
import { WorkspacePage } from './support/workspace.ts';

const labPath = '/days/5/labs/trace-a-request';

async function open(page: Page): Promise<WorkspacePage> {
  await startAsGuest(page);
  const workspace = new WorkspacePage(page);
  await workspace.open(labPath);
  return workspace;
}

async function deploy(workspace: WorkspacePage): Promise<void> {
  await workspace.run('kubectl apply -f tides.yaml');
  await workspace.speed(20);
  await expect(workspace.running('tides')).toHaveCount(1);
}

async function chooseFromFileMenu({ page, editor }: WorkspacePage, path: string, item: string): Promise<void> {
  await editor.getByRole('button', { name: `More for ${path}` }).click();
  await page.getByRole('menuitem', { name: `${item} ${path}` }).click();
}

test('turning the clock back brings the cluster back and keeps the files', async ({ page }) => {
  const workspace = await open(page);
  await deploy(workspace);
  await workspace.newFile('kept.yaml');
  await page.getByRole('button', { name: 'Turn the clock back' }).click();
  await page.getByRole('menuitem', { name: /^00:00:00 ?Start/ }).click();
  await expect(page.getByText('The cluster is back at 00:00:00. Your files are as they were.')).toBeVisible();
  await expect(workspace.pods('tides')).toHaveCount(0);
  await expect(workspace.editor.getByRole('tab', { name: 'kept.yaml' })).toBeVisible();
  await deploy(workspace);
});

test('starting over gives the lab as it began, and can be taken back', async ({ page }) => {
  const workspace = await open(page);
  await deploy(workspace);
  await workspace.newFile('mine.yaml');
  await page.getByRole('button', { name: 'Start over' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Start over', exact: true }).click();
  await expect(workspace.pods('tides')).toHaveCount(0);
  await expect(workspace.editor.getByRole('tab', { name: 'mine.yaml' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Start over' }).click();
  await page.getByRole('button', { name: 'Take back the last start-over' }).click();
  await expect(workspace.running('tides')).toHaveCount(1);
  await expect(workspace.editor.getByRole('tab', { name: 'mine.yaml' })).toBeVisible();
});

test('files are made, renamed and deleted, and the shell sees the same ones', async ({ page }) => {
  const workspace = await open(page);
  await workspace.newFile('one.yaml');
  await workspace.write('a: 1\n');
  await chooseFromFileMenu(workspace, 'one.yaml', 'Rename');
  await page.getByLabel('New name').fill('two.yaml');
  await page.keyboard.press('Enter');
  await expect(workspace.editor.getByRole('tab', { name: 'two.yaml' })).toHaveAttribute('aria-selected', 'true');
  await expect(workspace.editor.getByRole('tab', { name: 'one.yaml' })).toHaveCount(0);
  await workspace.run('cat two.yaml; ls');
  await expect(workspace.terminal).toContainText('a: 1');
  await expect(workspace.terminal).toContainText(/answers\.yaml\s+tides\.yaml\s+two\.yaml/);
  await chooseFromFileMenu(workspace, 'two.yaml', 'Delete');
  await expect(workspace.editor.getByRole('tab', { name: 'two.yaml' })).toHaveCount(0);
  await workspace.run('echo made > three.yaml');
  await expect(workspace.editor.getByRole('tab', { name: 'three.yaml' })).toBeVisible();
});

test('a paused cluster goes step by step, and skips to what happens next', async ({ page }) => {
  const workspace = await open(page);
  await page.getByRole('button', { name: 'Pause the clock' }).click();
  await expect(page.getByText('Paused')).toBeVisible();
  await workspace.apply();
  await expect(workspace.editor.getByText('deployment.apps/tides created')).toBeVisible();
  await expect(workspace.pods('tides')).toHaveCount(0);
  const step = page.getByRole('button', { name: 'Step: run the next event' });
  await expect(async () => {
    await step.click();
    await expect(workspace.pods('tides')).toHaveCount(1, { timeout: 200 });
  }).toPass();
  const skip = page.getByRole('button', { name: 'Skip to the next change' });
  await expect(async () => {
    await skip.click();
    await expect(workspace.running('tides')).toHaveCount(1, { timeout: 200 });
  }).toPass({ timeout: 30_000 });
});

test('a result leads to the object and to its trace', async ({ page }) => {
  const workspace = await open(page);
  await workspace.run('kubectl create deployment tides --image=nginx:1.27 && kubectl create service clusterip tides --tcp=80');
  await workspace.speed(20);
  await expect(workspace.running('tides')).toHaveCount(1);
  await workspace.check();
  await workspace.tasks
    .getByRole('button', { name: /^Show / })
    .first()
    .click();
  await expect(workspace.cluster.getByRole('tab', { name: 'Trace' })).toHaveAttribute('aria-selected', 'true');
  await expect(workspace.cluster.getByRole('heading', { level: 3 })).toContainText(/default\//);
});

test('a preset of the layout gives a pane the room', async ({ page }) => {
  const workspace = await open(page);
  const width = async () => (await workspace.cluster.boundingBox())?.width ?? 0;
  const before = await width();
  await page.getByRole('button', { name: 'Layout' }).click();
  await page.getByRole('menuitem', { name: 'Large cluster' }).click();
  await expect.poll(width).toBeGreaterThan(before * 1.3);
});

test('on a phone one writes, applies, types and watches, a pane at a time', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await startAsGuest(page);
  await page.goto(labPath);
  const workspace = new WorkspacePage(page);
  const tab = (name: string) => page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name });
  await tab('Editor').click();
  await expect(workspace.editor.locator('.view-line').first()).toBeVisible({ timeout: 30_000 });
  await workspace.editor.getByRole('button', { name: /^Apply/ }).click();
  await expect(workspace.editor.getByText('deployment.apps/tides created')).toBeVisible();
  await tab('Terminal').click();
  await workspace.run('kubectl get deployments');
  await expect(workspace.terminal).toContainText(/tides\s+\d\/1/);
  await tab('Cluster').click();
  await expect(workspace.pods('tides')).toHaveCount(1);
});
