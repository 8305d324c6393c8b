import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { runs } from '../../test/effort.ts';
import { documentSource, Event } from '../event/event.ts';
import { compileKuery } from '../language/kuery/kuery.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { type AlertParts, newAlert } from './alert.fixture.ts';
import { ALERT_FIELDS } from './alert-fields.ts';
import { isFieldSearch } from './alert-kuery.ts';
import { isProblem, selectAlerts } from './alert-selection.ts';
import { migrate } from './migrations.ts';
import { sqliteStateStore } from './sqlite-state-store.ts';

function storeOf(alerts: Readonly<Record<string, AlertParts>>) {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const store = sqliteStateStore(database, ':memory:');
  const made = Object.entries(alerts).map(([id, parts]) => newAlert(id, parts));
  store.commit({ alerts: made, positions: [], runs: [] });
  return store;
}

describe('a search by fields', () => {
  const store = storeOf({
    a: { host: 'Web-01', user: 'ana', commandLine: 'curl http://x/[a]*b', severity: 'high', risk: 73, rule: 'r1' },
    b: { host: 'web-02', user: '', commandLine: 'tar cf /tmp/x', severity: 'low', risk: 21, ruleName: 'Archive' },
    c: { host: 'db-01', user: 'bob', commandLine: 'CURL -o y', severity: 'critical', time: '2026-03-02T00:00:00Z' },
  });
  store.setStatus('c', { status: 'closed', reason: 'duplicate', time: '2026-03-03T00:00:00Z', by: 'me' });

  test.each([
    ['host.name: web-*', 'ab'],
    ['host.name: WEB-01', 'a'],
    ['not host.name: web-*', ''],
    ['user.name: *', 'a'],
    ['not user.name: *', 'b'],
    ['process.name: (curl or tar)', 'ab'],
    ['process.command_line: "curl http://x/[a]*b"', 'a'],
    ['process.command_line: *[A]\\**', 'a'],
    ['process.command_line: *[a]\\*b', 'a'],
    ['rule.name: archive or rule.id: r1', 'ab'],
    ['severity: high', 'a'],
    ['severity >= medium', 'a'],
    ['kibana.alert.severity < high', 'b'],
    ['risk_score > 21', 'a'],
    ['status: closed', 'c'],
    ['kibana.alert.workflow_status: * and severity: critical', 'c'],
    ['kibana.alert.workflow_reason: duplicate and status: *', 'c'],
    ['@timestamp: 2026-03-01', 'ab'],
    ['@timestamp >= 2026-03-02 and status: closed', 'c'],
    ['host.name: * and tmp', 'b'],
    ['host.name: * and "tmp/x"', 'b'],
    ['host.name: * and (cf or [a])', 'ab'],
    ['web 01', 'a'],
    ['http://x', 'a'],
    ['and', ''],
  ])('%s', (q, found) => {
    const { alerts } = store.alerts({ q, sort: 'time' });
    expect(
      alerts
        .map(({ id }) => id)
        .sort()
        .join(''),
    ).toBe(found);
    expect(store.alerts({ q, fold: 'process' }).total).toBe(found.length);
    expect(store.histogram({ q }, 4).counts.reduce((sum, count) => sum + count, 0)).toBe(found.length);
  });

  test.each([
    ['host.nam: x', '`q`, line 1, column 1: A search of alerts has no field host.nam.', 'did you mean host.name?'],
    ['host.name: (x', '`q`, line 1, column 12: The ( is not closed.', 'close it with )'],
    ['severity: hgih', '`q`, line 1, column 11: There is no “hgih”.', /^there are informational, low/],
    ['risk_score > much', '`q`, line 1, column 14: “much” is no number.', 'write a number'],
    ['@timestamp > soon', '`q`, line 1, column 14: “soon” is no time.', /^write "2024/],
    ['host.name >= a*', /column 14: A range takes a value without wildcards/, /./],
    ['*.name: x and status: open', /column 1: A search of alerts has no field \*\.name/, /./],
    ['files.all: { a: x }', /column 1: An alert has no field that holds objects/, /./],
    [`host.name: ${'a*'.repeat(11)}`, /has at most 10 wildcards/, /./],
    [`host.name: (${'a or '.repeat(100)}b)`, /compares at most 100 values/, /./],
  ])('%s is refused in its place', (q, message, hint) => {
    const answer = selectAlerts({ q });
    if (!isProblem(answer)) throw new Error('taken');
    expect(answer.parameter).toBe('q');
    if (typeof message === 'string') expect(answer.message).toBe(message);
    else expect(answer.message).toMatch(message);
    if (typeof hint === 'string') expect(answer.hint).toBe(hint);
    else expect(answer.hint).toMatch(hint);
  });
});

test.each<[string, boolean]>([
  ['host.name: x', true],
  ['status:open', true],
  ['not risk_score > 5', true],
  ['hots.name: x', true],
  ['python3 -m http.server', false],
  ['http://example.com/a', false],
  ['C:\\Windows\\x.exe', false],
  ['app.py:8000', false],
  ['"host.name: x"', false],
  ['a:b', false],
])('%s: compares a field: %j', (text, does) => expect(isFieldSearch(text)).toBe(does));

it('answers what the language means', () => {
  const word = fc.constantFrom('a', 'b', 'ab', 'a b', '');
  const value = fc.constantFrom('a', '"a b"', 'a*', '*b', '*', 'b*a', '"*"', '[a]');
  const field = fc.constantFrom('host.name', 'user.name', 'process.command_line', 'reason');
  const { query } = fc.letrec<{ query: string }>((tie) => ({
    query: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(field, value).map((parts) => parts.join(': ')),
      fc.tuple(field, fc.constantFrom('<', '>='), fc.constantFrom('a', 'b')).map((parts) => parts.join(' ')),
      tie('query').map((inner) => `not (${inner})`),
      fc.tuple(tie('query'), fc.constantFrom(' and ', ' or '), tie('query')).map((parts) => `(${parts.join('')})`),
    ),
  }));
  const alert = fc.record({ host: word, user: word, commandLine: fc.constantFrom('a', 'b a', 'ab'), reason: word });
  fc.assert(
    fc.property(query, fc.array(alert, { minLength: 1, maxLength: 4 }), (q, alerts) => {
      const store = storeOf(Object.fromEntries(alerts.map((parts, at) => [String(at), parts])));
      const found = store.alerts({ q }).alerts.map(({ id }) => id);
      const fieldType = (name: string) => (ALERT_FIELDS.has(name) ? 'keyword' : undefined);
      const { plan } = compileKuery(q, { fieldType });
      const expected = alerts.flatMap(({ host, user, commandLine, reason }, at) => {
        const document = Object.entries({
          'host.name': host,
          'user.name': user,
          'process.command_line': commandLine,
          reason,
        });
        // Where an alert has nothing, its column is empty.
        const source = documentSource(Object.fromEntries(document.filter(([, text]) => text !== '')));
        const time = { ms: 0, ticks: 0 };
        const event = new Event({ time, source, raw: new Uint8Array(), format: 'test', dataStreams: [] });
        return plan !== undefined && evaluate(plan.predicate, event) ? [String(at)] : [];
      });
      expect(found.sort()).toEqual(expected.sort());
    }),
    { numRuns: runs(40) },
  );
});
