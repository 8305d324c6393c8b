import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { newAlert } from './alert.fixture.ts';
import { columnsOf, INSERT_COLUMNS, STATUSES } from './alert-row.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import { sqliteStateStore } from './sqlite-state-store.ts';
import { addTriage, raiseOpenHeads } from './triage-schema.ts';

it('groups the alerts that were there before groups were', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, undefined, MIGRATIONS.slice(0, MIGRATIONS.indexOf(addTriage)));
  const old = INSERT_COLUMNS.filter((name) => !['entity', 'hash', 'credit'].includes(name));
  const insert = database.prepare(`INSERT INTO alert (${old.join()}, status) VALUES (${old.map(() => '?').join()}, ?)`);
  const keep = database.prepare('INSERT INTO alert_document (seq, document) VALUES (?, ?)');
  const shell = { entity_id: 'sh', command_line: 'sh -c "nc -l"', start: '2026-03-01T12:00:00.000Z' };
  const parts = { commandLine: 'nc -l', entity: 'nc', start: '2026-03-01T12:00:00.000Z', ancestry: [shell], hash: 'h' };
  for (const [id, status, { alert }] of [
    ['a', 'open', newAlert('a', parts)],
    ['b', 'closed', newAlert('b', { entity: 'sh', commandLine: shell.command_line, start: shell.start })],
    ['c', 'open', newAlert('c', { sample: true })],
  ] as const) {
    const { lastInsertRowid } = insert.run(...columnsOf(alert).slice(0, old.length), STATUSES.indexOf(status));
    keep.run(lastInsertRowid, JSON.stringify(alert));
    expect(alert.id).toBe(id);
  }
  migrate(database);
  const store = sqliteStateStore(database, ':memory:');
  expect(store.triage.members('a')?.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(store.triage.alertsLike('hash', 'h', 10)).toBe(1);
  expect(store.triage.incidents({ status: 'all' }).incidents).toMatchObject([
    { alerts: 1, open: 1, sample: true },
    { alerts: 2, open: 1 },
  ]);
  store.setStatus('a', { status: 'closed', reason: 'duplicate', time: '2026-03-02T00:00:00.000Z' });
  expect(store.triage.incidents({ status: 'closed' }).total).toBe(1);
  store.close();
});

it('has an alert that is still open stand for its group in folders that were made before', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, undefined, MIGRATIONS.slice(0, MIGRATIONS.indexOf(raiseOpenHeads)));
  const store = sqliteStateStore(database, ':memory:');
  const alerts = [newAlert('a', { entity: 'p', severity: 'high' }), newAlert('b', { entity: 'p' }), newAlert('c')];
  store.commit({ alerts, positions: [], runs: [] });
  database.exec(`UPDATE alert SET status = ${STATUSES.indexOf('closed')} WHERE id IN ('a', 'c')`);
  const heads = () => store.alerts({ fold: 'process' }).alerts.map(({ id }) => id);
  expect(heads()).toEqual(['a']);
  migrate(database);
  expect(heads()).toEqual(['b']);
  store.close();
});
