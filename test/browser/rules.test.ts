import { expect } from 'vitest';
import { workbenchTest } from './workbench.ts';

const rulePath = (index: number) => `/rules/00000000-0000-4000-8000-00000000000${index}`;

const GOOD = `title: Crontab Replaced
id: 11111111-0000-4000-8000-000000000001
status: experimental
logsource:
  category: process_creation
  product: linux
detection:
  selection:
    Image|endswith: /crontab
  condition: selection
level: medium
`;

workbenchTest(
  'the list says how many rules run, and its doors filter',
  { alerts: 14, path: '/rules' },
  async ({ page }) => {
    await page.getByRole('heading', { name: '5 rules, 4 running' }).waitFor();
    await page.getByRole('button', { name: '2 Sigma' }).click();
    await page.getByRole('heading', { name: '2 of 5 rules match the filter' }).waitFor();
    await page.getByRole('button', { name: '1 low' }).click();
    expect(new URL(page.url()).search).toBe('?language=sigma&severity=low');
    await page.getByRole('link', { name: 'Base64 Decoded into a File', exact: true }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: '1 of 5 rules matches the filter' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('no such word');
    await page.getByRole('heading', { name: 'No rule matches this filter' }).waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await page.getByRole('button', { name: '1 rule with errors' }).click();
    await page.getByRole('row', { name: /Archive Written.*added.*KQL.*1 error/ }).waitFor();
  },
);

workbenchTest('findings and alerts are doors', { alerts: 14, path: '/rules' }, async ({ page }) => {
  await page.getByRole('link', { name: /^\d+ alerts? of Script Fetched/ }).click();
  await page.getByRole('heading', { name: /^\d alerts? match(?:es)? the filter/ }).waitFor();
  await page.getByText('rule Script Fetched into a Temporary Folder').waitFor();
  await page.goBack();
  await page.getByRole('link', { name: '1 error', exact: true }).click();
  const findings = page.getByRole('region', { name: 'Findings' });
  await findings.getByText('The operator has_any is not evaluated here.').waitFor();
  await page.locator('.cm-lintRange-error').nth(1).waitFor();
  await expect
    .poll(() => page.getByRole('region', { name: 'Query' }).locator('.cm-lintRange-error').allTextContents())
    .toEqual(['has_any']);
  const source = page.getByRole('region', { name: 'As written' });
  await expect.poll(() => source.locator('.cm-lintRange-error').allTextContents()).toEqual(['has_any']);
  await source.getByText('rules/azure/archive.yaml').click();
  await source.locator('.cm-editor').waitFor({ state: 'detached' });
  await findings.getByRole('button', { name: 'Show 16:36' }).click();
  await source.locator('.cm-focused').waitFor();
  expect(await page.evaluate('getSelection().toString()')).toBe('has_any');
});

workbenchTest(
  'rules are walked, turned off and opened by keys',
  { alerts: 3, path: '/rules' },
  async ({ page, api }) => {
    await page.getByRole('heading', { name: '5 rules, 4 running' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.locator('[data-active=true][data-index="1"] :focus').waitFor();
    await page.keyboard.press('e');
    await page.getByRole('heading', { name: '5 rules, 3 running' }).waitFor();
    const fetched = page.getByRole('switch', { name: 'Run Script Fetched into a Temporary Folder' });
    await expect.poll(() => fetched.getAttribute('aria-checked')).toBe('false');
    await page.keyboard.press('Enter');
    await page.getByText('2 of 5').waitFor();
    await page.getByText('Off: it creates no alerts.').waitFor();
    await page.keyboard.press('e');
    await page.getByText('Running.').waitFor();
    await page.keyboard.press('j');
    await page.getByText('3 of 5').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-active=true][data-index="2"] :focus').waitFor();
    api.mode = 'failing';
    await page.keyboard.press('e');
    await page
      .getByRole('alert')
      .getByText(/^Not turned off: The store is busy with a backup/)
      .waitFor();
    await expect.poll(() => page.getByRole('switch', { checked: true }).count()).toBe(5);
  },
);

workbenchTest(
  'a rule shows its query, its facts and its alerts',
  { alerts: 14, path: rulePath(0) },
  async ({ page, api }) => {
    const section = (name: string) => page.getByRole('region', { name });
    await section('Query').locator('.cm-editor').waitFor();
    await expect.poll(() => section('Query').getByRole('textbox').getAttribute('contenteditable')).toBe('false');
    await expect
      .poll(() => section('ATT&CK').getByRole('link').allTextContents())
      .toEqual(['TA0002 Execution', 'T1059 Command and Scripting Interpreter', 'T1059.006 Python']);
    await section('How it runs').getByText('every 5m, from now-9m').waitFor();
    await section('Other keys')
      .getByText(/"timestamp_override": "event.ingested"/)
      .waitFor();
    await section('From the rule').getByRole('tab', { name: 'False positives' }).click();
    await page.getByText('Developers who share a folder for a moment.').waitFor();
    const alerts = section('Alerts');
    await alerts.getByRole('listitem').nth(4).waitFor();
    api.addAlerts(18);
    await alerts.getByRole('button', { name: '6 new alerts, show' }).click();
    await alerts.getByRole('link', { name: 'All 11 alerts' }).waitFor();
    await expect.poll(() => alerts.getByRole('listitem').count()).toBe(10);
    await section('As written').getByText('rules/linux/web_server.toml').click();
    await section('As written').locator('.cm-lineNumbers').getByText('12', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Remove the rule' }).count()).toBe(0);
  },
);

workbenchTest(
  'a pasted rule is judged while it is typed, added, and removed again',
  { alerts: 3, path: '/rules' },
  async ({ page, api }) => {
    await page.getByRole('heading', { name: '5 rules' }).waitFor();
    await page.keyboard.press('n');
    const editor = page.getByRole('textbox', { name: 'The rule’s text' });
    const add = page.getByRole('button', { name: 'Add the rule' });
    await editor.waitFor();
    await expect.poll(() => add.isDisabled()).toBe(true);
    await editor.fill(GOOD.replace('condition: selection', 'condition: selektion'));
    await page.getByRole('heading', { name: '1 error in this text' }).waitFor();
    const findings = page.getByRole('region', { name: 'Findings' });
    await findings.getByText('No search identifier is called “selektion”.').waitFor();
    await findings.getByText('Did you mean selection?').waitFor();
    await page.locator('.cm-lintRange-error').getByText('selektion').waitFor();
    await expect.poll(() => add.isDisabled()).toBe(true);
    await findings.getByRole('button', { name: 'Show 10:14' }).click();
    await page.keyboard.type('selection');
    await page.getByRole('heading', { name: 'This rule can be added' }).waitFor();
    await page.locator('.cm-lintRange-error').waitFor({ state: 'detached' });
    const understood = page.getByRole('region', { name: 'Understood' });
    await understood.getByRole('heading', { name: 'Crontab Replaced' }).waitFor();
    await understood.getByText('Medium').waitFor();

    // What is written outlives a look elsewhere, and what fails loses nothing.
    await page.getByRole('link', { name: 'System' }).click();
    await page.goBack();
    await page.getByRole('heading', { name: 'This rule can be added' }).waitFor();
    api.mode = 'failing';
    await add.click();
    await page
      .getByRole('alert')
      .getByText(/^Not added: The store is busy with a backup/)
      .waitFor();
    api.mode = 'answering';
    await add.click();
    await page.getByRole('heading', { level: 1, name: 'Crontab Replaced' }).waitFor();
    await page.getByText('None yet.').waitFor();

    await page.goto(`${api.url}/rules/new`);
    await editor.fill(GOOD);
    await page.getByText('A rule with this id is loaded already').waitFor();
    await add.click();
    await page
      .getByRole('alert')
      .getByText(/Give the new rule an id of its own/)
      .waitFor();
    await understood.getByRole('link', { name: 'see it' }).click();
    await page.getByRole('button', { name: 'Remove the rule' }).click();
    await page.getByText('Its alerts stay.').waitFor();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('heading', { name: '5 rules, 4 running' }).waitFor();
  },
);

workbenchTest(
  'a file is dropped or chosen; what is no rule is told of',
  { alerts: 0, path: '/rules/new' },
  async ({ page }) => {
    const choose = page.getByLabel('choose a file');
    await choose.setInputFiles({ name: 'rule.yml', mimeType: 'text/yaml', buffer: Buffer.from(GOOD) });
    await page.getByRole('heading', { name: 'This rule can be added' }).waitFor();
    await choose.setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from([1, 0, 2]) });
    await page.getByText('cat.png is not a text.').waitFor();
    const dropped = await page.evaluateHandle(`(() => {
      const data = new DataTransfer();
      data.items.add(new File(['just words, no rule'], 'note.txt'));
      return data;
    })()`);
    await page.getByRole('textbox', { name: 'The rule’s text' }).dispatchEvent('drop', { dataTransfer: dropped });
    await page.getByRole('heading', { name: '1 error in this text' }).waitFor();
    await page.getByText('No rule yet: what is required is missing.').waitFor();
    for (const [language, title] of [
      ['EQL', 'Download into a Temporary Folder'],
      ['Sigma', 'Shell Started by a Web Server'],
    ] as const) {
      await page.getByRole('button', { name: language, exact: true }).click();
      await page.getByRole('region', { name: 'Understood' }).getByRole('heading', { name: title }).waitFor();
      await page.getByRole('heading', { name: 'This rule can be added' }).waitFor();
    }
  },
);

workbenchTest('a service without rules says so', { alerts: 0, path: '/system' }, async ({ page, api }) => {
  api.reset(0, []);
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /^Rules/ })
    .click();
  await page.getByRole('heading', { name: 'No rules yet' }).waitFor();
  await page.getByRole('heading', { name: 'Nothing is being looked for' }).waitFor();
});

