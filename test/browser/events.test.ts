import { expect } from 'vitest';
import { tryNow, workbenchTest } from './workbench.ts';

workbenchTest(
  'stored events are asked for by query, host and time, and walked by keys',
  { alerts: 0, path: '/events' },
  async ({ page }) => {
    await page.getByRole('heading', { name: 'More than 100 events stored' }).waitFor();
    await page.getByText(/^260 events kept, back to/).waitFor();
    await page.locator('.cm-editor').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('network were true');
    await page.keyboard.press('Enter');
    const query = page.getByLabel('EQL query');
    await page.getByRole('alert').getByText('Expected “where”, but there is “were”.').waitFor();
    await expect.poll(() => page.getByRole('alert').locator('mark').textContent()).toBe('were');
    await query.fill('network where true');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '65 events that match the query' }).waitFor();
    await query.fill('');
    await page.keyboard.press('Enter');
    await page.getByLabel('Host').fill('dev-3');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '65 events on dev-3' }).waitFor();
    await page.getByRole('button', { name: '1 h', exact: true }).click();
    // Every 40 seconds that the test takes, one event fewer lies in the last hour.
    await page.getByRole('heading', { name: /^(1\d|2[0-2]) events on dev-3 in this time$/ }).waitFor();
    expect([...new URL(page.url()).searchParams.keys()].toSorted()).toEqual(['from', 'host']);
    await page.getByRole('button', { name: 'Remove host dev-3' }).click();
    await page.getByRole('heading', { name: /^[78]\d events in this time$/ }).waitFor();
    // Until then keys are held.
    await page.locator('[aria-hidden=true][data-on=false]').waitFor({ state: 'attached' });
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'svc-build connected to 10.4.0.19:443 on web-07' }).waitFor();
    await page.getByRole('link', { name: 'All events of this process' }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('heading', { level: 1, name: 'runner ran bash on ci-11' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-active=true][data-index="2"] :focus').waitFor();
  },
);

workbenchTest('a search that was stopped says how far it came, and goes on', { alerts: 0 }, async ({ page, api }) => {
  await page.goto(`${api.url}/events?query=any+where+wait`);
  await page.getByRole('heading', { name: 'More than 3 events that match the query' }).waitFor();
  await page.getByText(/^The search took long and was stopped/).waitFor();
  await page.keyboard.press('m');
  await page.getByRole('heading', { name: 'More than 103 events' }).waitFor();
  await page.getByText(/^The search took long/).waitFor({ state: 'detached' });
});

workbenchTest(
  'no events, none that match, none of the name, and a service in trouble',
  { alerts: 1 },
  async ({ page, api }) => {
    await page.goto(`${api.url}/events?host=nowhere`);
    await page.getByRole('heading', { name: 'No stored event matches' }).waitFor();
    await page.goto(`${api.url}/events/none`);
    await page.getByRole('alert').getByText('There is no such event.').waitFor();
    api.removeEvents();
    await page.goto(`${api.url}/events`);
    await page.getByRole('heading', { name: 'No event is stored yet' }).waitFor();
    await page.goto(`${api.url}/alerts/${'a'.repeat(39)}0`);
    const tree = page.getByRole('region', { name: 'Process tree' });
    await tree.getByText('No events are stored, so its siblings and children are not known.').waitFor();
    await expect.poll(() => tree.getByRole('listitem').count()).toBe(4);
    api.mode = 'failing';
    await page.goto(`${api.url}/events`);
    await page.getByRole('alert').getByText('The events could not be loaded').waitFor();
    await tryNow(page, () => api.reset(1));
    await page.getByRole('heading', { name: 'More than 100 events stored' }).waitFor();
  },
);
