import { expect, type Page, test, type WebSocketRoute } from '@playwright/test';
import { FakeSession } from './support/fake-session.ts';
import { expectAccessible, startAsGuest, watchRequests } from './support/page-checks.ts';
import { WorkspacePage } from './support/workspace.ts';

// The page alone, against a session that always answers the same: what the browser does with lost lines, other tabs and
// text that is too large must not depend on a cluster.
const labPath = '/days/5/labs/trace-a-request';

interface Bench {
  readonly workspace: WorkspacePage;
  readonly session: FakeSession;
  readonly line: () => WebSocketRoute;
}

async function openWorkspace(page: Page): Promise<Bench> {
  const session = new FakeSession();
  let line: WebSocketRoute | undefined;
  await page.routeWebSocket(/\/ws$/, (socket) => {
    line = socket;
    session.connect({ send: (text) => socket.send(text) });
    socket.onMessage((text) => session.receive(String(text)));
  });
  await startAsGuest(page);
  const workspace = new WorkspacePage(page);
  await workspace.open(labPath);
  return {
    workspace,
    session,
    line() {
      if (!line) throw new Error('the page has not connected');
      return line;
    },
  };
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every view of the workspace is accessible in the ${colorScheme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const strangers = watchRequests(page);
    const { workspace } = await openWorkspace(page);
    await expectAccessible(page);
    await workspace.check();
    await expect(workspace.tasks.getByText('5 of 11 points')).toBeVisible();
    await workspace.cluster.getByRole('button', { name: 'Table' }).click();
    await expectAccessible(page);
    await workspace.cluster.getByRole('button', { name: 'web-6c8f9d7b54-x7k2p' }).click();
    for (const tab of ['Events', 'Trace', 'Object']) {
      await workspace.cluster.getByRole('tab', { name: tab }).click();
      await expectAccessible(page);
    }
    expect(strangers).toEqual([]);
  });
}

test('a lost line is said, the text is kept, and what was written meanwhile is saved when it is back', async ({ page }) => {
  const { workspace, session, line } = await openWorkspace(page);
  await line().close();
  await expect(page.getByText('The connection to your cluster is lost.')).toBeVisible();
  await workspace.write('# written while the line was down\n');
  await expect(page.getByText('The connection to your cluster is lost.')).toBeHidden();
  await expect.poll(() => session.files.get('deployment.yaml')?.text).toContain('written while the line was down');
  const hellos = session.received.filter((message) => message.type === 'hello');
  expect(hellos.at(-1)).toMatchObject({ resume: { epoch: 'fake' } });
});

test('a file that two tabs edit is asked about, and both texts are there to choose from', async ({ page }) => {
  const { workspace, session } = await openWorkspace(page);
  await workspace.write('mine: 1\n');
  const file = { path: 'deployment.yaml', text: 'theirs: 1\n', revision: 99, readOnly: false };
  session.files.set(file.path, file);
  session.send({ type: 'file', seq: session.next(), file });
  await workspace.editor.getByRole('button', { name: 'See theirs' }).click();
  await expect(workspace.editor.getByText('theirs: 1').first()).toBeVisible();
  await workspace.editor.getByRole('button', { name: 'Keep mine' }).click();
  await expect.poll(() => session.files.get('deployment.yaml')?.text).toBe('mine: 1\n');
});

test('a paste of ten megabytes is refused under the editor, and the connection lives', async ({ page }) => {
  const { workspace, session } = await openWorkspace(page);
  await workspace.editor.locator('.view-lines').click();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'a: b\n'.repeat(2_000_000));
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  });
  await expect(workspace.editor.getByRole('alert')).toContainText('MB');
  expect(session.received.filter((message) => message.type === 'hello')).toHaveLength(1);
});

test('Esc frees Tab from the editor and says so; F6 walks the panes', async ({ page }) => {
  const { workspace } = await openWorkspace(page);
  await workspace.editor.locator('.view-lines').click();
  await page.keyboard.press('Escape');
  await expect(workspace.editor.getByText('Tab now leaves the editor.')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(workspace.editor.locator('.monaco-editor textarea')).not.toBeFocused();
  await page.keyboard.press('F6');
  await expect(workspace.terminal.locator('.xterm-helper-textarea')).toBeFocused();
  await page.keyboard.press('F6');
  await expect(workspace.cluster).toBeFocused();
});

test('the palette finds an object and shows its trace', async ({ page }) => {
  const { workspace } = await openWorkspace(page);
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('x7k2p');
  await page.keyboard.press('Enter');
  await expect(workspace.cluster.getByRole('heading', { name: 'Pod default/web-6c8f9d7b54-x7k2p' })).toBeVisible();
  await expect(workspace.cluster.getByText('compared 3 nodes, chose node-1')).toBeVisible();
});

test('panes are resized by keyboard, and the layout is remembered', async ({ page }) => {
  const { workspace } = await openWorkspace(page);
  const width = async () => (await workspace.tasks.boundingBox())?.width ?? 0;
  const before = await width();
  await page.getByRole('separator', { name: 'Width of the tasks' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(width).toBeGreaterThan(before);
  const after = await width();
  await page.reload();
  await workspace.waitUntilLive();
  expect(Math.abs((await width()) - after)).toBeLessThan(4);
});

test('a lever stops a component, and the picture says so in a shape and a word', async ({ page }) => {
  const { workspace } = await openWorkspace(page);
  await workspace.cluster.getByRole('button', { name: /^Scheduler/ }).click();
  await page.getByRole('menuitem', { name: 'Stop Scheduler' }).click();
  await expect(workspace.cluster.getByRole('button', { name: /^Scheduler/ })).toContainText('stopped');
});

test('on a phone there are four tabs, one pane at a time', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const session = new FakeSession();
  await page.routeWebSocket(/\/ws$/, (socket) => {
    session.connect({ send: (text) => socket.send(text) });
    socket.onMessage((text) => session.receive(String(text)));
  });
  await startAsGuest(page);
  await page.goto(labPath);
  const tabs = page.getByRole('navigation', { name: 'Panes' });
  await expect(page.getByRole('region', { name: 'Tasks', exact: true })).toBeVisible();
  await tabs.getByRole('button', { name: 'Cluster' }).click();
  await expect(page.getByRole('region', { name: 'Control plane' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Tasks', exact: true })).toBeHidden();
  await expectAccessible(page);
});
