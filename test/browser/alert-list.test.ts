import { expect } from 'vitest';
import { tryNow, workbenchTest } from './workbench.ts';

workbenchTest(
  'the list says how many there are to decide, and every severity is a door',
  { alerts: 14 },
  async ({ page }) => {
    await page.getByRole('heading', { name: '14 alerts to decide' }).waitFor();
    await page.getByRole('button', { name: '3 high' }).click();
    await page.getByRole('heading', { name: '3 alerts to decide match the filter' }).waitFor();
    expect(new URL(page.url()).search).toBe('?severity=high');
    await expect.poll(() => page.getByRole('cell', { name: 'High', exact: true }).count()).toBe(3);
    // The other doors keep their numbers.
    await page.getByRole('button', { name: '2 critical' }).click();
    await page.getByRole('heading', { name: '5 alerts to decide match the filter' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: '5 alerts to decide match the filter' }).waitFor();
  },
);

workbenchTest(
  'words filter, and so does the state; an address shows what its sender saw',
  { alerts: 14 },
  async ({ page }) => {
    await page.getByRole('heading', { name: '14 alerts' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('curl web-07');
    await page.getByRole('heading', { name: '3 alerts to decide match' }).waitFor();
    expect(new URL(page.url()).search).toBe('?q=curl+web-07');
    await page.getByLabel('Filter by words').fill('no such word');
    await page.getByRole('heading', { name: 'No alert matches this filter' }).waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await page.getByRole('heading', { name: '14 alerts to decide' }).waitFor();
    await page.getByText('Closed', { exact: true }).click();
    await page.getByRole('heading', { name: 'Nothing closed yet' }).waitFor();
  },
);

workbenchTest(
  'the filter compares fields, offers their names, and says what is wrong',
  { alerts: 14 },
  async ({ page }) => {
    await page.getByRole('heading', { name: '14 alerts' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('ho');
    await page.getByRole('button', { name: 'host.name:' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.type('web-07 and sev');
    await page.getByRole('button', { name: 'severity:' }).click();
    await page.keyboard.type('hihg');
    const refusal = page.getByRole('alert').filter({ hasText: 'There is no “hihg”.' });
    await refusal.waitFor();
    await expect.poll(() => refusal.locator('mark').textContent()).toBe('hihg');
    await page.getByLabel('Filter by words').fill('host.name: web-07 and reason: *curl*');
    await page.getByRole('heading', { name: '3 alerts to decide match' }).waitFor();
    await page.getByLabel('Filter by words').fill('not host.name: web-*');
    await page.getByRole('heading', { name: /alerts? to decide match|No alert/ }).waitFor();
  },
);

workbenchTest('columns sort both ways', { alerts: 14 }, async ({ page }) => {
  const first = page.getByRole('row').nth(1);
  await page.getByRole('button', { name: 'Severity', exact: true }).click();
  await first.getByText('Critical').waitFor();
  await page.getByRole('button', { name: 'Severity', exact: true }).click();
  await first.getByText('Info').waitFor();
  await expect
    .poll(() => page.getByRole('columnheader', { name: 'Severity' }).getAttribute('aria-sort'))
    .toBe('ascending');
});

workbenchTest(
  'a bar of the histogram filters by its time, and so does a drag over several',
  { alerts: 60 },
  async ({ page }) => {
    const plot = page.getByRole('img', { name: /^60 alerts from/ });
    const box = (await plot.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const at = (share: number) => [box.x + box.width * share, box.y + box.height / 2] as const;
    await page.mouse.move(...at(0.5));
    await page.mouse.down();
    await page.mouse.move(...at(0.75), { steps: 4 });
    await page.mouse.up();
    await page.getByRole('heading', { name: /^1\d alerts to decide match the filter/ }).waitFor();
    expect([...new URL(page.url()).searchParams.keys()]).toEqual(['from', 'to']);
    await page.getByRole('button', { name: /^Remove from/ }).click();
    await page.getByRole('heading', { name: '60 alerts to decide' }).waitFor();
  },
);

workbenchTest('the list is walked and opened by keys, and keeps its place', { alerts: 300 }, async ({ page }) => {
  await page.getByRole('heading', { name: '300 alerts' }).waitFor();
  for (const _ of Array(40)) await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.locator('[data-active=true][data-index="38"] :focus').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('39 of 300').waitFor();
  await page.keyboard.press('j');
  await page.getByText('40 of 300').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('[data-active=true][data-index="39"] :focus').waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

workbenchTest(
  'a long list is loaded as it is scrolled, and only what is in sight exists',
  { alerts: 1000 },
  async ({ page }) => {
    await page.getByRole('heading', { name: '1,000 alerts' }).waitFor();
    // A page of alerts that comes in makes the list longer, and its end is elsewhere: on to it until there is no more.
    await expect
      .poll(
        async () => {
          await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
          return page.locator('[data-index="999"]').count();
        },
        { timeout: 120_000 },
      )
      .toBe(1);
    expect(await page.getByRole('row').count()).toBeLessThan(60);
  },
);

workbenchTest('new alerts announce themselves and wait; nothing moves', { alerts: 14 }, async ({ page, api }) => {
  const first = page.getByRole('row').nth(1);
  await first.waitFor();
  const [before, text] = [await first.boundingBox(), await first.textContent()];
  api.addAlerts(3);
  const door = page.getByRole('button', { name: '3 new alerts, show' });
  await door.waitFor();
  expect(await first.boundingBox()).toEqual(before);
  expect((await first.textContent())?.slice(0, 30)).toBe(text?.slice(0, 30));
  await door.click();
  await page.getByRole('heading', { name: '17 alerts to decide' }).waitFor();
  await door.waitFor({ state: 'detached' });
});

workbenchTest(
  'an empty list says what to do, and shows the first alert by itself',
  { alerts: 0 },
  async ({ page, api }) => {
    await page.getByRole('heading', { name: 'Nothing to decide' }).waitFor();
    await page.getByText('python3 -m http.server', { exact: true }).waitFor();
    await page.getByRole('link', { name: '/var/log/audit/audit.log' }).waitFor();
    api.addAlerts(1);
    await page.getByRole('heading', { name: '1 alert to decide' }).waitFor();
  },
);

workbenchTest('the funnel adds up, in sight', { alerts: 14 }, async ({ page }) => {
  const funnel = page.getByText(/matches = 3 excepted \+ 1 suppressed \+ 1 duplicate \+ 0 capped \+ 14 created/);
  await funnel.waitFor();
  const box = await funnel.boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(800);
});

workbenchTest(
  'a failing service is told, tried again by itself, and at once when asked',
  { alerts: 14, mode: 'failing' },
  async ({ page, api }) => {
    const alert = page.getByRole('alert');
    await alert.getByText('The alerts could not be loaded').waitFor();
    await alert.getByText('The store is busy with a backup.').waitFor();
    await alert.getByText('Nothing is lost.').waitFor();
    await tryNow(page, () => {
      api.mode = 'answering';
    });
    await page.getByRole('heading', { name: '14 alerts to decide' }).waitFor();
    await alert.waitFor({ state: 'detached' });
  },
);

workbenchTest('the sample is marked, and removed in two steps', { alerts: 30 }, async ({ page }) => {
  await page.getByText('3 alerts come from the sample capture.').waitFor();
  await page.getByText('./vedette sample remove').waitFor();
  await page.getByRole('button', { name: 'Remove the sample' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('heading', { name: '27 alerts to decide' }).waitFor();
  await page.getByText('sample capture').waitFor({ state: 'detached' });
});
