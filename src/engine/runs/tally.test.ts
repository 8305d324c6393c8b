/** Rules that alert on what events are together: what they find over files, over stored events, and on schedule. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { runs } from '../../../test/effort.ts';
import type { Exception, ValueList } from '../../detect/exception.ts';
import { compileExceptions } from '../../detect/exceptions/exception-set.ts';
import { scan } from '../index.ts';
import { IndicatorBook, readIndicators } from './indicator-book.ts';
import { listedIndicators } from './listed-indicators.ts';
import {
  CARDINALITY,
  eventOf,
  found,
  ids,
  indicators,
  MINUTE,
  newTerms,
  overFiles,
  overRange,
  put,
  rule,
  Schedule,
  START,
  short,
  stored,
  type Told,
  threshold,
  told,
} from './tally.fixture.ts';

const LIST: ValueList = {
  id: 'x',
  name: 'x',
  type: 'ip',
  size: 2,
  created: '2026-01-01T00:00:00Z',
  updated: '2026-01-01T00:00:00Z',
};

const folder = mkdtempSync(join(tmpdir(), 'vedette-tally-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a number of events', () => {
  it.each([
    ['of the same value', '"user.name"', 3, '1 ana; 2 ana; 3 ben; 4 ana', ['3 ana']],
    ['in one interval and its look-back', '"user.name"', 3, '1 ana; 2 ana; 20 ana', []],
    ['over the edge of an interval', '"user.name"', 3, '3 ana; 4 ana; 6 ana', ['3 ana']],
    ['of two fields', '"user.name", "source.ip"', 2, '1 ana 1.1.1.1; 2 ana 1.1.1.2; 3 ana 1.1.1.1', ['2 ana+1.1.1.1']],
    ['each member of an array for itself', '"user.name"', 2, '1 ana,ben; 2 ben', ['2 ben']],
    ['not those without a value', '"user.name"', 1, '1 -; 2 ana', ['1 ana']],
    ['all together', '', 3, '1 ana; 2 -; 3 ben', ['3']],
    ['of the same time', '"user.name"', 2, '1 ana; 1 ana', ['2 ana']],
    ['once, although windows overlap', '"user.name"', 2, '3 ana; 4 ana; 6 ana', ['2 ana']],
    ['again, when there are enough others', '"user.name"', 2, '3 ana; 4 ana; 6 ana; 7 ana', ['2 ana', '2 ana']],
  ])('%s', (_, fields, value, text, expected) => {
    expect(found(threshold(fields, value), text)).toEqual(expected);
  });

  it('of enough different values', () => {
    const one = threshold('"user.name"', 2, CARDINALITY);
    expect(found(one, '1 ana 1.1.1.1; 2 ana 1.1.1.1; 3 ben 1.1.1.1; 4 ben 1.1.1.2')).toEqual(['2 ben']);
  });

  it('makes an alert that says what was counted', () => {
    const one = threshold('"user.name"', 2, CARDINALITY);
    const [{ alert } = {}] = overFiles(one, told('1 ana 1.1.1.1; 2 ana 1.1.1.2')).alerts;
    expect(alert).toMatchObject({
      threshold_result: {
        terms: [{ field: 'user.name', value: 'ana' }],
        count: 2,
        cardinality: { field: 'source.ip', value: 2 },
        from: '2026-03-01T00:01:00.000Z',
      },
      measured: 2,
      join_keys: ['ana'],
      shared: { user: { name: 'ana' } },
      original_time: '2026-03-01T00:02:00.000Z',
    });
    expect(alert?.reason).toMatch(/^2 events and 2 different source\.ip of user\.name ana: /);
    expect(alert?.events).toHaveLength(2);
  });

  it('without those that an exception takes out, which are counted', async () => {
    const exception: Exception = {
      id: 'x',
      name: 'x',
      rules: 'all',
      enabled: true,
      reason: 'A test.',
      author: 'ana',
      created: '2026-01-01T00:00:00Z',
      updated: '2026-01-01T00:00:00Z',
      condition: { kind: 'query', language: 'kuery', query: 'source.ip: "1.1.1.1"' },
    };
    const set = await compileExceptions([exception], { lists: new Map() });
    expect(set.refused).toEqual([]);
    const decided = overFiles(threshold('"user.name"', 2), told('1 ana 1.1.1.1; 2 ana 1.1.1.2'), { set });
    expect(decided.alerts).toEqual([]);
    expect(decided.runs).toMatchObject([{ funnel: { matched: 1, excepted: 1, created: 0 } }]);
    expect(decided.runs[0]?.byException).toEqual(new Map([['x', 1]]));
  });
});

describe('new values', () => {
  it.each([
    ['the first time', '"user.name"', '1 ana; 2 ana; 3 ben', ['ana', 'ben']],
    ['again, when the history is over', '"user.name"', '1 ana; 50 ana; 130 ana', ['ana', 'ana']],
    [
      'of combinations',
      '"user.name", "source.ip"',
      '1 ana 1.1.1.1; 2 ana 1.1.1.2; 3 ana 1.1.1.1',
      ['ana+1.1.1.1', 'ana+1.1.1.2'],
    ],
    ['several in one event', '"user.name"', '1 ana; 2 ana,ben,eva', ['ana', 'ben | eva']],
    ['not where there is none', '"user.name", "source.ip"', '1 ana; 2 - 1.1.1.1', []],
  ])('%s', (_, fields, text, expected) => {
    expect(found(newTerms(fields), text)).toEqual(expected);
  });

  it('compared with stored events from before the range', async () => {
    const store = await stored(told('1 ana; 40 ana; 41 ben'));
    expect((await overRange(newTerms('"user.name"'), store, 30, 60)).map(short)).toEqual(['ben']);
    await store.close();
  });

  it('on schedule, with what came late and no second alert where windows overlap', async () => {
    const store = await stored(told('1 ana; 12 ana; 14 ben'));
    const runs = new Schedule(newTerms('"user.name"'), store);
    await runs.run(10);
    expect(runs.alerts.map(short)).toEqual(['ben']);
    // Earlier than what alerted, and one that is new in the part which windows share.
    await put(store, told('13 ben; 13.5 eva; 3 kim; 16 kim'), 10);
    await runs.run(15);
    expect(runs.alerts.map(short)).toEqual(['ben', 'eva']);
    await store.close();
  });
});

describe('indicators', () => {
  it('alert on events that have their values, and are told in the alert', async () => {
    const ti = { '@timestamp': '2026-01-01T00:00:00Z', threat: { indicator: { ip: '1.1.1.1', provider: 'us' } } };
    writeFileSync(join(folder, 'logs-ti_ours.ndjson'), `${JSON.stringify(ti)}\nnot json\n`);
    writeFileSync(join(folder, 'other.csv'), 'threat.indicator.ip,threat.indicator.name\n1.1.1.2,"a ""b"", c"\n');
    const book = await readIndicators(folder);
    expect(book.problems).toMatchObject([{ line: 2, message: 'The line is not a JSON object.' }]);
    const entry = '{field = "source.ip", type = "mapping", value = "threat.indicator.ip"}';
    const given = told('1 ana 1.1.1.1; 2 ben 1.1.1.2; 3 eva');
    const [{ alert } = {}, ...others] = overFiles(indicators(entry), given, { book }).alerts;
    expect(others).toEqual([]);
    expect(alert?.reason).toMatch(/^Known as bad: 1\.1\.1\.1: /);
    expect(alert?.events[0]?.threat).toEqual({
      enrichments: [
        {
          indicator: { ip: '1.1.1.1', provider: 'us' },
          matched: {
            atomic: '1.1.1.1',
            field: 'source.ip',
            id: 'logs-ti_ours.ndjson:1',
            index: 'logs-ti_ours',
            type: 'indicator_match_rule',
          },
        },
      ],
    });
    const elsewhere = rule(
      'threat_match',
      `threat_index = ["nowhere-*"]\nthreat_query = "*:*"\nthreat_mapping = [{entries = [${entry}]}]`,
    );
    expect(overFiles(elsewhere, given, { book }).alerts).toHaveLength(2);
    const asked = rule(
      'threat_match',
      `threat_index = ["nowhere-*"]\nthreat_query = "threat.indicator.name: *b*"\nthreat_mapping = [{entries = [${entry}]}]`,
    );
    expect(overFiles(asked, given, { book }).alerts.map(({ alert: one }) => short(one))).toEqual(['ben']);
  });

  it('are taken by a scan, which tells what it could not read', async () => {
    const own = mkdtempSync(join(folder, 'scan-'));
    const entry = '{field = "source.ip", type = "mapping", value = "threat.indicator.ip"}';
    const more = `threat_query = "*:*"\nthreat_mapping = [{entries = [${entry}]}]`;
    const [rules, logs, bad] = [join(own, 'rule.toml'), join(own, 'events.ndjson'), join(own, 'bad')];
    writeFileSync(rules, rule('threat_match', more).document.source.text);
    writeFileSync(logs, JSON.stringify(eventOf({ at: 1, ip: '1.1.1.1' }, 1).document()));
    mkdirSync(bad);
    writeFileSync(join(bad, 'a.ndjson'), '{"threat": {"indicator": {"ip": "1.1.1.1"}}}\n[]\n');
    const run = scan({ rules: [rules], logs: [logs], indicators: bad });
    expect((await run.alerts()).map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^Known as bad: 1\.1\.1\.1/),
    ]);
    expect((await run.summary).problems).toMatchObject([{ code: 'ingest-indicators', severity: 'warning' }]);
  });

  it('may stand in value lists that the rule names', async () => {
    const entry = '{field = "source.ip", type = "mapping", value = "threat.indicator.ip"}';
    const more = `threat_mapping = [{entries = [${entry}]}]`;
    const one = rule('threat_match', `threat_index = ["bad-addresses"]\n${more}`);
    const lists: readonly ValueList[] = ['bad-addresses', 'others'].map((id) => ({ ...LIST, id, name: id }));
    const store = {
      lists: () => lists,
      values: (id: string, limit: number, after = '') =>
        (id === 'others' ? ['1.1.1.3'] : ['1.1.1.1', '1.1.1.2']).filter((value) => value > after).slice(0, limit),
    };
    const book = new IndicatorBook().withLists(listedIndicators([one], store, START));
    const given = told('1 ana 1.1.1.1; 2 ben 1.1.1.3; 3 eva 1.1.1.2');
    const [first, ...others] = overFiles(one, given, { book }).alerts.map(({ alert }) => alert);
    expect(others.map(short)).toEqual(['eva']);
    expect(first?.events[0]?.threat).toMatchObject({
      enrichments: [{ indicator: { name: '1.1.1.1' }, matched: { atomic: '1.1.1.1', index: 'bad-addresses' } }],
    });
    expect(overFiles(rule('threat_match', more), given, { book }).alerts).toEqual([]);
  });

  it('must fit all entries of a mapping', async () => {
    const own = mkdtempSync(join(folder, 'own-'));
    writeFileSync(join(own, 'a.csv'), 'threat.indicator.ip,threat.indicator.name\n1.1.1.1,ana\n1.1.1.1,\n');
    const book = await readIndicators(own);
    const ip = '{field = "source.ip", type = "mapping", value = "threat.indicator.ip"}';
    const name = '{field = "user.name", type = "mapping", value = "threat.indicator.name"';
    const given = told('1 ana 1.1.1.1; 2 ben 1.1.1.1; 3 ana 1.1.1.2');
    const names = (entries: string) =>
      overFiles(indicators(entries), given, { book }).alerts.map(({ alert }) => short(alert));
    expect(names(`${ip}, ${name}}`)).toEqual(['ana']);
    expect(names(`${ip}, ${name}, negate = true}`)).toEqual(['ana', 'ben']);
  });
});

describe('on schedule', () => {
  it('what was alerted on is not counted again, over restarts too', async () => {
    const store = await stored(told('3 ana; 4 ana; 6 ana'));
    const runs = new Schedule(threshold('"user.name"', 2), store);
    for (const minute of [0, 5, 10]) await runs.run(minute);
    expect(runs.alerts.map(short)).toEqual(['2 ana']);
    expect(runs.duplicates).toBe(0);
    await store.close();
  });

  it('a window that is run again alerts on the same', async () => {
    const store = await stored(told('3 ana; 4 ana; 6 ana; 7 ana'));
    const one = threshold('"user.name"', 2);
    const runs = new Schedule(one, store);
    for (const minute of [0, 5]) await runs.run(minute);
    expect(ids(await overRange(one, store, 0, 10))).toEqual(ids(runs.alerts));
    await store.close();
  });

  it('events that come late count in the next window, as far as it looks back', async () => {
    const store = await stored(told('3 ana'));
    const runs = new Schedule(threshold('"user.name"', 2), store);
    await runs.run(0);
    await put(store, told('4 ana'), 10);
    await runs.run(5);
    expect(runs.alerts.map(short)).toEqual(['2 ana']);
    await store.close();
  });

  it('counts by another time where the rule says so', async () => {
    const late = (at: number, ingested: number): Told => ({
      at,
      user: 'ana',
      more: { ingested_at: new Date(START + ingested * MINUTE).toISOString() },
    });
    const given = [late(1, 61), late(30, 62), late(2, 3)];
    const one = rule(
      'threshold',
      'timestamp_override = "ingested_at"\n[rule.threshold]\nfield = ["user.name"]\nvalue = 2',
    );
    expect(overFiles(one, given).alerts.map(({ alert }) => short(alert))).toEqual(['2 ana']);
    const store = await stored(given);
    expect((await overRange(one, store, 50, 70)).map(short)).toEqual(['2 ana']);
    await store.close();
  });

  const anyTold = fc.record({
    at: fc.integer({ min: 0, max: 240 }).map((quarter) => quarter / 4),
    user: fc.constantFrom('ana', 'ben', ['ana', 'eva']),
    ip: fc.constantFrom('1.1.1.1', '1.1.1.2'),
  });
  const RULES = [
    threshold('"user.name"', 3),
    threshold('"user.name"', 2, CARDINALITY),
    newTerms('"user.name"', 'now-20m', 'now-6m'),
    newTerms('"user.name", "source.ip"', 'now-12m'),
  ];
  it('finds what it finds over files, and over ranges', async () => {
    let matches = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyTold, { maxLength: 25 }),
        fc.constantFrom(...RULES),
        fc.integer({ min: 1, max: 59 }),
        async (given, one, cut) => {
          const expected = ids(overFiles(one, given).alerts.map(({ alert }) => alert));
          matches += expected.length;
          const store = await stored(given);
          const runs = new Schedule(one, store);
          for (let minute = 0; minute <= 60; minute += 5) await runs.run(minute);
          expect(ids(runs.alerts)).toEqual(expected);
          expect(ids(await overRange(one, store, 0, 70))).toEqual(expected);
          if (one.tally?.kind === 'new-terms') {
            const parts = [...(await overRange(one, store, 0, cut)), ...(await overRange(one, store, cut, 70))];
            expect(ids(parts)).toEqual(expected);
          }
          await store.close();
        },
      ),
      { numRuns: runs(40) },
    );
    expect(matches).toBeGreaterThan(10);
  });
});
