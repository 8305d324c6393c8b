import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manyAlerts, newAlert } from './alert.fixture.ts';
import type { AlertQuery } from './alert-query.ts';
import { testExceptionStore } from './exception-store.conformance.ts';
import { migrate } from './migrations.ts';
import { testRuleStore } from './rule-store.conformance.ts';
import { testRunStore } from './run-store.conformance.ts';
import { sqliteStateStore } from './sqlite-state-store.ts';
import { testStateStore } from './state-store.conformance.ts';
import { testSuppression } from './suppression.conformance.ts';
import { testTriageStore } from './triage-store.conformance.ts';

function inMemory(): DatabaseSync {
  const database = new DatabaseSync(':memory:', { timeout: 0 });
  migrate(database);
  return database;
}

testStateStore('SQLite in memory', () => sqliteStateStore(inMemory(), ':memory:'));
testTriageStore('SQLite in memory', () => sqliteStateStore(inMemory(), ':memory:'));
testExceptionStore('SQLite in memory', () => sqliteStateStore(inMemory(), ':memory:'));
testRunStore('SQLite in memory', () => sqliteStateStore(inMemory(), ':memory:'));
testRuleStore('SQLite in memory', () => sqliteStateStore(inMemory(), ':memory:'));
testSuppression('SQLite in memory', () => sqliteStateStore(inMemory(), ':memory:'));

describe('the SQLite store', () => {
  it('says that the disk is full, keeps what it had, and goes on when there is space', () => {
    const database = inMemory();
    const store = sqliteStateStore(database, 'state.sqlite');
    store.commit({ alerts: [newAlert('a')], positions: [], runs: [] });
    const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
    database.exec(`PRAGMA max_page_count = ${pages + 1}`);
    const large = { alerts: [...manyAlerts(200)], positions: [{ source: 's', position: '9' }], runs: [] };
    expect(() => store.commit(large)).toThrow(expect.objectContaining({ code: 'store-full' }));
    expect(store.alerts({}).total).toBe(1);
    expect(store.position('s')).toBeUndefined();
    database.exec('PRAGMA max_page_count = 1000000');
    store.commit(large);
    expect(store.alerts({}).total).toBe(201);
    store.close();
  });

  describe('with more alerts than are put aside', () => {
    const store = sqliteStateStore(inMemory(), ':memory:');
    const ids = (query: AlertQuery): string[] => store.alerts({ limit: 500, ...query }).alerts.map((alert) => alert.id);
    beforeAll(() => store.commit({ alerts: [...manyAlerts(8_000)], positions: [], runs: [] }));
    afterAll(() => store.close());

    it('searches alike whether few or many are found', () => {
      expect(store.alerts({ q: 'python http.server' }).total).toBe(8_000);
      expect(ids({ q: 'python http.server' })).toEqual(ids({}));
      expect(store.histogram({ q: 'python' }, 50)).toEqual(store.histogram({}, 50));
      const rare = store.alerts({ q: 'host-017 python', sort: 'severity' });
      expect(rare).toEqual({ ...store.alerts({ host: 'host-017', sort: 'severity' }) });
    });

    it('folds alike whether few or many groups are found', () => {
      const fold = 'process';
      const broad = store.alerts({ fold });
      expect(broad.total).toBe(6_000);
      for (const sort of ['-time', 'severity', '-host'] as const) {
        expect(ids({ fold, sort })).toEqual(ids({ fold, sort, q: 'python' }));
      }
      expect(store.alerts({ fold, q: 'python' })).toEqual(broad);
      const { next: cursor = '' } = broad;
      expect(ids({ fold, cursor })).toEqual(ids({ fold, cursor, q: 'python' }));
    });
  });

  it('takes a query that was not checked for a bug', () => {
    const store = sqliteStateStore(inMemory(), ':memory:');
    expect(() => store.alerts({ status: 'resolved' })).toThrow(TypeError);
    store.close();
  });
});
