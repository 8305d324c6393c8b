/**
 * A browser test: the built pages, an API in memory, a browser on them.
 *
 * Whatever a test is about, it also fails when a page breaks its own policy, throws, or asks anyone but the service.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { requireChromium } from '../requirement.ts';
import { launchChromium } from './chromium.ts';
import { type FixtureApi, startFixtureApi } from './fixture-api.ts';

const SETUP = fileURLToPath(new URL('../../tools/setup.mjs', import.meta.url));
const BUILD_MS = 120_000;
const STEP_MS = 8_000;

export interface Setting {
  /** Alerts that are there from the start. */
  readonly alerts: number;
  readonly path?: string;
  readonly scheme?: 'light' | 'dark';
  readonly mode?: FixtureApi['mode'];
  /** Three alerts after one another are of one process. */
  readonly isFolded?: boolean;
}

export interface Bench {
  readonly page: Page;
  readonly api: FixtureApi;
}

/** One browser, session and port for all tests of a file, so that the pages' scripts are fetched and compiled once. */
interface Stage {
  readonly browser: Browser;
  readonly session: BrowserContext;
  readonly api: FixtureApi;
}

let stage: Promise<Stage> | undefined;

export function workbenchTest(name: string, setting: Setting, run: (bench: Bench) => Promise<void>): void {
  test(name, { timeout: BUILD_MS }, async (context) => {
    const program = requireChromium(context);
    stage ??= setStage(program);
    const { session, api } = await stage;
    api.reset(setting.alerts);
    api.mode = setting.mode ?? 'answering';
    if (setting.isFolded === true) api.foldAlerts();
    const page = await session.newPage();
    try {
      page.setDefaultTimeout(STEP_MS);
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.emulateMedia({ colorScheme: setting.scheme ?? 'light' });
      const troubles = watchTroubles(page, api.url);
      await page.goto(api.url + (setting.path ?? '/'));
      await run({ page, api });
      expect(troubles).toEqual([]);
    } finally {
      await page.evaluate('localStorage.clear()');
      await page.close();
    }
  });
}

/** Closes the browser with the file; every file of workbench tests calls it once. */
export function closeBrowserAtEnd(): void {
  afterAll(async () => {
    const opened = await stage;
    stage = undefined;
    await opened?.browser.close();
    await opened?.api.close();
  });
}

async function setStage(program: string): Promise<Stage> {
  await buildPages();
  const browser = await launchChromium(program);
  return { browser, session: await browser.newContext(), api: await startFixtureApi() };
}

/** Waits until there are so many. */
export async function expectCount(elements: Locator, count: number): Promise<void> {
  await expect.poll(() => elements.count(), { timeout: STEP_MS }).toBe(count);
}

/** What axe finds wrong, as `rule: element`; in the dark only contrast, which is all that the scheme changes. */
export async function accessibilityFaults(page: Page, scheme: 'light' | 'dark'): Promise<string[]> {
  // Legacy only in how frames are joined, of which there are none; it saves a second page for each look.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (scheme === 'dark' ? axe.withRules('color-contrast') : axe).analyze();
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

/** Builds the pages where that is needed; waits for whoever is building them already. */
export async function buildPages(): Promise<void> {
  await promisify(execFile)(process.execPath, [SETUP, 'web']);
}
