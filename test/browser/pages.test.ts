import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { accessibilityFaults, type Bench, expectCount, type Scheme, workbenchTest } from './workbench.ts';

const ALERT = `/alerts/${'a'.repeat(39)}0`;
/** One with findings, which shows all that a rule's page has. */
const RULE = '/rules/00000000-0000-4000-8000-000000000004';
const SOURCE = `/sources/${encodeURIComponent('/var/log/audit/audit.log')}`;
const PAGES = [
  ALERT,
  '/incidents',
  '/incidents/incident-web-07',
  '/events',
  '/events/e-1',
  '/hunt?q=any+where+true&columns=process.pid',
  '/runs',
  '/rules',
  RULE,
  '/rules/new',
  '/exceptions',
  `/exceptions/new?alert=${'a'.repeat(39)}0`,
  '/exceptions/backup-window',
  '/exceptions/lists',
  '/exceptions/transfer',
  '/explain?event=e-2&rule=00000000-0000-4000-8000-000000000000',
  '/sources',
  SOURCE,
  '/system',
  '/',
];

/** Made of nothing but parts that other pages have too: in the dark, where only contrast is looked at, not looked at again. */
const OF_SHARED_PARTS = new Set([
  '/incidents',
  '/events/e-1',
  '/hunt?q=any+where+true&columns=process.pid',
  '/exceptions/backup-window',
  '/exceptions/lists',
  '/exceptions/transfer',
  '/explain?event=e-2&rule=00000000-0000-4000-8000-000000000000',
]);

/** The first is the one that pages are visited in. */
const WIDTHS = [1280, 1440, 390];
const SCHEMES = ['light', 'dark'] as const;

// One visit of each page for all that is asked of every page, on the way from one to the next as links lead there: loading
// the whole anew costs more than most of the questions.
workbenchTest(
  'axe finds nothing wrong on any page, and none is wider than its window',
  { alerts: 12 },
  async (bench) => {
    const { page } = bench;
    for (const path of PAGES) {
      await walkTo(page, path);
      await expectAccessible(bench, path, OF_SHARED_PARTS.has(path) ? ['light'] : SCHEMES);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        const excess = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');
        await expect.poll(excess, { message: `${path} at ${width}` }).toBeLessThanOrEqual(0);
      }
      await page.setViewportSize({ width: 1280, height: 800 });
    }
  },
);

workbenchTest('axe finds nothing wrong where something was done', { alerts: 12 }, async (bench) => {
  const { page, api } = bench;
  await page.goto(`${api.url}/events?query=process+were+x`);
  await page.getByRole('alert').getByText('Expected “where”').waitFor();
  await expectAccessible(bench, 'a query that is refused');
  await page.goto(`${api.url}/?severity=high`);
  await page.getByRole('row').nth(1).waitFor();
  api.addAlerts(6);
  await page.getByText('1 new alert, show').waitFor();
  await page.keyboard.press('j');
  await expectAccessible(bench, 'walking a filtered list');
  await page.goto(`${api.url}/rules/new`);
  await page.getByRole('button', { name: 'Sigma' }).click();
  await page.getByRole('heading', { name: 'This rule can be added' }).waitFor();
  await page.getByRole('textbox', { name: 'The rule’s text' }).press('x');
  await page.getByRole('heading', { name: '1 error and 1 warning in this text' }).waitFor();
  await expectAccessible(bench, 'a rule with an error');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await expectAccessible(bench, 'keys');
});

/** Until its heading is not the one of the page before, and nothing is waited for any more. */
async function walkTo(page: Page, path: string): Promise<void> {
  await page.getByRole('heading', { level: 1 }).evaluate((heading) => heading.setAttribute('data-before', ''));
  await page.evaluate(
    `history.pushState({}, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
  );
  await page.locator('h1:not([data-before])').waitFor();
  await page.locator('[aria-hidden=true][data-on=false]').waitFor({ state: 'attached' });
  await expectCount(page.locator('.mantine-Skeleton-root'), 0);
}

/** Leaves the page light. */
async function expectAccessible({ page }: Bench, what: string, schemes: readonly Scheme[] = SCHEMES): Promise<void> {
  for (const scheme of schemes) {
    await page.emulateMedia({ colorScheme: scheme });
    const isShown = () => page.evaluate('document.documentElement.dataset.mantineColorScheme');
    await expect.poll(isShown).toBe(scheme);
    expect(await accessibilityFaults(page, scheme), `${what}, ${scheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

workbenchTest('the chosen appearance is remembered', { alerts: 1 }, async ({ page }) => {
  const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const light = await background();
  await page.getByRole('button', { name: 'Appearance System' }).click();
  await page.getByRole('button', { name: 'Appearance Light' }).click();
  await page.getByRole('button', { name: 'Appearance Dark' }).waitFor();
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.reload();
  expect(await background()).toBe(dark);
});

workbenchTest('the sidebar leads to every page', { alerts: 3 }, async ({ page }) => {
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await pages.getByRole('link', { name: 'Rules 4' }).click();
  await page.getByRole('heading', { name: '5 rules, 4 running' }).waitFor();
  await page.getByRole('link', { name: 'Web Server Spawned via Python', exact: true }).click();
  await page.getByRole('region', { name: 'Query' }).getByText('process where host.os.type').waitFor();
  await pages.getByRole('link', { name: 'System' }).click();
  await page.getByRole('heading', { name: 'Watching this machine through its Linux audit log' }).waitFor();
  await page.getByText('Reading /proc misses processes that live for less than a moment.').waitFor();
  await pages.getByRole('link', { name: 'Alerts 3' }).click();
  await page.getByRole('heading', { name: '3 alerts to decide' }).waitFor();
});
