import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../test/any-text.ts';
import { manyAlerts } from './alert.fixture.ts';
import { ALERT_SORTS, cursorAfter, orderOf } from './alert-order.ts';
import type { AlertQuery } from './alert-query.ts';
import { isProblem, selectAlerts } from './alert-selection.ts';
import { migrate } from './migrations.ts';
import { sqliteStateStore } from './sqlite-state-store.ts';

describe('selectAlerts', () => {
  it.each<[AlertQuery, string]>([
    [{ status: 'open,resolved' }, 'status'],
    [{ status: '' }, 'status'],
    [{ severity: 'hgih' }, 'severity'],
    [{ from: 'yesterday' }, 'from'],
    [{ to: '2026-13-01' }, 'to'],
    [{ from: '2026-02-01', to: '2026-02-01' }, 'from'],
    [{ q: Array.from({ length: 17 }, (_, n) => `w${n}`).join(' ') }, 'q'],
    [{ sort: 'name' as 'time' }, 'sort'],
    [{ limit: 0 }, 'limit'],
    [{ limit: 501 }, 'limit'],
    [{ limit: 1.5 }, 'limit'],
    [{ cursor: '' }, 'cursor'],
    [{ cursor: 'bm90IGEgY3Vyc29y' }, 'cursor'],
    [{ cursor: cursorAfter(orderOf('host'), { value: 'a', time: 1, seq: 1 }) }, 'cursor'],
    [{ cursor: cursorAfter(orderOf('-time'), { value: 'a', time: 1, seq: 1 }) }, 'cursor'],
    [{ cursor: cursorAfter(orderOf('-time'), { value: 1, time: 1, seq: 1.5 }) }, 'cursor'],
  ])('%j names what is wrong with %s', (query, parameter) => {
    expect(selectAlerts(query)).toEqual({ parameter, message: expect.any(String), hint: expect.any(String) });
  });

  it('never lets a text through that the store cannot answer', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database);
    const store = sqliteStateStore(database, ':memory:');
    store.commit({ alerts: [...manyAlerts(50)], positions: [], runs: [] });
    const text = fc.oneof(
      anyText(),
      fc.constantFrom('"', "'", '*', '%', 'AND', 'NEAR(', 'a"b', '-py', 'search:', '^x', '\0'),
    );
    const time = fc.oneof(
      text,
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
    const parts = {
      status: fc.oneof(text, fc.constantFrom('open', 'closed,open', 'open,')),
      severity: fc.oneof(text, fc.constantFrom('low', 'high,critical')),
      ...{ q: text, rule: text, host: text, user: text, from: time, to: time },
      sort: fc.constantFrom(...ALERT_SORTS),
      limit: fc.integer({ min: -1, max: 600 }),
      cursor: fc.oneof(
        text,
        fc.json().map((json) => Buffer.from(json).toString('base64url')),
        fc
          .tuple(
            fc.constantFrom(...ALERT_SORTS),
            fc.oneof(text, fc.integer()),
            fc.maxSafeInteger(),
            fc.maxSafeInteger(),
          )
          .map(([sort, value, time, seq]) => cursorAfter(orderOf(sort), { value, time, seq })),
      ),
    };
    fc.assert(
      fc.property(fc.record(parts, { requiredKeys: [] }), fc.integer({ min: 1, max: 500 }), (query, buckets) => {
        if (isProblem(selectAlerts(query))) return;
        const page = store.alerts(query);
        expect(page.alerts.length).toBeLessThanOrEqual(page.total);
        const bars = store.histogram(query, buckets).counts;
        expect(bars.length).toBeLessThanOrEqual(Math.max(2, buckets));
        expect(bars.reduce((sum, n) => sum + n, 0)).toBe(page.total);
      }),
      { numRuns: 500 },
    );
    store.close();
  });
});