workbenchTest(
  'a rule that is being written is tested on events',
  { alerts: 0, path: '/rules/new' },
  async ({ page }) => {
    await page.getByRole('textbox', { name: 'The rule’s text' }).fill(GOOD);
    await page.getByRole('button', { name: 'Write tests' }).click();
    const tests = page.getByRole('region', { name: 'Tests' });
    const write = (program: string, expected: string) =>
      tests
        .getByRole('textbox', { name: 'Tests' })
        .fill(
          `cases: [{name: one, expect: ${expected}, events: [{event: {category: [process], type: [start]}, host: {os: {type: linux}}, process: {executable: ${program}}}]}]`,
        );
    await write('/usr/bin/crontab', '1');
    await tests.getByRole('button', { name: 'Run the tests' }).click();
    await tests.getByText('1 case passed').waitFor();
    await write('/usr/bin/ls', '1');
    await tests.getByRole('button', { name: 'Run the tests' }).click();
    await tests.getByText('0 passed, 1 failed').waitFor();
    await tests.getByText('Expected 1 alert; none came.').waitFor();
    await tests.getByText(/^process.executable is “.usr.bin.ls”/).waitFor();
    await write('/usr/bin/ls', 'many');
    await tests.getByRole('button', { name: 'Run the tests' }).click();
    await tests.getByText('This does not say how many alerts are expected.').waitFor();
  },
);
