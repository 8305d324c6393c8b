import { expect } from 'vitest';
import { workbenchTest } from './workbench.ts';

const FIRST = `/alerts/${'a'.repeat(39)}0`;

workbenchTest(
  'an alert opens from the list and tells what ran, why, and from where',
  { alerts: 14 },
  async ({ page }) => {
    await page
      .getByRole('link', { name: /^svc-build started a web server on web-07/ })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: /^svc-build started a web server on web-07/ }).waitFor();
    const section = (name: string) => page.getByRole('region', { name });
    await expect.poll(() => section('What ran').locator('mark').allTextContents()).toEqual(['python', 'http.server']);
    await expect
      .poll(() => section('Why it fired').getByRole('listitem').allTextContents())
      .toContain('✓process.args in ("http.server")http.server');
    await expect.poll(() => section('Why it fired').getByText('not needed').count()).toBe(2);
    await expect
      .poll(() => section('Process tree').locator('code').allTextContents())
      .toEqual([
        '/usr/lib/systemd/systemd --system',
        'sshd: svc-build@pts/0',
        '-bash',
        'ls /srv',
        'tar czf exports/db.tgz /var/lib/app',
        'python3.11 -m http.server 8099 --directory /srv/exports',
        'sh -c "cat part-0"',
        'sh -c "cat part-1"',
        'sh -c "cat part-2"',
      ]);
    await section('Facts')
      .getByText(/auditd stands in for an endpoint agent \(a setting\)/)
      .waitFor();
    const attack = page.getByRole('link', { name: 'T1059.006 Python' });
    await expect.poll(() => attack.getAttribute('href')).toBe('https://attack.mitre.org/techniques/T1059/006/');
    await expect.poll(() => attack.getAttribute('rel')).toBe('noopener noreferrer');
    await page.getByText('The event in ECS (JSON)').click();
    await page.getByText('"entity_id": "p-0"').waitFor();
  },
);

workbenchTest('texts of rules cannot do more than say something', { alerts: 1, path: FIRST }, async ({ page }) => {
  const guide = page.getByRole('tabpanel', { name: 'Investigation guide' });
  await guide.getByRole('link', { name: 'manual' }).waitFor();
  expect(await guide.locator('img, script').count()).toBe(0);
  await expect.poll(() => guide.getByRole('link').count()).toBe(1);
  await guide.getByText('not a web address').waitFor();
  await expect
    .poll(() => guide.getByRole('row').allInnerTexts())
    .toEqual(['Port\tUsual for', '8000\thttp.server without a port', '8080\tanother way']);
});

workbenchTest(
  'an alert is acknowledged, closed with a comment, and reopened, by key and by button',
  { alerts: 14 },
  async ({ page }) => {
    await page.getByRole('heading', { name: '14 alerts' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const decide = page.getByRole('region', { name: 'Decide' });
    await decide.getByRole('button', { name: 'Acknowledge' }).waitFor();
    await page.keyboard.press('a');
    await decide.getByText('Acknowledged').waitFor();
    await page.keyboard.press('c');
    await page.keyboard.type('a test by the owner');
    await page.keyboard.press('Escape');
    await decide.getByRole('button', { name: 'Close: benign' }).click();
    await decide.getByText('Closed: benign').waitFor();
    await decide.getByText('“a test by the owner”').waitFor();
    await expect.poll(() => page.getByRole('region', { name: 'History' }).getByRole('listitem').count()).toBe(2);
    // "Next" stays next until the list is shown again; then the closed one has left it, and no alert seems new.
    await page.getByText('1 of 14').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: '13 alerts to decide' }).waitFor();
    await page.getByText('Closed', { exact: true }).click();
    await page.getByText('closed: benign').waitFor();
    await page.getByRole('link', { name: /^svc-build started/ }).click();
    await page.keyboard.press('o');
    await decide.getByRole('button', { name: 'Acknowledge' }).waitFor();
    expect(await page.getByText('new alert').count()).toBe(0);
  },
);

workbenchTest(
  'a decision that is not saved says so and changes nothing',
  { alerts: 1, path: FIRST },
  async ({ page, api }) => {
    const decide = page.getByRole('region', { name: 'Decide' });
    await decide.getByRole('button', { name: 'Close: true positive' }).waitFor();
    api.mode = 'failing';
    await page.keyboard.press('t');
    await decide.getByText(/Not saved: The store is busy with a backup/).waitFor();
    api.mode = 'answering';
    await page.keyboard.press('t');
    await decide.getByText('Closed: true positive').waitFor();
  },
);

workbenchTest('every count is a door', { alerts: 14, path: FIRST }, async ({ page }) => {
  await page.getByRole('link', { name: /All alerts on web-07 6/ }).click();
  await page.getByRole('heading', { name: '6 alerts match the filter' }).waitFor();
  expect(new URL(page.url()).search).toBe('?status=all&host=web-07');
});

workbenchTest('an alert that is gone is told of', { alerts: 1, path: '/alerts/none' }, async ({ page }) => {
  await page.getByRole('alert').getByText('There is no such alert.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: '1 alert to decide' }).waitFor();
});

workbenchTest(
  'an alert says what could not be looked up in time, claims nothing of it, and asks again',
  { alerts: 14 },
  async ({ page, api }) => {
    api.slowLooks = 2;
    await page.goto(api.url + FIRST);
    const elsewhere = page.getByRole('region', { name: 'Seen elsewhere' });
    await elsewhere.getByText('Not everything could be counted: The stored events could not be asked').waitFor();
    await page
      .getByRole('region', { name: 'Process tree' })
      .getByText(/siblings and children may be missing/)
      .waitFor();
    const guide = page.getByRole('region', { name: 'Investigate' });
    await guide.getByText('Not everything could be counted in time.').waitFor();
    expect(await page.getByText(/No events are stored|names no user/).count()).toBe(0);
    await elsewhere.getByRole('button', { name: 'Ask again' }).click();
    await elsewhere.getByText('on 3 of 40 hosts').waitFor();
    // Without a click, too.
    await guide.getByText('Not everything could be counted in time.').waitFor({ state: 'detached' });
  },
);
