import { expect } from 'vitest';
import { expectCount, workbenchTest } from './workbench.ts';

const id = (index: number) => index.toString(16).padStart(40, 'a');
const FIRST = `/alerts/${id(0)}`;

workbenchTest(
  'alerts of one process stand in one row, which unfolds in place by key and by button',
  { alerts: 14, isFolded: true },
  async ({ page }) => {
    await page.getByRole('heading', { name: '14 alerts to decide' }).waitFor();
    const rows = page.getByRole('table', { name: 'Alerts' }).locator('[data-index]');
    await expectCount(rows, 5);
    const first = page.getByRole('button', { name: /^2 more alerts of the same process/ }).first();
    await page.keyboard.press('j');
    await page.keyboard.press('u');
    await expectCount(rows, 7);
    await expect.poll(() => first.getAttribute('aria-expanded')).toBe('true');
    // What is unfolded is walked and opened like the rest, and coming back finds it as it was.
    await page.keyboard.press('j');
    await page.locator('[data-active=true][data-index="1"] :focus').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('2 of 7').waitFor();
    await page.keyboard.press('j');
    await page.getByText('3 of 7').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-active=true][data-index="2"] :focus').waitFor();
    await page.keyboard.press('u');
    await expectCount(rows, 5);
    await page.locator('[data-active=true][data-index="0"] :focus').waitFor();
    await first.click();
    await expectCount(rows, 7);
    await first.click();
    await page.keyboard.press('p');
    await expectCount(rows, 14);
    expect(new URL(page.url()).search).toBe('?fold=off');
    await page.getByRole('button', { name: 'Fold by process' }).click();
    await expectCount(rows, 5);
  },
);

workbenchTest(
  'closing an alert offers the same for the others of its process',
  { alerts: 14, isFolded: true },
  async ({ page, api }) => {
    await page.getByRole('heading', { name: '14 alerts to decide' }).waitFor();
    await page.keyboard.press('j');
    await page.locator('[data-active=true] :focus').waitFor();
    await page.keyboard.press('Enter');
    const decide = page.getByRole('region', { name: 'Decide' });
    const others = page.getByRole('region', { name: 'Same process: 2 more' });
    await expectCount(others.getByRole('listitem'), 2);
    await page.keyboard.press('f');
    await decide.getByRole('button', { name: 'Close 2 others of the process too: false positive' }).waitFor();
    api.mode = 'failing';
    await page.keyboard.press('w');
    await decide.getByText(/^Not saved: The store is busy/).waitFor();
    api.mode = 'answering';
    await page.keyboard.press('w');
    await expectCount(others.getByText('closed: false positive'), 2);
    await decide.getByRole('button', { name: /others of the process/ }).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: '11 alerts to decide' }).waitFor();
  },
);

workbenchTest(
  'the tree shows what stood around the process, what is concluded, and folds what is long',
  { alerts: 14, path: FIRST },
  async ({ page }) => {
    const tree = page.getByRole('region', { name: 'Process tree' });
    await expectCount(tree.getByRole('listitem'), 10);
    await expect.poll(() => tree.locator('mark').allTextContents()).toEqual(['python', 'http.server']);
    await expect.poll(() => tree.getByText('≈', { exact: true }).count()).toBe(3);
    await tree.getByText('≈ concluded from process numbers and times').waitFor();
    await tree.getByRole('button', { name: '6 more' }).click();
    await expectCount(tree.getByRole('listitem'), 15);
    await tree.getByText(/^There were too many to ask for: 3 more/).waitFor();
    await tree.getByText('· 2 min before').waitFor();
    const alerts = tree.getByRole('link', { name: '1 alert' });
    await expect.poll(() => alerts.getAttribute('href')).toContain('q=tar+czf');
    await tree.getByRole('link', { name: 'tar czf exports/db.tgz /var/lib/app' }).click();
    await page.getByRole('region', { name: 'The event in ECS' }).getByText('"@timestamp"').waitFor();
  },
);

