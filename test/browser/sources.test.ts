import { expect } from 'vitest';
import { tryNow, workbenchTest } from './workbench.ts';

const AUDIT_LOG = '/var/log/audit/audit.log';
const SOURCE = `/sources/${encodeURIComponent(AUDIT_LOG)}`;

workbenchTest('sources are listed, walked and opened by keys', { alerts: 0, path: '/sources' }, async ({ page }) => {
  await page.getByRole('heading', { name: '3 sources, 61,502 events, last one just now' }).waitFor();
  const list = page.getByRole('list', { name: 'Sources' });
  await list.getByText('auditd · 2 hosts · 42 in the last minute').waitFor();
  await list.getByText('61,204 events, 3 not readable').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.locator('[data-active=true][data-index="1"] :focus').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'sample' }).waitFor();
  await page.getByText('2 of 3').waitFor();
  await page.getByText('This event is too long to be kept whole').waitFor();
  await page.keyboard.press('j');
  await page.getByText('Nothing has come yet. What comes is shown here by itself.').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('[data-active=true][data-index="2"] :focus').waitFor();
});

workbenchTest('a source says what it brings', { alerts: 0, path: SOURCE }, async ({ page }) => {
  const section = (name: string) => page.getByRole('region', { name, exact: true });
  await section('Reading').getByText('42 in the last minute, 655 in the last 15 minutes').waitFor();
  await section('Hosts').getByText('no host named').waitFor();
  await section('Kinds').getByText('7 other kinds: 204 events').waitFor();
  await section('Not readable').getByText('An audit record begins with its type.').waitFor();
  await section('Not readable').getByText('tpye=EXECVE').waitFor();

  const fields = section('Fields');
  await fields.getByText('3 fields in the 3,061 events that were looked at, of 61,204.').waitFor();
  await expect.poll(() => fields.getByRole('row').nth(3).textContent()).toBe('user.name< 1 %ana');
  await page.keyboard.press('/');
  await page.keyboard.type('http.server');
  await expect.poll(() => fields.getByRole('row').count()).toBe(2);
  await fields.getByText('of more than 16').waitFor();
  await page.keyboard.type(' nowhere');
  await fields.getByText('No field matches this filter.').waitFor();
});

workbenchTest('an event stands raw and in ECS side by side', { alerts: 0, path: SOURCE }, async ({ page }) => {
  const events = page.getByRole('region', { name: 'Last events' });
  const [raw, ecs] = ['Raw', 'ECS'].map((name) => events.getByRole('textbox', { name }));
  await raw?.getByText(':61204)').waitFor();
  await ecs?.getByText('61204').waitFor();
  await page.keyboard.press('n');
  await raw?.getByText(':61203)').waitFor();
  await ecs?.getByText('61203').waitFor();
  await page.keyboard.press('p');
  await raw?.getByText(':61204)').waitFor();
  await events
    .getByRole('button', { name: /executed/ })
    .nth(4)
    .click();
  await ecs?.getByText('61200').waitFor();
  const tops = async () => [(await raw?.boundingBox())?.y, (await ecs?.boundingBox())?.y] as [number, number];
  const [left, right] = await tops();
  expect(left).toBe(right);
  await page.setViewportSize({ width: 600, height: 800 });
  await expect.poll(async () => tops().then(([above, below]) => below > above)).toBe(true);
});

workbenchTest('no source, none of the name, and a service in trouble', { alerts: 0 }, async ({ page, api }) => {
  api.removeSources();
  await page.goto(`${api.url}/sources`);
  await page.getByRole('heading', { name: 'No source is read' }).waitFor();
  await page.getByRole('heading', { name: 'Nothing is being read' }).waitFor();
  await page.goto(api.url + SOURCE);
  await page.getByRole('alert').getByText('There is no such source.').waitFor();
  api.mode = 'failing';
  await page.goto(`${api.url}/sources`);
  await page.getByRole('alert').getByText('The store is busy with a backup.').waitFor();
  await tryNow(page, () => api.reset(0));
  await page.getByRole('heading', { name: '3 sources' }).waitFor();
  await page.getByRole('link', { name: 'System' }).click();
  await page.getByRole('link', { name: AUDIT_LOG }).click();
  await page.getByRole('heading', { level: 1, name: AUDIT_LOG }).waitFor();
});
