/**
 * A browser test: the built pages, an API in memory, a browser on them.
 *
 * Whatever a test is about, it also fails when a page breaks its own policy, throws, or asks anyone but the service.
 */
import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { requireChromium } from '../requirement.ts';
import { openChromium } from './chromium.ts';
import { type FixtureApi, startFixtureApi } from './fixture-api.ts';

/** Limits for what hangs: on a busy machine a page may take some seconds for what it usually does at once. */
const WHOLE_MS = 480_000;
const STEP_MS = 120_000;

export type Scheme = 'light' | 'dark';

export interface Setting {
  /** Alerts that are there from the start. */
  readonly alerts: number;
  readonly path?: string;
  readonly mode?: FixtureApi['mode'];
  /** Three alerts after one another are of one process. */
  readonly isFolded?: boolean;
}

export interface Bench {
  readonly page: Page;
  readonly api: FixtureApi;
}

/**
 * One window and port for all tests of a worker: opening a window costs more than most tests, and the pages' scripts
 * are fetched and compiled once. What a test leaves behind is cleared away after it.
 */
interface Stage {
  readonly page: Page;
  readonly api: FixtureApi;
  readonly troubles: string[];
}

let stage: Promise<Stage> | undefined;

export function workbenchTest(name: string, setting: Setting, run: (bench: Bench) => Promise<void>): void {
  test(name, { timeout: WHOLE_MS }, async (context) => {
    requireChromium(context);
    stage ??= setStage();
    const { page, api, troubles } = await stage;
    api.reset(setting.alerts);
    api.mode = setting.mode ?? 'answering';
    if (setting.isFolded === true) api.foldAlerts();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    // The page of the test before stays until this one comes: to empty the window in between costs a third of a load.
    // What befalls it meanwhile is no trouble of this test.
    if (page.url() !== 'about:blank') await page.evaluate('localStorage.clear()');
    page.once('framenavigated', () => {
      troubles.length = 0;
    });
    await page.goto(api.url + (setting.path ?? '/'));
    await run({ page, api });
    expect(troubles).toEqual([]);
  });
}

async function setStage(): Promise<Stage> {
  const [browser, api] = await Promise.all([openChromium(), startFixtureApi()]);
  const page = await browser.newPage();
  page.setDefaultTimeout(STEP_MS);
  return { page, api, troubles: watchTroubles(page, api.url) };
}

/** The editor of this name, not the plain field that stands in its place until it has come. */
export function codeEditor(page: Page, name: string): Locator {
  return page.getByRole('textbox', { name }).and(page.locator('[contenteditable="true"]'));
}

/** Waits until there are so many. */
export async function expectCount(elements: Locator, count: number): Promise<void> {
  await expect.poll(() => elements.count(), { timeout: STEP_MS }).toBe(count);
}

/**
 * Lets the service answer again, and presses the button that asks it. Not by a click, which waits for the button to hold
 * still: meanwhile the page may have tried again by itself, and the button be gone.
 */
export async function tryNow(page: Page, answer: () => void): Promise<void> {
  const button = page.getByRole('button', { name: 'Try now' });
  await button.click({ trial: true });
  const element = await button.elementHandle();
  answer();
  await element?.dispatchEvent('click');
}

/** What axe finds wrong, as `rule: element`; in the dark only contrast, which is all that the scheme changes. */
export async function accessibilityFaults(page: Page, scheme: Scheme): Promise<string[]> {
  // Its half a megabyte stays in the page until that is left.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const only = scheme === 'dark' ? { runOnly: ['color-contrast'] } : {};
  // Fetching and parsing all styles again is two fifths of the work, and only for a rule about films and sounds.
  const options = JSON.stringify({ resultTypes: ['violations'], preload: false, ...only });
  const violations = (await page.evaluate(
    `axe.run(document, ${options}).then(({ violations }) => violations)`,
  )) as readonly axe.Result[];
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} (${failureSummary})`),
  );
}

/** Fills with what no page may do, as it does it. */
export function watchTroubles(page: Page, url: string): string[] {
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(`threw ${error.message}`));
  page.on('console', (message) => {
    // A failed request is told in the console too; tests that let the API fail look at the page for it.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      troubles.push(`console: ${message.text()}`);
    }
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) troubles.push(`asked ${request.url()}`);
  });
  return troubles;
}
