import { expect } from 'vitest';
import { accessibilityFaults, workbenchTest } from './workbench.ts';

workbenchTest(
  'an alert of a sequence tells its steps in order, each with its event and its clauses',
  { alerts: 3, path: '/alerts/sequence' },
  async ({ page }) => {
    const why = page.getByRole('region', { name: 'Why it fired' });
    await why.getByText(/svc-build started a web server on web-07/).waitFor();
    const steps = why.locator('ol > li');
    await expect.poll(() => steps.count()).toBe(3);
    await expect.poll(() => steps.nth(1).textContent()).toBe('Stayed away![process where process.name == "sudo"]');
    await steps.nth(2).getByText('svc-build fetched a script into /tmp on web-07 with curl').waitFor();
    await expect.poll(() => steps.nth(0).locator('mark').last().textContent()).toBe('http.server');
    await why.getByText('Joined by web-07, no value').waitFor();
    const ran = page.getByRole('region', { name: 'What ran' });
    await expect.poll(() => ran.locator('pre').count()).toBe(2);
    // Each command line is marked by what was found in its own event.
    await expect
      .poll(() => ran.locator('pre').first().locator('mark').allTextContents())
      .toEqual(['python', 'http.server']);
    expect(await accessibilityFaults(page, 'light')).toEqual([]);
  },
);

const RULE = `[rule]
author = ["Example"]
description = "A test."
language = "eql"
name = "Listing after a web server"
risk_score = 21
rule_id = "00000000-0000-4000-8000-0000000000aa"
severity = "low"
type = "eql"
query = '''
sequence by host.name with maxspan=1m
  [process where process.name == "python3"]
  [process where process.name == "curl"]
'''
`;

const record = (second: number, host: string, name: string) =>
  JSON.stringify({
    '@timestamp': `2026-03-01T12:00:${second}Z`,
    event: { category: ['process'], type: ['start'] },
    host: { name: host },
    user: { name: 'ana' },
    process: { name },
  });

workbenchTest(
  'a sequence is explained on pasted records, by join key, the nearest to a match first',
  { alerts: 0, path: '/rules' },
  async ({ page, api }) => {
    await page.evaluate(async (text) => {
      const headers = { 'content-type': 'application/json' };
      await fetch('/api/rules', { method: 'POST', headers, body: JSON.stringify({ text }) });
    }, RULE);
    await page.goto(`${api.url}/explain?rule=00000000-0000-4000-8000-0000000000aa`);
    await page.getByRole('button', { name: 'A pasted record' }).click();
    const records = [record(10, 'web-1', 'python3'), record(20, 'web-1', 'wget'), record(30, 'web-2', 'curl')];
    await page.getByRole('textbox', { name: 'A record, as it was received' }).fill(records.join('\n'));
    await page.getByRole('button', { name: 'Explain it' }).click();
    await page.getByText('The rule does not fire on these 3 events.').waitFor();
    const keys = page.getByRole('heading', { level: 3 });
    await expect.poll(() => keys.allTextContents()).toEqual(['✗ web-1', '✗ web-2']);
    const first = page.getByRole('region', { name: 'web-1' });
    await first.getByText('No event passed step 2 within 60 s.').waitFor();
    await first.getByText('process.name is “wget”; wanted: “curl”.').waitFor();
    await first.getByText('Clause by clause').click();
    await first.getByText('process.name == "python3"').waitFor();
    const second = page.getByRole('region', { name: 'web-2' });
    await second.getByText('An event of a later step came, and none passed step 1 before it.').waitFor();
    expect(await accessibilityFaults(page, 'light')).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await accessibilityFaults(page, 'dark')).toEqual([]);
  },
);
