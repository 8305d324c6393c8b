import { expect } from 'vitest';
import { workbenchTest } from './workbench.ts';

const ALERT = `${'a'.repeat(39)}0`;
const RULE = '00000000-0000-4000-8000-000000000000';

workbenchTest(
  'the list says what each exception does, filters, and turns one off by a key',
  { alerts: 14, path: '/exceptions' },
  async ({ page, api }) => {
    await page.getByRole('heading', { name: '4 exceptions, 1 active, 3 matches removed' }).waitFor();
    await page.getByText(/user\.name is “svc-build” and host\.name is “web-07”, every day/).waitFor();
    await page.getByRole('button', { name: '1 with errors' }).click();
    await page.getByRole('heading', { name: '1 of 4 exceptions matches the filter' }).waitFor();
    expect(new URL(page.url()).search).toBe('?state=broken');
    await page.getByRole('button', { name: '1 with errors' }).click();
    // At once: what the button does to the filter is not drawn yet, and stays beside the words.
    await page.keyboard.press('/');
    await page.keyboard.type('svc-build');
    await page.getByRole('heading', { name: '1 of 4 exceptions matches the filter' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('switch', { name: 'Apply Exports of the night', checked: false }).waitFor();
    await page.getByRole('link', { name: 'Choose: Scheduled job or service that serves a known folder' }).waitFor();
    api.removeExceptions();
    await page.goto(`${api.url}/exceptions`);
    await page.getByRole('heading', { name: 'No exceptions yet' }).waitFor();
    await page.getByRole('heading', { name: 'Every match becomes an alert' }).waitFor();
  },
);

workbenchTest(
  'an exception is written from an alert: suggested, checked at its place, tried, kept, and its alerts closed',
  { alerts: 14, path: `/exceptions/new?alert=${ALERT}` },
  async ({ page, api }) => {
    await page.getByText('It would have removed 3 of 5 alerts.').waitFor();
    await page.keyboard.press('3');
    const where = page.getByRole('region', { name: 'Where' });
    await where.getByRole('group', { name: 'Entry about python.web_server.directory' }).waitFor();
    const save = page.getByRole('button', { name: 'Save the exception' });
    await expect.poll(() => save.isDisabled()).toBe(true);

    // A field is completed, and brings the event's value along.
    await page.keyboard.press('a');
    await page.keyboard.type('host.na');
    await page.getByRole('option', { name: 'host.name web-07' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const host = where.getByRole('group', { name: 'Entry about host.name' });
    await expect.poll(() => host.getByRole('textbox', { name: 'Value' }).inputValue()).toBe('web-07');

    // What is wrong is said where it is; wildcards need no escaping.
    const value = host.getByRole('textbox', { name: 'Value' });
    await value.fill('');
    await host.getByText('The value is empty.').waitFor();
    await page.getByText('Shown as soon as the exception can be read without an error.').waitFor();
    await value.fill('web-*');
    await host.getByText('The * or ? is compared as it stands').waitFor();
    await host.getByRole('button', { name: 'Let * and ? be wildcards' }).click();
    await page
      .getByText(/host\.name matches “web-\*”/)
      .first()
      .waitFor();
    await page.getByText('It would have removed 3 of 5 alerts.').waitFor();
    await host.getByRole('combobox', { name: 'Field' }).fill('host.nmae');
    await page.getByText('Did you mean host.name?').waitFor();
    await page
      .getByRole('group', { name: 'Entry about host.nmae' })
      .getByRole('combobox', { name: 'Field' })
      .fill('host.name');

    await page.getByRole('textbox', { name: /^Reason/ }).fill('The export of the team.');
    await page.getByRole('button', { name: 'Only at times of the week' }).click();
    await page.getByText(/^Mondays, .*Next: /).waitFor();
    await page.getByRole('button', { name: 'Take out this window' }).click();
    await page.getByText('Ctrl-Enter saves from within a field.').waitFor();
    api.mode = 'failing';
    await save.click();
    await page.getByText(/^Not saved: The store is busy with a backup/).waitFor();
    api.mode = 'answering';
    await save.click();
    await page.getByRole('heading', { name: /^Kept: / }).waitFor();
    await page.getByRole('button', { name: /^Close the 3 alerts/ }).waitFor();
    await page.keyboard.press('f');
    await page.getByText('3 alerts closed as false positive.').waitFor();
    await page.getByRole('link', { name: 'The exception', exact: true }).click();
    await page.getByRole('region', { name: 'History' }).getByText('vedette created it').waitFor();

    // Changed, told about, removed; its history stays.
    await page.getByRole('textbox', { name: 'A comment' }).fill('Asked the team.');
    await page.getByRole('button', { name: 'Add the comment' }).click();
    await page.getByRole('region', { name: 'Comments' }).getByText('Asked the team.').waitFor();
    await page.getByRole('region', { name: 'History' }).getByText('comments', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Remove the exception' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('heading', { name: /^4 exceptions/ }).waitFor();
  },
);

workbenchTest(
  'a query says where it is wrong',
  { alerts: 3, path: `/exceptions/new?rule=${RULE}` },
  async ({ page }) => {
    await page.getByRole('button', { name: 'Query', exact: true }).click();
    const query = page.getByRole('textbox', { name: 'Query' });
    await query.fill('process where user.name = "x"');
    await page.locator('.cm-lintRange-error').first().waitFor();
    await page.getByText('There are errors.').or(page.getByText('Say why: r leads to the reason.')).first().waitFor();
    await query.fill('process where user.name == "svc-build"');
    await page
      .getByText(/where its query holds/)
      .first()
      .waitFor();
  },
);

workbenchTest(
  'a scenario says what is to be filled in; a port alone is warned of',
  { alerts: 14, path: '/exceptions/new?scenario=python-web-server-job' },
  async ({ page, api }) => {
    await page.getByRole('heading', { name: 'Scheduled job or service that serves a known folder' }).waitFor();
    await page.getByText('<folder> is still to be filled in.').waitFor();
    await page.getByRole('textbox', { name: 'Value' }).first().fill('/srv/docs');
    await page.getByText('<folder> is still to be filled in.').waitFor({ state: 'detached' });
    await page.getByText('Fill in the name.').waitFor();
    await page.goto(`${api.url}/exceptions/new`);
    // Offered only beside what says whose server it is, and warned of without.
    const field = page.getByRole('combobox', { name: 'Field' });
    await field.fill('python.web_server.');
    await page.getByRole('option', { name: /^python\.web_server\.reach/ }).waitFor();
    expect(await page.getByRole('option', { name: /^python\.web_server\.port/ }).count()).toBe(0);
    await field.fill('python.web_server.port');
    await page.getByRole('textbox', { name: 'Value' }).fill('8000');
    await page.getByText(/attacker’s server takes the default port 8000/).waitFor();
    await field.fill('user.name');
    await page
      .getByText(/user\.name is “8000”/)
      .first()
      .waitFor();
    await field.blur();
    await page.keyboard.press('a');
    await field.last().fill('python.web_server.');
    await page.getByRole('option', { name: /^python\.web_server\.port/ }).waitFor();
  },
);

workbenchTest(
  'value lists are made, filled, emptied and removed',
  { alerts: 0, path: '/exceptions/lists' },
  async ({ page }) => {
    await page.getByRole('heading', { name: '1 value list, 2 values' }).waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('Known Folders');
    await page.getByRole('combobox', { name: 'Holds' }).selectOption('ip');
    await page.getByRole('button', { name: 'Make the list' }).click();
    const list = page.getByRole('region', { name: 'Known Folders' });
    await list.getByRole('textbox').fill('10.0.0.1\n10.0.0.2\nnonsense');
    await list.getByRole('button', { name: 'Add these' }).click();
    await list.getByText('2 added, 1 refused.').waitFor();
    await list.getByText(/line 3: nonsense/).waitFor();
    await list.getByRole('textbox').fill('10.0.0.1');
    await list.getByRole('button', { name: 'Take these out' }).click();
    await list.getByText('1 taken out.').waitFor();
    await list
      .getByLabel('Add a file')
      .setInputFiles({ name: 'l.txt', mimeType: 'text/plain', buffer: Buffer.from('10.0.0.9\n') });
    await list.getByText('1 added.').waitFor();
    await list.getByRole('button', { name: 'Remove…' }).click();
    await list.getByRole('button', { name: 'Remove it with its values' }).click();
    await page.getByRole('heading', { name: '1 value list, 2 values' }).waitFor();
  },
);

workbenchTest('an export of Elastic’s comes in', { alerts: 0, path: '/exceptions/transfer' }, async ({ page }) => {
  const item = {
    item_id: 'i1',
    list_id: 'l1',
    type: 'simple',
    name: 'Backup hosts',
    description: 'Every night.',
    namespace_type: 'single',
    entries: [{ field: 'host.name', type: 'match', operator: 'included', value: 'bak-01' }],
    tags: [],
    os_types: [],
    comments: [],
  };
  await page.getByRole('textbox', { name: /^An export/ }).fill(`${JSON.stringify(item)}\n`);
  await page.getByRole('radio', { name: /^every rule/ }).check();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('1 exception kept').waitFor();
  await page.getByRole('link', { name: 'Backup hosts' }).click();
  await page
    .getByText(/No alert from any rule where host\.name is “bak-01”/)
    .first()
    .waitFor();
});

workbenchTest(
  'a rule is asked about a stored event and a pasted one, and shows its exceptions and runs',
  { alerts: 3, path: `/rules/${RULE}` },
  async ({ page, api }) => {
    await page
      .getByRole('region', { name: 'Last runs with a match' })
      .getByRole('link', { name: 'Exports of the night' })
      .waitFor();
    await page.getByRole('region', { name: 'Exceptions' }).getByText('active, 3 matches removed').waitFor();
    await page.keyboard.press('x');
    const part = page.getByRole('region', { name: 'Why did it not fire?' });
    await part
      .getByRole('button', { name: /runner ran bash on ci-11/ })
      .first()
      .click();
    await part.getByText('The rule does not fire on it.').waitFor();
    await part.getByText('The event has no host.os.type; wanted: “linux”.').waitFor();
    // Whose rule it is stands beside what it matches.
    await part.getByText(/^Web Server Spawned via Python, by .*Apache-2.0/).waitFor();
    await page.keyboard.press('v');
    const event = {
      '@timestamp': new Date().toISOString(),
      event: { category: ['process'], type: ['start'], action: 'exec' },
      host: { name: 'web-07', os: { type: 'linux' } },
      user: { name: 'svc-build' },
      process: { name: 'python3', args: ['python3', '-m', 'http.server'], command_line: 'python3 -m http.server' },
    };
    await page.keyboard.insertText(JSON.stringify(event));
    await page.keyboard.press('Control+Enter');
    await part.getByRole('link', { name: 'The exception “Exports of the night”' }).waitFor();
    await page.goto(`${api.url}/events/e-2`);
    await page.getByRole('combobox', { name: 'Rule' }).selectOption({ label: 'Web Server Spawned via Python' });
    await page.getByRole('button', { name: 'Explain with this rule' }).click();
    await page.getByText('The rule does not fire on it.').waitFor();
    await page.keyboard.press('r');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('base64');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Why does “Base64 Decoded into a File” fire, or not?' }).waitFor();
    await page.getByText('The rule does not fire on it.').waitFor();
  },
);
