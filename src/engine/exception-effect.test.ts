import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import type { Exception } from '../detect/exception.ts';
import { compileEql } from '../language/eql/eql.ts';
import type { Plan } from '../plan/plan.ts';
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
  const whole = await effectOn({ exception, rules: [], plans: {}, limitMs: 60_000 }, store.exceptions, undefined);
  expect(whole.alerts).toMatchObject({ count: wanted, examined: 2_000 });
  expect(whole).not.toHaveProperty('stoppedAt');
  const cut = await effectOn({ exception, rules: [], plans: {}, limitMs: 0 }, store.exceptions, undefined);
  expect(cut.alerts.examined).toBe(200);
  expect(cut.stoppedAt).toBe(Date.parse(alerts.at(-200)?.alert.original_time ?? ''));
  store.close();
});

it('asks an exception about a step of a sequence of the event in that step, as a run does', async () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const store = sqliteStateStore(database, ':memory:');
  const [given] = manyAlerts(1);
  const alert = given?.alert as NonNullable<typeof given>['alert'];
  const events = ['bash', 'nc'].map((name) => ({ event: { category: ['process'] }, process: { name } }));
  store.commit({ alerts: [{ alert: { ...alert, events } }], positions: [], runs: [] });
  const query = 'sequence with maxspan=1m ![file where true] [process where true] [process where true]';
  const plans = { [alert.rule.id]: compileEql(query).plan as Plan };
  const removed = async (step: number) => {
    const entries = [{ field: 'process.name', operator: 'is' as const, value: 'bash' }];
    const tried: Exception = { ...exception, step, condition: { kind: 'entries', entries } };
    const job = { exception: tried, rules: [], plans, limitMs: 60_000 };
    return (await effectOn(job, store.exceptions, undefined)).alerts.count;
  };
  expect([await removed(1), await removed(2), await removed(3)]).toEqual([0, 1, 0]);
  store.close();
});
