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

  /** Replaces the text of the open file, as if pasted: typing would meet the editor's completion. */
  async write(text: string): Promise<void> {
    await this.editor.locator('.view-lines').click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(text);
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
}