workbenchTest(
  'what is alike elsewhere and what the guide asks are counted, and every count is a door',
  { alerts: 14, path: FIRST },
  async ({ page }) => {
    const alike = page.getByRole('region', { name: 'Seen elsewhere' });
    await alike.getByText('only here').waitFor();
    await alike.getByText('on 3 of 40 hosts').waitFor();
    await alike.getByRole('link', { name: '10,000+ events' }).click();
    await page.getByRole('heading', { name: 'More than 100 events of svc-build' }).waitFor();
    await page.goBack();
    const guide = page.getByRole('region', { name: 'Investigate' });
    await guide.getByText('the search took too long').waitFor();
    await guide.getByRole('link', { name: 'Other alerts on web-07 6 →' }).click();
    await page.getByRole('heading', { name: '6 alerts match the filter' }).waitFor();
    await page.goBack();
    await guide.getByRole('link', { name: /^What else did svc-build run/ }).click();
    await page.getByRole('heading', { name: /events in this time that match the query$/ }).waitFor();
    await expect
      .poll(() => page.getByLabel('EQL query').textContent())
      .toBe('process where host.name == "web-07" and user.name == "svc-build"');
  },
);

workbenchTest(
  'steps, notes and decisions are signed; a step is ticked and taken back by its digit',
  { alerts: 14, path: FIRST },
  async ({ page, api }) => {
    const respond = page.getByRole('region', { name: 'Respond' });
    await respond.getByText('Stop the server, and keep its log.').waitFor();
    await page.keyboard.press('1');
    await respond.getByText('vedette, just now').waitFor();
    const decide = page.getByRole('region', { name: 'Decide' });
    await decide.getByLabel('Your name, kept in this browser').fill('ana');
    await page.keyboard.press('Enter');
    await decide.getByText('Signed as ana').waitFor();
    await page.keyboard.press('2');
    await respond.getByText('ana, just now').waitFor();
    await page.keyboard.press('1');
    await respond.getByText('vedette, just now').waitFor({ state: 'detached' });
    await respond.getByRole('checkbox', { name: /^Rotate/ }).click();
    await expectCount(respond.getByText('ana, just now'), 2);

    await page.keyboard.press('n');
    await page.keyboard.type('The folder held **backups**.');
    api.mode = 'failing';
    await page.keyboard.press('Control+Enter');
    const notes = page.getByRole('region', { name: 'Notes' });
    await notes.getByText(/^Not saved: .* The text is still here/).waitFor();
    api.mode = 'answering';
    await page.keyboard.press('Control+Enter');
    await notes.locator('strong', { hasText: 'backups' }).waitFor();
    await notes.getByText('ana', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await decide.getByText('Acknowledged by ana').waitFor();
    await page.getByRole('region', { name: 'History' }).getByText('by ana').waitFor();
    await page.reload();
    await decide.getByText('Signed as ana').waitFor();
    await expectCount(respond.getByRole('checkbox', { checked: true }), 2);
  },
);

workbenchTest('an alert is copied as a ticket', { alerts: 1, path: FIRST }, async ({ page, api }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: api.url });
  await page.getByRole('button', { name: 'Copy as ticket' }).waitFor();
  await page.keyboard.press('y');
  await page.getByRole('button', { name: 'Copied as ticket' }).waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^# svc-build started a web server/);
});

workbenchTest('alerts of one host and time are an incident', { alerts: 14, path: FIRST }, async ({ page }) => {
  await page.getByRole('region', { name: 'Incident' }).getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: /^2 rules alerted on web-07/ }).waitFor();
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await expectCount(timeline.getByRole('listitem'), 6);
  await timeline.getByText('1 h 37 min later').first().waitFor();
  await page.getByRole('link', { name: 'Web Server Spawned via Python 3 →' }).click();
  await page.getByRole('heading', { name: '3 alerts match the filter' }).waitFor();
  await page.getByRole('button', { name: 'Remove one incident' }).waitFor();

  await page.getByRole('link', { name: 'Incidents', exact: true }).click();
  await page.getByRole('heading', { name: '4 incidents to decide' }).waitFor();
  // The one that was read is where the walk goes on.
  await page.locator('[data-active=true][data-index="0"] :focus').waitFor();
  await page.keyboard.press('j');
  await page.locator('[data-active=true][data-index="1"] :focus').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('2 of 4').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('[data-active=true][data-index="1"] :focus').waitFor();
  await page.getByRole('link', { name: '6 alerts of this incident' }).click();
  await page.getByRole('heading', { name: '6 alerts match the filter' }).waitFor();
  await page.goto(`${new URL(page.url()).origin}/incidents?status=closed`);
  await page.getByRole('heading', { name: 'No incident is closed' }).waitFor();
});
