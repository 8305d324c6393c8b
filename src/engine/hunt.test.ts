import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { jsonAt } from '../event/field-path.ts';
import { bundledRules } from '../rule/load.ts';
import { explainEvents } from './explain-events.ts';
import { hunt } from './index.ts';

const events = fileURLToPath(
  new URL('../../test/golden/scan/elastic-defend-python-server/events.ndjson', import.meta.url),
);

describe('a hunt', () => {
  it('gives every event that a query holds for, whatever its data stream', async () => {
    const query = 'process where process.args == "http.server" and process.name like "python*"';
    const { events: found, diagnostics } = await hunt({ query, language: 'eql', over: [events] });
    expect(diagnostics).toEqual([]);
    expect(found.map((event) => jsonAt(event, 'process.pid'))).toEqual([4001, 4002, 4003, 4007, 4010, 4011]);
  });

  it('stops at its limit', async () => {
    const { events: found } = await hunt({ query: 'any where true', language: 'eql', over: [events], limit: 2 });
    expect(found).toHaveLength(2);
  });

  it('gives the columns, the few, or the number that a Kusto query asks for', async () => {
    const ask = (query: string) => hunt({ query: `imProcessCreate | ${query}`, language: 'kusto', over: [events] });
    const found = await ask('where CommandLine has "http.server" | project Id = TargetProcessId, n = strlen(Process)');
    expect(found.diagnostics).toEqual([]);
    expect(found.rows).toHaveLength(found.events.length);
    expect(found.rows[0]).toEqual({ Id: '4001', n: 19 });
    expect((await ask('where CommandLine has "http.server" | take 2')).events).toHaveLength(2);
    const counted = await ask('where CommandLine has "http.server" | count');
    expect(counted).toMatchObject({ events: [], rows: [{ Count: found.events.length }] });
    const extended = await ask('extend who = toupper(User) | take 1');
    expect(Object.keys(extended.rows[0] ?? {})).toEqual(['who']);
  });

  it('says what is wrong with the query and reads nothing', async () => {
    const { events: found, diagnostics } = await hunt({ query: 'process where', language: 'eql', over: [events] });
    expect(found).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: 'eql-syntax', severity: 'error' }]);
  });
});

describe('an explanation', () => {
  it('tells apart a condition that is false and a data stream that the rule does not read', async () => {
    const { rules } = await bundledRules();
    const rule = rules.find(({ document }) => document.language === 'eql');
    const seen: [boolean, boolean][] = [];
    await explainEvents(rule as NonNullable<typeof rule>, [events], (_event, { reads, trace }) => {
      seen.push([reads, trace.result]);
      return true;
    });
    expect(seen[0]).toEqual([true, true]);
    expect(seen[1]).toEqual([true, false]);
    expect(seen[10]).toEqual([false, true]);
  });
});
