import { expect, type Locator, type Page } from '@playwright/test';

const firstCompileMs = 60_000;

/** The lab workspace as a student uses it. */
export class WorkspacePage {
  readonly page: Page;
  readonly cluster: Locator;
  readonly editor: Locator;
  readonly tasks: Locator;
  readonly terminal: Locator;

  constructor(page: Page) {
    this.page = page;
    this.cluster = page.getByRole('region', { name: 'Cluster', exact: true });
    this.editor = page.getByRole('region', { name: 'Editor', exact: true });
    this.tasks = page.getByRole('region', { name: 'Tasks', exact: true });
    this.terminal = page.getByRole('region', { name: 'Terminal', exact: true });
  }

  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.waitUntilLive();
  }

  async waitUntilLive(): Promise<void> {
    await expect(this.cluster.getByRole('region', { name: 'Control plane' })).toBeVisible({ timeout: firstCompileMs });
    await expect(this.editor.locator('.view-line').first()).toBeVisible({ timeout: firstCompileMs });
  }

  /** Replaces the text of the open file by pasting: typing would meet the editor's completion and indentation. */
  async write(text: string): Promise<void> {
    await this.editor.locator('.view-lines').click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.evaluate((pasted) => {
      const data = new DataTransfer();
      data.setData('text/plain', pasted);
      document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
  }

  async openFile(path: string): Promise<void> {
    await this.editor.getByRole('tab', { name: path }).click();
  }

  async newFile(path: string): Promise<void> {
    await this.editor.getByRole('button', { name: 'New file' }).click();
    await this.page.getByLabel('Name of the new file').fill(path);
    await this.page.keyboard.press('Enter');
    await expect(this.editor.getByRole('tab', { name: path })).toBeVisible();
  }

  async apply(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+Enter');
  }

  async run(command: string): Promise<void> {
    await this.terminal.locator('.terminal-shown .xterm-helper-textarea').focus();
    await this.page.keyboard.type(command);
    await this.page.keyboard.press('Enter');
  }

  async check(): Promise<void> {
    await this.page.getByRole('button', { name: /^Check/ }).click();
  }

  async speed(times: 1 | 5 | 20 | 60): Promise<void> {
    const button = this.page.getByRole('button', { name: `×${times}`, exact: true });
    await button.click();
    await expect(button).toHaveAttribute('aria-pressed', 'true');
  }

  component(label: string): Locator {
    return this.cluster.getByRole('region', { name: 'Control plane' }).getByRole('button', { name: new RegExp(`^${label}`) });
  }

  async pullLever(label: string, lever: 'Start' | 'Stop'): Promise<void> {
    await this.component(label).click();
    await this.page.getByRole('menuitem', { name: `${lever} ${label}` }).click();
  }

  node(name: string): Locator {
    return this.cluster.getByRole('region', { name: `Node ${name}` });
  }

  async power(name: string, to: 'on' | 'off'): Promise<void> {
    await this.node(name)
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .click();
    await this.page.getByRole('menuitem', { name: `Power ${to} ${name}` }).click();
  }

  /** The pods of a workload, by what their chips say. */
  pods(workload: string, says = ''): Locator {
    return this.cluster.getByRole('button', { name: new RegExp(`^Pod ${workload}-.*${says}`) });
  }

  running(workload: string): Locator {
    return this.pods(workload, ', Running, 1 of 1');
  }
}
