/**
 * The real thing, once: the service as a person starts it, and the workbench on it. What the pages do in every state is
 * tested on the fixture; here the service has to agree with it.
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { makeAuditTraffic } from '../kill/audit-traffic.ts';
import { requireChromium } from '../requirement.ts';
import { openChromium } from './chromium.ts';
import { type ServiceProcess, startServiceProcess } from './service-process.ts';
import { watchTroubles } from './workbench.ts';

const STEP_MS = 120_000;
const WHOLE_MS = 480_000;
const ELASTIC_RULE = '99c2b626-de44-4322-b1f9-157ca408c17e';
const SAMPLE_ALERTS = 8;

const folder = mkdtempSync(join(tmpdir(), 'vedette-workbench-'));
const data = join(folder, 'data');
const log = join(folder, 'audit.log');
let service: ServiceProcess | undefined;
let window: Page | undefined;

afterAll(async () => {
  await window?.close();
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const RULE = `title: Crontab Replaced
id: 11111111-0000-4000-8000-000000000001
status: experimental
description: Someone replaces a crontab from a file.
logsource:
  category: process_creation
  product: linux
detection:
  selection:
    Image|endswith: /crontab
  condition: selection
level: medium
`;

test('the service and its pages, from the sample to an alert of a rule just added', {
  timeout: WHOLE_MS,
}, async (context) => {
  requireChromium(context);
  writeFileSync(log, '');
  const [url, browser] = await Promise.all([start(), openChromium()]);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  window = page;
  page.setDefaultTimeout(STEP_MS);
  const troubles = watchTroubles(page, url);

  // The sample, in every language.
  await page.goto(`${url}/?rule=${ELASTIC_RULE}`);
  await expectSample(page);
  await page.getByRole('button', { name: 'Remove rule Web Server Spawned via Python' }).click();
  // Of one process, all three stand in one row.
  await page.getByRole('button', { name: 'Fold by process' }).click();
  for (const language of ['EQL', 'Sigma', 'KQL']) await page.getByText(language, { exact: true }).first().waitFor();

  // An alert of each of the other languages says why it fired.
  for (const [language, clause] of [
    ['Sigma', /^CommandLine\|contains:/],
    ['KQL', /^TargetProcessCommandLine contains "/],
  ] as const) {
    await page.getByRole('row').filter({ hasText: language }).first().getByRole('link').click();
    await page.getByRole('region', { name: 'Why it fired' }).getByText(clause).first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: /alerts to decide$/ }).waitFor();
  }

  // What stands around an alert comes from the stored events, and so do the answers to its guide.
  const exposed = page.getByRole('row').filter({ hasText: 'KQL' }).filter({ hasText: 'anyone can reach' });
  await exposed.first().getByRole('link').click();
  await page
    .getByRole('region', { name: 'Seen elsewhere' })
    .getByText(/^Stored events reach back to/)
    .waitFor();
  await page.getByRole('region', { name: 'Process tree' }).getByText('runuser').first().waitFor();
  await page
    .getByRole('region', { name: 'Investigate' })
    .getByRole('link', { name: /^What else did svc-build run on web-07/ })
    .first()
    .click();
  await page.getByRole('heading', { name: /events in this time that match the query$/ }).waitFor();
  await page.getByRole('link', { name: 'Incidents' }).click();
  await page.getByRole('link', { name: /rules alerted on web-07/ }).click();
  await page.getByRole('region', { name: 'Timeline' }).getByRole('listitem').first().waitFor();

  // Triage outlives a restart.
  await page.goto(`${url}/?rule=${ELASTIC_RULE}`);
  await page.getByRole('row').nth(1).getByRole('link').click();
  const decide = page.getByRole('region', { name: 'Decide' });
  await decide.getByRole('button', { name: 'Acknowledge' }).waitFor();
  await page.keyboard.press('a');
  await decide.getByText('Acknowledged').waitFor();
  await page.keyboard.press('c');
  await page.keyboard.type('the owner shares a folder');
  await page.keyboard.press('Escape');
  await decide.getByRole('button', { name: 'Close: benign' }).click();
  await decide.getByText('Closed: benign').waitFor();
  const alert = new URL(page.url()).pathname;
  expect(troubles).toEqual([]);
  // A page left open would look for the old address.
  await page.goto('about:blank');
  await stop();
  const again = await start();
  const after = watchTroubles(page, again);
  await page.goto(again + alert);
  await decide.getByText('Closed: benign').waitFor();
  await decide.getByText('“the owner shares a folder”').waitFor();
  await expect.poll(() => page.getByRole('region', { name: 'History' }).getByRole('listitem').count()).toBe(2);

  // A web server, live.
  await page.goto(`${again}/?rule=${ELASTIC_RULE}`);
  await page.getByRole('heading', { name: `${SAMPLE_ALERTS - 1} alerts to decide match the filter` }).waitFor();
  appendFileSync(log, makeAuditTraffic(10).text);
  await page.getByRole('button', { name: '1 new alert, show' }).click();
  await page.getByRole('heading', { name: `${SAMPLE_ALERTS} alerts to decide match the filter` }).waitFor();

  // A rule: refused, added, alerting, turned off, removed.
  await page.goto(`${again}/rules`);
  await page.getByRole('heading', { name: /^\d+ rules, all running$/ }).waitFor();
  await page.keyboard.press('n');
  const editor = page.getByRole('textbox', { name: 'The rule’s text' });
  await editor.fill(RULE.replace('|endswith', '|endwith'));
  await page.getByRole('heading', { name: /^\d+ errors?.* in this text/ }).waitFor();
  await page
    .getByRole('region', { name: 'Findings' })
    .getByText(/endwith/)
    .first()
    .waitFor();
  await page.locator('.cm-lintRange-error').first().waitFor();
  await editor.fill(RULE);
  await page.getByRole('button', { name: 'Add the rule' }).click();
  await page.getByRole('heading', { level: 1, name: 'Crontab Replaced' }).waitFor();
  await page.getByText('Running.').waitFor();
  appendFileSync(log, crontabLines());
  await page
    .getByRole('region', { name: 'Alerts' })
    .getByRole('link', { name: /crontab/ })
    .first()
    .waitFor();
  await page.keyboard.press('e');
  await page.getByText('Off: it creates no alerts.').waitFor();
  await page.getByRole('button', { name: 'Remove the rule' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('heading', { name: /^\d+ rules, all running$/ }).waitFor();
  expect(await page.getByText('Crontab Replaced').count()).toBe(0);

  // Kusto’s own parser judges what is pasted too.
  await page.getByRole('link', { name: 'Add a rule' }).click();
  await page.getByRole('button', { name: 'KQL', exact: true }).click();
  await page.getByRole('heading', { name: 'This rule can be added' }).waitFor();
  expect(after).toEqual([]);
});

async function expectSample(page: Page): Promise<void> {
  // The list is read once, and the rest of the sample may come in after it.
  const all = page.getByRole('heading', { name: `${SAMPLE_ALERTS} alerts to decide match the filter` });
  const more = page.getByRole('button', { name: /new alerts?, show/ });
  for (let tries = 0; tries < 20; tries += 1) {
    await all.or(more).first().waitFor();
    if (await all.isVisible()) return;
    await more.click();
  }
  throw new Error('the sample did not come in');
}

async function start(): Promise<string> {
  service = await startServiceProcess(data, ['--no-watch', '--follow', log]);
  return service.url;
}

async function stop(): Promise<void> {
  const running = service;
  service = undefined;
  await running?.stop();
}

/** An execution that no bundled rule is about, later than all that was written before. */
function crontabLines(): string {
  return makeAuditTraffic(400)
    .text.split('\n')
    .slice(-9)
    .join('\n')
    .replaceAll('comm="ls"', 'comm="crontab"')
    .replaceAll('exe="/usr/bin/ls"', 'exe="/usr/bin/crontab"')
    .replaceAll('a0="ls"', 'a0="crontab"');
}
