/** Suppression by rules that run on their interval: over files, on schedule and over ranges it counts the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/effort.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import { IndicatorBook } from './indicator-book.ts';
import { overFiles, overRange, rule, Schedule, stored, type Told, told, withCounts } from './tally.fixture.ts';

const by = (fields: string, more = '') => `\n[rule.alert_suppression]\ngroup_by = [${fields}]\n${more}`;
const HOUR = 'duration = "1h"';
const newUser = (more: string) =>
  rule('new_terms', `new_terms_fields = ["user.name"]\nhistory_window_start = "now-1h"${more}`);
const BAD = `threat_query = "*:*"\nthreat_mapping = [{entries = [{field = "source.ip", type = "mapping", value = "threat.indicator.ip"}]}]`;
const known = (more: string) => rule('threat_match', `${BAD}${more}`);
const counted = (more: string) => rule('threshold', `[rule.threshold]\nfield = ["user.name"]\nvalue = 2${more}`);

const BAD_ADDRESSES = ['1.1.1.1', '1.1.1.2'].map((ip) => ({
  id: ip,
  source: 'logs-ti_ours',
  event: new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource({ threat: { indicator: { ip } } }),
    raw: new Uint8Array(),
    format: 'json',
    dataStreams: [],
  }),
}));
const BOOK = new IndicatorBook(new Map([['logs-ti_ours', BAD_ADDRESSES]]));

function over(one: LoadedRule, given: readonly Told[]): readonly string[] {
  const { alerts, suppressed } = overFiles(one, given, { book: BOOK });
  return withCounts(
    alerts.map(({ alert }) => alert),
    suppressed,
  );
}

describe('suppression', () => {
  it.each([
    [
      'of new values by another field',
      newUser(by('"source.ip"')),
      '1 ana 1.1.1.1; 2 ben 1.1.1.1; 3 eva 1.1.1.2',
      ['ana +1', 'eva +0'],
    ],
    ['of new values, by run', newUser(by('"source.ip"')), '1 ana 1.1.1.1; 6 ben 1.1.1.1', ['ana +0', 'ben +0']],
    [
      'of new values, for a time',
      newUser(by('"source.ip"', HOUR)),
      '1 ana 1.1.1.1; 6 ben 1.1.1.1; 60 eva 1.1.1.1; 61 kim 1.1.1.1',
      ['ana +2', 'kim +0'],
    ],
    [
      'of new values of several members',
      newUser(by('"user.name"')),
      '1 ana,ben; 2 ben,eva',
      ['ana | ben +0', 'eva +0'],
    ],
    [
      'of what is known as bad',
      known(by('"source.ip"')),
      '1 ana 1.1.1.1; 2 ben 1.1.1.1; 3 eva 1.1.1.2; 6 kim 1.1.1.1',
      ['ana +1', 'eva +0', 'kim +0'],
    ],
    [
      'of what is known as bad, for a time',
      known(by('"source.ip"', HOUR)),
      '1 ana 1.1.1.1; 6 ben 1.1.1.1; 62 kim 1.1.1.1',
      ['ana +1', 'kim +0'],
    ],
    [
      'of what is known as bad, where values are missing',
      known(by('"user.name"')),
      '1 - 1.1.1.1; 2 - 1.1.1.2; 3 eva 1.1.1.2',
      ['undefined +1', 'eva +0'],
    ],
    [
      'of what is known as bad, but not where values are missing',
      known(by('"user.name"', 'missing_fields_strategy = "doNotSuppress"')),
      '1 - 1.1.1.1; 2 - 1.1.1.2; 3 eva 1.1.1.2; 4 eva 1.1.1.1',
      ['undefined +0', 'undefined +0', 'eva +1'],
    ],
    [
      'of numbers of events',
      counted(`\n[rule.alert_suppression]\n${HOUR}`),
      '1 ana; 2 ana; 11 ana; 12 ana; 13 ben; 14 ben; 70 ana; 71 ana',
      ['2 ana +1', '2 ben +0', '2 ana +0'],
    ],
  ])('%s', (_, one, text, expected) => {
    expect(over(one, told(text))).toEqual(expected);
  });

  const anyTold = fc.record({
    at: fc.integer({ min: 0, max: 240 }).map((quarter) => quarter / 4),
    user: fc.constantFrom('ana', 'ben', ['ana', 'eva'], 'kim', 'lea'),
    ip: fc.constantFrom('1.1.1.1', '1.1.1.2', '1.1.1.3'),
  });
  const RULES = [
    newUser(by('"source.ip"')),
    newUser(by('"source.ip"', 'duration = "7m"')),
    known(by('"source.ip"')),
    known(by('"user.name"', 'duration = "7m"')),
    counted('\n[rule.alert_suppression]\nduration = "20m"'),
  ];
  it('counts the same over files, on schedule and over ranges', async () => {
    let suppressed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyTold, { minLength: 5, maxLength: 20 }),
        fc.constantFrom(...RULES),
        async (given, one) => {
          const expected = [...over(one, given)].sort();
          suppressed += expected.filter((alert) => !alert.endsWith('+0')).length;
          const store = await stored(given);
          const runs = new Schedule(one, store, BOOK);
          for (let minute = 0; minute <= 60; minute += 5) await runs.run(minute);
          expect([...withCounts(runs.alerts, runs.suppressed)].sort()).toEqual(expected);
          const changes: (typeof runs.suppressed)[number][] = [];
          const alerts = await overRange(one, store, 0, 70, { suppressed: changes, book: BOOK });
          expect([...withCounts(alerts, changes)].sort()).toEqual(expected);
          await store.close();
        },
      ),
      { numRuns: runs(40) },
    );
    expect(suppressed).toBeGreaterThan(0);
  });
});
