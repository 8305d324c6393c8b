import { expect } from 'vitest';
import { codeEditor, expectCount, workbenchTest } from './workbench.ts';

workbenchTest(
  'a hunt is written, put right where it is wrong, and narrowed by what it found',
  { alerts: 0, path: '/hunt' },
  async ({ page }) => {
    await page.getByRole('heading', { name: 'Hunt in the stored events' }).waitFor();
    await page.keyboard.press('/');
    const query = codeEditor(page, 'Query');
    await query.fill('process were true');
    await query.press('Control+Enter');
    await page.getByRole('heading', { name: 'The query cannot be run' }).waitFor();
    const wrong = page.getByRole('alert');
    await wrong.getByText('Expected “where”').waitFor();
    await expect.poll(() => wrong.locator('mark').textContent()).toBe('were');
    await query.fill('process where user.name == "dev"');
    await query.press('Control+Enter');
    await page.getByRole('heading', { name: '65 events found' }).waitFor();
    await page.getByText('260 events read in 1.2 s.').waitFor();
    const column = page.getByRole('combobox', { name: 'Another column' });
    await column.fill('pid');
    await page.getByRole('option', { name: 'process.pid' }).click();
    await page.getByRole('columnheader', { name: 'process.pid' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const event = page.getByRole('complementary', { name: 'The event' });
    await event.getByRole('heading', { name: 'dev wrote /srv/exports/db.tgz on dev-3' }).waitFor();
    await event.getByText('4003').waitFor();
    await page.keyboard.press('Escape');
    await event.waitFor({ state: 'detached' });
    const bars = page.getByRole('img', { name: /^65 events from/ });
    const box = await bars.boundingBox();
    if (box === null) throw new Error('The histogram has no place.');
    await page.mouse.move(box.x + 2, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 10, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('heading', { name: /^3\d events found$/ }).waitFor();
    expect([...new URL(page.url()).searchParams.keys()].toSorted()).toEqual(['columns', 'from', 'language', 'q', 'to']);
    await page.keyboard.press('m');
    await page.getByRole('heading', { name: 'This rule can be added' }).waitFor();
    await page.goBack();
    await page.getByText('Your last hunts').click();
    await page.getByRole('button', { name: 'EQL process were true' }).click();
    await page.getByRole('heading', { name: 'The query cannot be run' }).waitFor();
  },
);

workbenchTest(
  'a whole Kusto query gives a table to sort, a chart, a file and a rule, and can be stopped',
  { alerts: 0 },
  async ({ page, api }) => {
    const at = (query: string) => page.goto(`${api.url}/hunt?language=kusto&q=${encodeURIComponent(query)}`);
    await at('imProcessCreate | where CommandLin has "x"');
    await page.getByRole('alert').getByText('Did you mean CommandLine?').waitFor();
    await at('imProcessCreate | summarize n = count() by TargetProcessName | render columnchart');
    await page.getByRole('heading', { name: '300 rows' }).waitFor();
    await page.getByText('TargetProcessName').first().hover();
    await page.locator('.cm-help').getByText('From process.executable.').waitFor();
    await page.mouse.move(0, 0);
    await page.getByRole('figure', { name: 'Chart of the answer' }).waitFor();
    const first = page.locator('tbody tr').first();
    await page.getByRole('button', { name: 'n', exact: true }).click();
    await page.getByRole('button', { name: 'n', exact: true }).click();
    await first.getByText('299').waitFor();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(200);
    await page.getByRole('button', { name: 'Show row 1', exact: true }).click();
    await page.getByRole('complementary', { name: 'The row' }).getByText('299').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('hunt.csv');
    await page.getByText('The file holds the first 200; there are more.').waitFor();
    await page.keyboard.press('m');
    await page.getByText('kind: Scheduled').first().waitFor();
    await at('imProcessCreate | where "slow" == ""');
    await page.getByText('Hunting…').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('The hunt was stopped.').waitFor();
  },
);

workbenchTest('a hunt gives groups, goes on where it was stopped, and can be stopped', { alerts: 0 }, async (bench) => {
  const { page, api } = bench;
  await page.goto(`${api.url}/hunt?q=sequence+by+host.name+[process+where+true]+[network+where+true]`);
  await page.getByRole('heading', { name: '3 groups of events found' }).waitFor();
  await page.getByRole('button', { name: 'runner ran bash on ci-11' }).first().click();
  await page.getByRole('complementary', { name: 'The event' }).waitFor();
  await page.goto(`${api.url}/hunt?q=any+where+process.command_line+!=+%22slow%22`);
  await page.getByRole('heading', { name: 'At least 260 events found' }).waitFor();
  await page.getByRole('button', { name: 'Hunt on from there' }).click();
  await page.getByRole('heading', { name: /^2\d\d events found$/ }).waitFor();
  api.mode = 'hanging';
  await page.getByRole('button', { name: 'KQL', exact: true }).click();
  await page.getByRole('button', { name: /^Hunt/ }).click();
  await page.getByRole('button', { name: /^Stop/ }).click();
  await page.getByText('The hunt was stopped.').waitFor();
  api.mode = 'failing';
  await page.getByRole('button', { name: /^Hunt/ }).click();
  await page.getByRole('alert').getByText('The hunt could not be made').waitFor();
});

workbenchTest(
  'runs, gaps and floods are told, and something is done about them',
  { alerts: 5 },
  async ({ page, api }) => {
    await page.goto(`${api.url}/runs`);
    await page.getByRole('heading', { name: '3 ranges of time were not looked at, 1 rule floods' }).waitFor();
    const section = (name: string) => page.getByRole('region', { name, exact: true });
    const [going, gaps, live, log] = [
      'Under way',
      'What was not looked at',
      'Rules that alert live',
      'Runs over stored events',
    ].map(section);
    await going?.getByText('Asked for: 4 rules over').waitFor();
    await going?.getByRole('button', { name: 'Stop' }).click();
    await going?.getByText('Asked for: 4 rules over').waitFor({ state: 'detached' });
    await gaps?.getByText('the service did not run for longer than is caught up with').waitFor();
    await gaps?.getByRole('button', { name: 'Fill all 2' }).click();
    await page.getByRole('heading', { name: '1 range of time was not looked at, 1 rule floods' }).waitFor();
    await gaps?.getByRole('button', { name: 'Filled' }).click();
    if (gaps !== undefined) await expectCount(gaps.getByText('The rule has looked at it since.'), 3);
    await live?.getByText('Its cap cut off 500 alerts in 2 intervals.').waitFor();
    await live?.getByRole('button', { name: 'Create the rest' }).click();
    await live?.getByText('They are being created').waitFor();
    await going?.getByText('What caps cut off is created too.').waitFor();
    await live?.getByRole('button', { name: 'Pause the rule' }).click();
    await live?.getByRole('button', { name: 'Resume the rule' }).waitFor();
    await log?.getByText('9 matched: 2 excepted, 3 duplicate, 4 alerts created').waitFor();
    await log?.getByRole('combobox', { name: 'How it ended' }).selectOption('failed');
    await log?.getByText('The stored events could not be read: the disk is full.').waitFor();
    expect(new URL(page.url()).search).toBe('?state=failed');
    await page.keyboard.press('/');
    await page.keyboard.type('ssh key');
    const offered = page.getByRole('listbox', { name: 'Rules: suggestions' });
    await offered.getByRole('option', { name: 'SSH Key Added by a Web Process' }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    await page.getByText('It waits its turn; nothing that has alerted already alerts again.').waitFor();
    await going?.getByText('vedette asked for it.', { exact: true }).waitFor();
  },
);

workbenchTest('a rule says whether it keeps up, and is paused', { alerts: 5 }, async ({ page, api }) => {
  await page.goto(`${api.url}/rules/00000000-0000-4000-8000-000000000001`);
  await page.getByText('It matched more than it may alert').waitFor();
  await page.getByRole('heading', { name: 'Runs over stored events' }).waitFor();
  await page.keyboard.press('p');
  await page.getByText('On, and paused.').waitFor();
  await page.keyboard.press('p');
  await page.getByText('Running.').waitFor();
  await page.getByRole('link', { name: 'All its runs' }).click();
  await page
    .getByRole('region', { name: 'Runs over stored events' })
    .getByText('1,204 matched: 1,104 capped')
    .waitFor();
  api.removeRuns();
  await page.goto(`${api.url}/runs`);
  await page.getByRole('heading', { name: 'Every rule has looked at everything' }).waitFor();
  await page.getByText('There was none yet.').waitFor();
  api.mode = 'failing';
  await page.goto(`${api.url}/runs`);
  await page.getByRole('alert').getByText('The runs could not be loaded').waitFor();
});
