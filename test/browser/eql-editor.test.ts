import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { accessibilityFaults, expectCount, workbenchTest } from './workbench.ts';

/** The list of completions takes no keys for 75 ms after it opened or changed, so that none is meant for what was there before. */
const OPEN_MS = 100;

/** Waits until the list takes keys. */
async function untilOpen(page: Page): Promise<void> {
  let [before, since] = ['', 0];
  const hasStood = async () => {
    const [list, now] = (await page.evaluate(
      '[document.querySelector("[role=listbox]")?.textContent ?? "", Date.now()]',
    )) as [string, number];
    if (list !== before) [before, since] = [list, now];
    return list !== '' && now - since >= OPEN_MS;
  };
  await expect.poll(hasStood, { interval: 25 }).toBe(true);
}

workbenchTest(
  'a query is completed with fields and values seen, explained under the pointer, and checked where it stands',
  { alerts: 0, path: '/events' },
  async ({ page }) => {
    await page.locator('.cm-editor').waitFor();
    await page.keyboard.press('/');
    const query = page.getByLabel('EQL query');
    await page.keyboard.type('process where process.na');
    const options = page.getByRole('option');
    await expect.poll(() => query.textContent()).toBe('process where process.na');
    // While one types, what was offered for the beginning is still there.
    await expect.poll(() => options.first().textContent()).toBe('process.namekeyword');
    expect(await accessibilityFaults(page, 'light')).toEqual([]);
    await untilOpen(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => query.textContent()).toBe('process where process.name');
    await page.keyboard.type(' == "cu');
    await expect.poll(() => options.allTextContents()).toEqual(['curl']);
    await untilOpen(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => query.textContent()).toBe('process where process.name == "curl"');
    // Enter asks the query, once nothing is being chosen.
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /events that match the query$/ }).waitFor();
    await query.getByText('where').hover();
    await page.locator('.cm-help').waitFor();
    await expect.poll(() => page.locator('.cm-help code').textContent()).toBe('where');
    await query.fill('process where process.nmae == "curl"');
    await expectCount(page.locator('.cm-lintRange-error'), 1);
    await expect.poll(() => page.locator('.cm-lintRange-error').textContent()).toBe('process.nmae');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  },
);

workbenchTest(
  'the query of a rule that is written is completed where it stands, and nothing around it',
  { alerts: 0, path: '/rules/new' },
  async ({ page }) => {
    await page.getByRole('button', { name: 'EQL', exact: true }).click();
    const editor = page.getByLabel('The rule’s text');
    await editor.getByText('process where').first().click();
    await page.keyboard.press('End');
    await page.keyboard.type(' and file.na');
    const options = page.getByRole('option');
    await expect.poll(() => options.first().textContent()).toContain('file.name');
    await untilOpen(page);
    await page.keyboard.press('Enter');
    await editor.getByText('and file.name').waitFor();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('process.na');
    await editor.getByText('process.na[').waitFor();
    expect(await options.count()).toBe(0);
  },
);
