/**
 * A rule from a git repository that is changed here and there: on the real service, since what it tells apart (what the
 * rule said before, what it says now, what counts here) comes from its repository, its store and its compiler together.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import type { RuleDetail } from '../../src/serve/api.ts';
import { requireChromium, requireGit } from '../requirement.ts';
import { openChromium } from './chromium.ts';
import { type ServiceProcess, startServiceProcess } from './service-process.ts';
import { accessibilityFaults, watchTroubles } from './workbench.ts';

const STEP_MS = 120_000;
const ID = '11111111-0000-4000-8000-000000000007';

const folder = mkdtempSync(join(tmpdir(), 'vedette-rule-changes-'));
const repository = join(folder, 'rules');
const log = join(folder, 'auth.log');
let service: ServiceProcess | undefined;
let window: Page | undefined;

afterAll(async () => {
  await window?.close();
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Said {
  readonly severity: string;
  readonly risk: number;
  readonly query: string;
}

function ruleText({ severity, risk, query }: Said): string {
  return `[rule]
author = ["Invented"]
description = "Somebody fails to log in."
from = "now-9m"
language = "eql"
license = "Apache-2.0"
name = "A Failed Login"
risk_score = ${risk}
rule_id = "${ID}"
severity = "${severity}"
type = "eql"
query = '${query}'
`;
}

function commit(said: Said): void {
  writeFileSync(join(repository, 'detections', 'login.toml'), ruleText(said));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ana', '-c', 'user.email=a@b', '-C', repository, ...args], { stdio: 'pipe' });
  git('add', '-A');
  git('commit', '-q', '-m', 'A change');
}

test('a rule that is changed here and in its repository asks which counts, and shows what else changed', {
  timeout: 480_000,
}, async (context) => {
  requireChromium(context);
  requireGit(context);
  mkdirSync(join(repository, 'detections'), { recursive: true });
  execFileSync('git', ['init', '-q', '-b', 'main', repository]);
  commit({ severity: 'low', risk: 21, query: 'any where event.outcome == "failure"' });
  writeFileSync(log, failedLogins(3));
  const source = `git+file://${repository}#main:detections`;
  const [{ url }, browser] = await Promise.all([start(source), openChromium()]);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  window = page;
  page.setDefaultTimeout(STEP_MS);
  const troubles = watchTroubles(page, url);
  const afterCommit = async (said: Said, isSeen: (rule: RuleDetail) => boolean) => {
    commit(said);
    await fetch(`${url}/api/rules/reload`, { method: 'POST', headers: { 'content-type': 'application/json' } });
    const rule = async () => isSeen((await (await fetch(`${url}/api/rules/${ID}`)).json()) as RuleDetail);
    await expect.poll(rule, { timeout: STEP_MS }).toBe(true);
    await page.reload();
  };

  await page.goto(`${url}/rules/${ID}`);
  const here = page.getByRole('region', { name: 'Changed here', exact: true });
  await here.getByText('Nothing: the rule runs as it is written.').waitFor();
  await here.getByRole('button', { name: 'Change it here' }).click();
  await here.getByLabel('Severity').selectOption('high');
  await here.getByLabel('Risk score').fill('73');
  await here.getByLabel('Looks back to').fill('now-20m');
  await here.getByRole('button', { name: 'Save' }).click();
  await here.getByText('The rule says low.').waitFor();

  const narrowed = 'any where event.outcome == "failure" and user.name != null';
  await afterCommit({ severity: 'medium', risk: 47, query: narrowed }, (rule) => rule.upstream_changed === true);
  const choice = page.getByRole('region', { name: 'Changed here, and in the rule since' });
  await choice.getByRole('row', { name: /^Severity low medium high/ }).waitFor();
  await choice.getByRole('row', { name: /^Risk score 21 47 73/ }).waitFor();
  await here.getByText('The rule says now-9m.').waitFor();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    expect(await accessibilityFaults(page, scheme)).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 800 });
  await expect.poll(() => page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 800 });

  await choice.getByRole('link', { name: 'What else changed' }).click();
  const from = page.getByRole('region', { name: 'Where from' });
  await from.getByText('detections/login.toml').waitFor();
  await from.getByRole('button', { name: 'what changed' }).click();
  await from.getByText(`+ query = '${narrowed}'`).waitFor();

  await choice.getByRole('button', { name: 'Take theirs: Risk score 47' }).click();
  await choice.getByRole('row', { name: /^Risk score/ }).waitFor({ state: 'detached' });
  await page.getByText('risk 47').waitFor();
  await page.goto(`${url}/rules`);
  await page.getByRole('button', { name: '1 rule changed here and there' }).click();
  await page.getByRole('link', { name: 'A Failed Login', exact: true }).click();
  await choice.getByRole('button', { name: 'Keep mine: Severity high' }).click();
  await choice.waitFor({ state: 'detached' });
  await here.getByText('The rule says medium.').waitFor();

  const preview = page.getByRole('region', { name: 'Try on stored events' });
  await preview.getByRole('button', { name: 'Try it' }).click();
  await preview.getByRole('button', { name: 'Run', exact: true }).click();
  await preview.getByText('3 matched', { exact: false }).waitFor();
  const cost = page.getByRole('region', { name: 'What it costs' });
  await cost.getByRole('button', { name: 'Last 24 hours' }).click();
  await cost.getByText('it was evaluated for 3 (100%) and matched 3', { exact: false }).waitFor();
  await cost.getByRole('row', { name: /^1 100% .* 3 3 A Failed Login$/ }).waitFor();
  expect(await accessibilityFaults(page, 'light')).toEqual([]);

  await afterCommit({ severity: 'medium', risk: 47, query: 'any wher true' }, (rule) => rule.kept_revision === 2);
  await page.getByText('Running as before (revision 2): its file has an error.').waitFor();
  expect(troubles).toEqual([]);
});

async function start(source: string): Promise<ServiceProcess> {
  service = await startServiceProcess(join(folder, 'data'), [
    '--no-watch',
    '--no-sample',
    '--follow',
    log,
    '--rules',
    source,
  ]);
  return service;
}

/** An hour ago, a second apart. */
function failedLogins(count: number): string {
  const begun = Date.now() - 3_600_000;
  const line = (second: number) =>
    `${new Date(begun + second * 1_000).toISOString()} web-2 sshd[7]: Failed password for eve from 192.0.2.7 port 9 ssh2\n`;
  return Array.from({ length: count }, (_, second) => line(second)).join('');
}
