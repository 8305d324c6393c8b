/** Rules that alert on what events are together: what they find over files, over stored events, and on schedule. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Alert } from '../../detect/alert.ts';
import type { Exception, ValueList } from '../../detect/exception.ts';
import { compileExceptions, type ExceptionSet, NO_EXCEPTIONS } from '../../detect/exceptions/exception-set.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { inspectText, type LoadedRule } from '../../rule/inspect.ts';
import { scheduleWindow } from '../../rule/schedule.ts';
import type { EventStore } from '../../store/event-store.ts';
import { Detector, MemoryLedger } from '../detector.ts';
import { scan } from '../index.ts';
import { IndicatorBook, readIndicators } from './indicator-book.ts';
import { listedIndicators } from './listed-indicators.ts';
import { runOverStore } from './run-over-store.ts';
import { windowOf } from './tally-set.ts';
import { TermHistories } from './term-histories.ts';
import { freshEvents } from './three-ways.fixture.ts';

const START = Date.UTC(2026, 2, 1);
const MINUTE = 60_000;

const rule = (type: string, more: string, from = 'now-9m'): LoadedRule => {
  const head = `[rule]\nname = "r"\nrule_id = "r"\nrisk_score = 21\nseverity = "low"\ninterval = "5m"\nfrom = "${from}"\n`;
  const text = `${head}type = "${type}"\nlanguage = "kuery"\nquery = "event.action: login"\n${more}\n`;
  const [inspection] = inspectText(text, 'r.toml');
  if (inspection?.rule === undefined) throw new Error(JSON.stringify(inspection?.findings));
  return inspection.rule;
};
const threshold = (fields: string, value: number, cardinality = '') =>
  rule('threshold', `[rule.threshold]\nfield = [${fields}]\nvalue = ${value}\n${cardinality}`);
const CARDINALITY = '[[rule.threshold.cardinality]]\nfield = "source.ip"\nvalue = 2';
const newTerms = (fields: string, history = 'now-1h', from = 'now-9m') =>
  rule('new_terms', `new_terms_fields = [${fields}]\nhistory_window_start = "${history}"`, from);
const indicators = (entries: string) =>
  rule('threat_match', `threat_query = "*:*"\nthreat_mapping = [{entries = [${entries}]}]`);

const LIST: ValueList = {
  id: 'x',
  name: 'x',
  type: 'ip',
  size: 2,
  created: '2026-01-01T00:00:00Z',
  updated: '2026-01-01T00:00:00Z',
};

interface Told {
  /** Minutes. */
  readonly at: number;
  readonly user?: string | readonly string[];
  readonly ip?: string;
  readonly action?: string;
  readonly more?: JsonObject;
}

/** `"1 ana 10.0.0.1; 2 ben,eva"`: minutes, users, address; `-` for no user. */
function told(text: string): readonly Told[] {
  return text.split(';').map((part) => {
    const [at = '', users = '-', ip] = part.trim().split(' ');
    const names = users === '-' ? [] : users.split(',');
    return {
      at: Number(at),
      ...(names.length === 0 ? {} : { user: names.length === 1 ? (names[0] as string) : names }),
      ...(ip === undefined ? {} : { ip }),
    };
  });
}

function eventOf({ at, user, ip, action = 'login', more }: Told, number: number): Event {
  const ms = START + Math.round(at * MINUTE);
  return new Event({
    time: { ms, ticks: 0 },
    source: documentSource({
      '@timestamp': new Date(ms).toISOString(),
      event: { id: `e${String(number).padStart(3, '0')}`, action },
      host: { name: 'web-07' },
      ...(user === undefined ? {} : { user: { name: user } }),
      ...(ip === undefined ? {} : { source: { ip } }),
      ...more,
    }),
    raw: new Uint8Array(),
    format: 'json',
    dataStreams: [],
  });
}

/** `count group` or the first new terms, of each alert. */
function short({ threshold_result: result, new_terms: terms, events }: Alert): string {
  if (result !== undefined) {
    const group = result.terms.map(({ value }) => value).join('+');
    return `${result.count}${group === '' ? '' : ` ${group}`}`;
  }
  if (terms !== undefined) return terms.map((one) => one.map(({ value }) => value).join('+')).join(' | ');
  return String((events[0]?.user as JsonObject | undefined)?.name);
}

function overFiles(one: LoadedRule, given: readonly Told[], means: { set?: ExceptionSet; book?: IndicatorBook } = {}) {
  const detector = new Detector({
    rules: [one],
    now: () => START,
    exceptions: means.set ?? NO_EXCEPTIONS,
    tallies: means.book === undefined ? {} : { indicators: means.book },
  });
  for (const [number, each] of given.entries()) detector.observe(eventOf(each, number));
  detector.end();
  return detector.drain(new MemoryLedger());
}
const found = (one: LoadedRule, text: string) => overFiles(one, told(text)).alerts.map(({ alert }) => short(alert));

async function stored(given: readonly Told[]): Promise<EventStore> {
  const store = freshEvents();
  await put(store, given);
  return store;
}

async function put(store: EventStore, given: readonly Told[], first = 0): Promise<void> {
  const events = given.map((each, number) => eventOf(each, number + first));
  await store.append(
    events.map((event) => ({
      id: `id:${event.text('event.id')}`,
      timeMs: event.time.ms,
      ticks: 0,
      format: 'json',
      dataStreams: [],
      standsInFor: [],
      document: event.document(),
      sample: false,
    })),
  );
}

/** A rule's runs on schedule, slot by slot, with what is remembered and known. */
class Schedule {
  readonly alerts: Alert[] = [];
  duplicates = 0;
  private readonly memory = new Map<string, string>();
  private readonly ledger = new MemoryLedger();
  private readonly histories = new TermHistories();
  private readonly rule: LoadedRule;
  private readonly store: EventStore;

  constructor(one: LoadedRule, store: EventStore) {
    this.rule = one;
    this.store = store;
  }

  async run(minute: number): Promise<void> {
    const schedule = scheduleWindow(this.rule.document.schedule);
    const { slot, from, to } = windowOf(START + minute * MINUTE, schedule);
    const means = {
      events: this.store,
      ledger: this.ledger,
      exceptions: NO_EXCEPTIONS,
      now: () => START + 1_000 * MINUTE,
      remembered: () => this.memory,
      histories: this.histories,
    };
    const result = await runOverStore({ rules: [this.rule], from, to, slot }, means, async (batch) => {
      this.ledger.record(batch);
      this.alerts.push(...batch.alerts.map(({ alert }) => alert));
    });
    const { funnel, memory } = result.byRule.get('r') ?? {};
    this.duplicates += funnel?.duplicate ?? 0;
    for (const [key, value] of memory ?? []) {
      if (value === undefined) this.memory.delete(key);
      else this.memory.set(key, value);
    }
  }
}

async function overRange(one: LoadedRule, store: EventStore, from: number, to: number): Promise<readonly Alert[]> {
  const alerts: Alert[] = [];
  const means = {
    events: store,
    ledger: new MemoryLedger(),
    exceptions: NO_EXCEPTIONS,
    now: () => START + 1_000 * MINUTE,
  };
  const range = { rules: [one], from: START + from * MINUTE, to: START + to * MINUTE };
  await runOverStore(range, means, async (batch) => void alerts.push(...batch.alerts.map(({ alert }) => alert)));
  return alerts;
}
const ids = (alerts: readonly Alert[]) => alerts.map((alert) => `${short(alert)} ${alert.id}`).sort();

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
      { numRuns: 40 },
    );
    expect(matches).toBeGreaterThan(20);
  });
});
