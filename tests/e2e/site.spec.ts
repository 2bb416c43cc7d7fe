import { expect, test } from '@playwright/test';
import { expectAccessible, startAsGuest, watchRequests } from './support/page-checks.ts';

const paths = ['/', '/days', '/days/5', '/sign-in', '/sign-up', '/no-such-page'];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const path of paths) {
    test(`${path} is accessible in the ${colorScheme} theme and asks nothing of another host`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      const strangers = watchRequests(page);
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectAccessible(page);
      expect(strangers).toEqual([]);
    });
  }
}

test('the map shows forty days in five rows, and where one stands', async ({ page }) => {
  await startAsGuest(page);
  await expect(page.getByRole('listitem').filter({ hasText: /^Day \d/ })).toHaveCount(40);
  await expect(page.getByRole('main').getByRole('region')).toHaveCount(5);
  await expect(page.getByText('Today')).toHaveCount(1);
});

test('"Start" works before any script has loaded', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page).toHaveURL(/\/days$/);
  await expect(page.getByText('Guest')).toBeVisible();
  await context.close();
});

test('a guest keeps the work by making an account, and finds it again after signing in', async ({ page }) => {
  const email = `student-${Date.now()}@example.com`;
  await startAsGuest(page);
  await page.goto('/days/5');
  await page.getByRole('button', { name: 'Mark as read' }).click();
  await expect(page.getByText('You have read this lesson.')).toBeVisible();
  await page.getByRole('link', { name: 'Keep my work' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Ada');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('a long password');
  await page.getByRole('button', { name: 'Keep my work' }).click();
  await expect(page.getByText('Ada')).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('a long password');
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'The 40 days' })).toBeVisible();
  await page.goto('/days/5');
  await expect(page.getByText('You have read this lesson.')).toBeVisible();
});

test('a wrong password is said where one looks, and nothing else happens', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill('nobody@example.com');
  await page.getByLabel('Password').fill('wrong password');
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText(/invalid/i);
});

test('a quiz answer is explained, option by option', async ({ page }) => {
  await startAsGuest(page);
  await page.goto('/days/5');
  const question = page.locator('#quiz form').first();
  await question.getByRole('radio').or(question.getByRole('checkbox')).first().check();
  await question.getByRole('button', { name: 'Answer' }).click();
  await expect(question.getByRole('status')).toContainText(/Right|Not yet/);
  await expect(question.getByText('This is so.').first()).toBeVisible();
});

test('a day page loads at most 200 kB of script', async ({ page }) => {
  let bytes = 0;
  page.on('response', async (response) => {
    if (response.request().resourceType() !== 'script') return;
    bytes += Number(await response.headerValue('content-length')) || (await response.request().sizes()).responseBodySize;
  });
  await page.goto('/days/5', { waitUntil: 'networkidle' });
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(200_000);
});

test('a lab without an account offers the one click that it needs', async ({ page }) => {
  await page.goto('/days/5/labs/trace-a-request');
  await page.getByRole('button', { name: 'Start as a guest' }).click();
  await expect(page).toHaveURL(/\/days\/5\/labs\/trace-a-request$/);
  await expect(page.getByRole('region', { name: 'Tasks', exact: true })).toBeVisible();
});
