import type { Page, Route } from 'playwright-core';
import { expect } from 'vitest';
import { workbenchTest } from './workbench.ts';

/** As what happened is told: the sign is on, a frame with it was painted, another page is drawn, the sign is off. */
const SIGN_FIRST = ['on', 'painted', 'drawn', 'off'];

workbenchTest(
  'the sign that another page is on its way is painted before that page is drawn',
  { alerts: 3 },
  async ({ page }) => {
    await page.locator('[data-index="0"]').waitFor();
    await waitForFrames(page);
    const ways: readonly [name: string, go: () => Promise<unknown>][] = [
      ['a link', () => page.getByRole('link', { name: 'Incidents' }).click()],
      ['the browser’s way back', () => page.goBack()],
      ['Enter', () => page.locator('[data-index="0"] a').first().press('Enter')],
      ['Escape', () => page.keyboard.press('Escape')],
    ];
    for (const [way, go] of ways) {
      await watchPassage(page);
      await go();
      await expect.poll(() => page.evaluate('window.passage.at(-1)')).toBe('off');
      expect([way, await page.evaluate('window.passage')]).toEqual([way, SIGN_FIRST]);
    }
    await watchPassage(page);
    await page.keyboard.press('p');
    await expect.poll(() => page.evaluate('window.passage.at(-1)')).toBe('off');
    expect(await page.evaluate('window.passage')).toEqual(['on', 'painted', 'off']);
  },
);

workbenchTest(
  'keys that are pressed while a page is on its way are for that page, in their order',
  { alerts: 4 },
  async ({ page }) => {
    const alertPage = await holdBack(page, '**/alert-page-*.js');
    await page.locator('[data-index="0"]').waitFor();
    await page.keyboard.press('j');
    await page.locator('[data-index="0"] a:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-on="true"]').waitFor({ state: 'attached' });
    await page.keyboard.press('j');
    // The second time it is said to stay pressed.
    for (let times = 0; times < 2; times += 1) await page.keyboard.down('j');
    await page.keyboard.up('j');
    await page.keyboard.press('k');
    await expect.poll(() => page.locator('[role="row"][data-active="true"]').getAttribute('data-index')).toBe('0');
    alertPage();
    await page.getByText(/^2 of 4/).waitFor();

    const rulesPage = await holdBack(page, '**/rules-page-*.js');
    await page.getByRole('link', { name: /^Rules/ }).click();
    await page.locator('[data-on="true"]').waitFor({ state: 'attached' });
    for (const key of ['/', 'w', 'e', 'b']) await page.keyboard.press(key);
    rulesPage();
    await expect.poll(() => page.evaluate('document.activeElement.value')).toBe('web');
  },
);

/** However long they take: without this, a page is drawn after half a second, sign or not, which a busy machine needs for a frame. */
async function waitForFrames(page: Page): Promise<void> {
  await page.evaluate(`{
    const later = window.setTimeout;
    window.setTimeout = (call, ms = 0, ...given) => (ms >= 500 ? 0 : later(call, ms, ...given));
  }`);
}

/** Tells in `window.passage` what happens from now on. */
async function watchPassage(page: Page): Promise<void> {
  await page.evaluate(`{
    const told = (window.passage = []);
    const tell = (word) => { if (!told.includes(word)) told.push(word); };
    const sign = document.querySelector('[data-on]');
    const heading = document.querySelector('h1');
    const observer = new MutationObserver(() => {
      if (!heading.isConnected) tell('drawn');
      if (sign.dataset.on === 'true' && !told.includes('on')) {
        tell('on');
        requestAnimationFrame(() => setTimeout(tell, 0, 'painted'));
      }
      if (sign.dataset.on === 'false' && told.includes('on')) { tell('off'); observer.disconnect(); }
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
  }`);
}

/** @returns what lets the script come */
async function holdBack(page: Page, script: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const wait = (route: Route) => promise.then(() => route.continue());
  await page.route(script, wait, { times: 1 });
  return resolve;
}
