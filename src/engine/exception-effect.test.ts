import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import type { Exception } from '../detect/exception.ts';
import { manyAlerts } from '../store/alert.fixture.ts';
import { migrate } from '../store/migrations.ts';
import { sqliteStateStore } from '../store/sqlite-state-store.ts';
import { effectOn } from './exception-effect.ts';

const exception: Exception = {
  ...{ id: 'e', name: 'e', rules: 'all', enabled: false, reason: '', author: '', created: '2026-01-01', updated: '' },
  condition: { kind: 'entries', entries: [{ field: 'host.name', operator: 'is', value: 'host-017' }] },
};

it('counts every alert that would not be there, and says where its time was up', async () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const store = sqliteStateStore(database, ':memory:');
  const alerts = [...manyAlerts(2_000)];
  store.commit({ alerts, positions: [], runs: [] });
  const wanted = alerts.filter(({ alert }) => JSON.stringify(alert.events[0]?.host).includes('host-017')).length;
  const whole = await effectOn({ exception, rules: [], limitMs: 60_000 }, store.exceptions, undefined);
  expect(whole.alerts).toMatchObject({ count: wanted, examined: 2_000 });
  expect(whole).not.toHaveProperty('stoppedAt');
  const cut = await effectOn({ exception, rules: [], limitMs: 0 }, store.exceptions, undefined);
  expect(cut.alerts.examined).toBe(200);
  expect(cut.stoppedAt).toBe(Date.parse(alerts.at(-200)?.alert.original_time ?? ''));
  store.close();
});
