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
    await explainEvents(rule as NonNullable<typeof rule>, [events], ({ reads, trace }) => {
      seen.push([reads, trace.result]);
      return true;
    });
    expect(seen[0]).toEqual([true, true]);
    expect(seen[1]).toEqual([true, false]);
    expect(seen[10]).toEqual([false, true]);
  });
});
