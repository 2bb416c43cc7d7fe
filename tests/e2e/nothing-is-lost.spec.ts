import { type Browser, expect, type Page, test } from '@playwright/test';
import { OwnServer } from './support/own-server.ts';
import { WorkspacePage } from './support/workspace.ts';

test.setTimeout(150_000);

const labPath = '/days/5/labs/trace-a-request';
const password = 'a long password';

/** What must be the same afterwards. */
interface Belongings {
  readonly pods: readonly string[];
  readonly files: readonly string[];
  readonly text: string | null;
  readonly verdict: string | null;
  readonly holding: string | null;
}

async function belongings({ cluster, editor, tasks, page }: WorkspacePage): Promise<Belongings> {
  const pods = await cluster
    .getByRole('button', { name: /^Pod tides-/ })
    .evaluateAll((chips) => chips.map((chip) => chip.getAttribute('aria-label') ?? ''));
  return {
    pods: pods.toSorted(),
    files: await editor.getByRole('tablist', { name: 'Files' }).getByRole('tab').allInnerTexts(),
    text: await editor.locator('.view-lines').textContent(),
    verdict: await tasks.getByText(/\d+ of \d+ points/).textContent(),
    holding: await page.getByText(/^\d+\/\d+ checks hold/).textContent(),
  };
}

async function begin(page: Page, address: string): Promise<WorkspacePage> {
  await page.goto(address);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('heading', { name: 'The 40 days' })).toBeVisible();
  const workspace = new WorkspacePage(page);
  await workspace.open(`${address}${labPath}`);
  return workspace;
}

async function work(workspace: WorkspacePage): Promise<void> {
  await workspace.run('kubectl create deployment tides --image=nginx:1.27 --replicas=3');
  await workspace.speed(20);
  await expect(workspace.running('tides')).toHaveCount(3);
  await workspace.run('echo remember-$((40 + 2))');
  await expect(workspace.terminal).toContainText('remember-42');
  await workspace.newFile('notes.yaml');
  await workspace.write('kept: true\n');
  await expect(workspace.editor.getByText(/^Saved \d/)).toBeVisible();
  await workspace.check();
  await expect(workspace.tasks.getByText('Not yet.')).toBeVisible();
}

async function expectAsBefore(workspace: WorkspacePage, before: Belongings): Promise<void> {
  await workspace.waitUntilLive();
  await workspace.openFile('notes.yaml');
  await expect(workspace.terminal).toContainText('remember-42');
  await expect(workspace.running('tides')).toHaveCount(before.pods.length);
  await expect.poll(() => belongings(workspace)).toEqual(before);
}

async function signInElsewhere(browser: Browser, address: string, email: string): Promise<WorkspacePage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${address}/sign-in`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'The 40 days' })).toBeVisible();
  await page.goto(`${address}${labPath}`);
  return new WorkspacePage(page);
}

test('a reload, a killed server and another browser: the lab is as it was', async ({ page, browser }) => {
  await using server = await OwnServer.start();
  const workspace = await begin(page, server.address);
  await work(workspace);
  const before = await belongings(workspace);

  await test.step('reload', async () => {
    await page.reload();
    await expectAsBefore(workspace, before);
  });

  await test.step('the server is killed and started again', async () => {
    await server.kill();
    await expect(page.getByText('The connection to your cluster is lost.')).toBeVisible();
    await server.start();
    await expect(page.getByText('The connection to your cluster is lost.')).toBeHidden({ timeout: 30_000 });
    await expectAsBefore(workspace, before);
    await workspace.run('echo and-on-it-goes');
    await expect(workspace.terminal).toContainText(/and-on-it-goes[\s\S]*and-on-it-goes/);
  });

  await test.step('the guest makes an account and signs in elsewhere', async () => {
    await page.goto(`${server.address}/claim`);
    await page.getByLabel('Name', { exact: true }).fill('Ada');
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Keep my work' }).click();
    await expect(page.getByText('Ada')).toBeVisible();
    await expectAsBefore(await signInElsewhere(browser, server.address, 'ada@example.com'), before);
  });
});
