/**
 * The drill of `docs/drill.md`, done by a browser with nothing but keys: ten alerts of mixed truth are read and decided,
 * and an exception made from one of them removes exactly the three servers that only their own machine can reach.
 *
 * VEDETTE_DRILL_SHOTS names a folder for pictures of its steps.
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { requireChromium } from '../requirement.ts';
import { openChromium } from './chromium.ts';
import { AFTERWARDS, DRILL, drillLog } from './drill-log.ts';
import { type ServiceProcess, startServiceProcess } from './service-process.ts';
import { watchTroubles } from './workbench.ts';

const RULES = fileURLToPath(new URL('../../rules/vedette', import.meta.url));
const WHOLE_MS = 480_000;
const STEP_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'vedette-drill-'));
const log = join(folder, 'audit.log');
let service: ServiceProcess | undefined;
let window: Page | undefined;

afterAll(async () => {
  await window?.close();
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Keys that decide, and what the page then says. */
const DECISIONS = {
  true_positive: ['t', 'Closed: true positive'],
  benign_positive: ['b', 'Closed: benign'],
  duplicate: ['d', 'Closed: duplicate'],
} as const;

test('ten alerts are decided by keyboard, and an exception removes the three loopback servers alone', {
  timeout: WHOLE_MS,
}, async (context) => {
  requireChromium(context);
  writeFileSync(log, drillLog(DRILL, Date.now()));
  const data = join(folder, 'data');
  const options = ['--no-watch', '--no-sample', '--rules', RULES, '--follow', log];
  const [running, browser] = await Promise.all([startServiceProcess(data, options), openChromium()]);
  service = running;
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  window = page;
  page.setDefaultTimeout(STEP_MS);
  const troubles = watchTroubles(page, service.url);
  await page.goto(service.url);
  await expectToDecide(page, 10);
  await shot(page, '1-list');

  // The exception first, since it decides three at once: from a server bound to loopback.
  await walkTo(page, 'python3 -m http.server 8000 --bind 127.0.0.1');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /dev started a web server on ws-03/ }).waitFor();
  await page.getByRole('region', { name: 'Why it fired' }).waitFor();
  await shot(page, '2-alert');
  await page.keyboard.press('e');
  const suggestion = page.getByRole('button', { name: /^\d Web server that only this machine can reach, by dev$/ });
  const key = (await suggestion.textContent())?.charAt(0) ?? '';
  await page.keyboard.press(key);
  await page.getByText('It would have removed 3 of 10 alerts.').waitFor();
  const effect = page.getByRole('complementary', { name: 'What it does' });
  const removed = await effect.getByRole('link', { name: /started a web server/ }).allTextContents();
  expect(removed.map((words) => /only this host can reach.* on port (\d+)$/.exec(words)?.[1]).sort()).toEqual([
    '8000',
    '8888',
    '9000',
  ]);
  await page.keyboard.press('r');
  await page.keyboard.type('Developers look at their own pages; nobody else can reach them.');
  await page.getByText('Ctrl-Enter saves from within a field.').waitFor();
  await shot(page, '3-exception');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: /^Kept: Web server that only this machine can reach/ }).waitFor();
  await page.getByRole('button', { name: /^Close the 3 alerts that it would have removed/ }).waitFor();
  await shot(page, '4-kept');
  await page.keyboard.press('f');
  await page.getByText('3 alerts closed as false positive.').waitFor();

  // The others, one after another, each with its reason in words.
  await page.keyboard.press('l');
  let left = 7;
  await expectToDecide(page, left);
  // The newest stands first.
  for (const { args, user, truth } of DRILL.toReversed()) {
    if (truth === 'false_positive') continue;
    const [decision, state] = DECISIONS[truth];
    await walkTo(page, args.join(' '));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: new RegExp(`^${user} started a web server`) }).waitFor();
    if (left === 7) {
      await page.keyboard.press('n');
      await page.keyboard.type('Serves a folder of its own making; nobody knows of it.');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('region', { name: 'Notes' }).getByText('Serves a folder of its own making').waitFor();
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('c');
    await page.keyboard.type(`Decided in the drill: ${truth}.`);
    await page.keyboard.press('Escape');
    await page.keyboard.press(decision);
    await page.getByRole('status').getByText(state).waitFor();
    left -= 1;
    await page.keyboard.press('Escape');
    if (left > 0) await expectToDecide(page, left);
  }
  await page.getByRole('heading', { name: 'Nothing to decide' }).waitFor();

  // From now on: a fourth one raises nothing, one that others can reach does.
  appendFileSync(log, drillLog(AFTERWARDS, Date.now(), DRILL.length));
  const fresh = page.getByRole('button', { name: /1 new alert, show/ });
  const one = page.getByRole('heading', { name: '1 alert to decide' });
  await fresh.or(one).first().waitFor();
  if (await fresh.isVisible()) await page.keyboard.press('n');
  await one.waitFor();
  await page.getByRole('link', { name: /on port 5001/ }).waitFor();
  expect(await page.getByText('port 5000').count()).toBe(0);
  await page.getByText(/\b1 excepted\b/).waitFor();
  await shot(page, '5-afterwards');
  await page.goto(`${service.url}/exceptions`);
  await page.getByRole('heading', { name: '1 exception, 1 active, 1 match removed' }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByText(/has removed 1 match, last in the run of/).waitFor();
  await shot(page, '6-exception-kept');
  expect(troubles).toEqual([]);
});

/** The list is read once, and the rest of the log may come in after it. */
async function expectToDecide(page: Page, count: number): Promise<void> {
  const wanted = page.getByRole('heading', { name: `${count} ${count === 1 ? 'alert' : 'alerts'} to decide` });
  const more = page.getByRole('button', { name: /new alerts?, show/ });
  for (let tries = 0; tries < 20; tries += 1) {
    await wanted.or(more).first().waitFor();
    if (await wanted.isVisible()) return;
    await page.keyboard.press('n');
  }
  throw new Error(`there are not ${count} alerts to decide`);
}

/** Walks the list to the row of this command line: up to its top with `k`, then down with `j`. */
async function walkTo(page: Page, command: string): Promise<void> {
  const active = page.locator('[data-active=true][data-index]');
  const row = active.filter({ has: page.getByText(command, { exact: true }) });
  const focused = active.locator(':focus');
  const isTop = async () => (await active.count()) > 0 && (await active.getAttribute('data-index')) === '0';
  for (let up = 0; up === 0 || !(await isTop()); up += 1) {
    if (up > 12) throw new Error('the top of the list is not reached');
    await page.keyboard.press('k');
    await focused.waitFor();
  }
  for (let down = 0; down < 12; down += 1) {
    if ((await row.count()) > 0) return;
    await page.keyboard.press('j');
    await focused.waitFor();
  }
  throw new Error(`no row has the command ${command}`);
}

async function shot(page: Page, name: string): Promise<void> {
  const into = process.env.VEDETTE_DRILL_SHOTS;
  if (into === undefined) return;
  for (const [scheme, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: join(into, `${name}-${scheme}-${width}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}
