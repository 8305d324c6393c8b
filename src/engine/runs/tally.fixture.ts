/** Rules that alert on what events are together, told in a line: their events, and what they find over files, over stored events and on schedule. */
import type { Alert } from '../../detect/alert.ts';
import { type ExceptionSet, NO_EXCEPTIONS } from '../../detect/exceptions/exception-set.ts';
import type { SuppressionChange } from '../../detect/suppression.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { inspectText, type LoadedRule } from '../../rule/inspect.ts';
import { scheduleWindow } from '../../rule/schedule.ts';
import type { EventStore } from '../../store/event-store.ts';
import { Detector, MemoryLedger } from '../detector.ts';
import type { IndicatorBook } from './indicator-book.ts';
import { runOverStore } from './run-over-store.ts';
import { windowOf } from './tally-set.ts';
import { TermHistories } from './term-histories.ts';
import { freshEvents } from './three-ways.fixture.ts';

export const START = Date.UTC(2026, 2, 1);
export const MINUTE = 60_000;

export const rule = (type: string, more: string, from = 'now-9m'): LoadedRule => {
  const head = `[rule]\nname = "r"\nrule_id = "r"\nrisk_score = 21\nseverity = "low"\ninterval = "5m"\nfrom = "${from}"\n`;
  const text = `${head}type = "${type}"\nlanguage = "kuery"\nquery = "event.action: login"\n${more}\n`;
  const [inspection] = inspectText(text, 'r.toml');
  if (inspection?.rule === undefined) throw new Error(JSON.stringify(inspection?.findings));
  return inspection.rule;
};
export const threshold = (fields: string, value: number, cardinality = '') =>
  rule('threshold', `[rule.threshold]\nfield = [${fields}]\nvalue = ${value}\n${cardinality}`);
export const CARDINALITY = '[[rule.threshold.cardinality]]\nfield = "source.ip"\nvalue = 2';
export const newTerms = (fields: string, history = 'now-1h', from = 'now-9m') =>
  rule('new_terms', `new_terms_fields = [${fields}]\nhistory_window_start = "${history}"`, from);
export const indicators = (entries: string) =>
  rule('threat_match', `threat_query = "*:*"\nthreat_mapping = [{entries = [${entries}]}]`);

export interface Told {
  /** Minutes. */
  readonly at: number;
  readonly user?: string | readonly string[];
  readonly ip?: string;
  readonly action?: string;
  readonly more?: JsonObject;
}

/** `"1 ana 10.0.0.1; 2 ben,eva"`: minutes, users, address; `-` for no user. */
export function told(text: string): readonly Told[] {
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

export function eventOf({ at, user, ip, action = 'login', more }: Told, number: number): Event {
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
export function short({ threshold_result: result, new_terms: terms, events }: Alert): string {
  if (result !== undefined) {
    const group = result.terms.map(({ value }) => value).join('+');
    return `${result.count}${group === '' ? '' : ` ${group}`}`;
  }
  if (terms !== undefined) return terms.map((one) => one.map(({ value }) => value).join('+')).join(' | ');
  return String((events[0]?.user as JsonObject | undefined)?.name);
}

export function overFiles(
  one: LoadedRule,
  given: readonly Told[],
  means: { set?: ExceptionSet; book?: IndicatorBook } = {},
) {
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
export const found = (one: LoadedRule, text: string) =>
  overFiles(one, told(text)).alerts.map(({ alert }) => short(alert));

export async function stored(given: readonly Told[]): Promise<EventStore> {
  const store = freshEvents();
  await put(store, given);
  return store;
}

export async function put(store: EventStore, given: readonly Told[], first = 0): Promise<void> {
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
export class Schedule {
  readonly alerts: Alert[] = [];
  readonly suppressed: SuppressionChange[] = [];
  duplicates = 0;
  private readonly memory = new Map<string, string>();
  private readonly ledger = new MemoryLedger();
  private readonly histories = new TermHistories();
  private readonly rule: LoadedRule;
  private readonly store: EventStore;
  private readonly book: IndicatorBook | undefined;

  constructor(one: LoadedRule, store: EventStore, book?: IndicatorBook) {
    this.rule = one;
    this.store = store;
    this.book = book;
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
      ...(this.book === undefined ? {} : { indicators: this.book }),
    };
    const result = await runOverStore({ rules: [this.rule], from, to, slot }, means, async (batch) => {
      this.ledger.record(batch);
      this.alerts.push(...batch.alerts.map(({ alert }) => alert));
      this.suppressed.push(...batch.suppressed);
    });
    const { funnel, memory } = result.byRule.get('r') ?? {};
    this.duplicates += funnel?.duplicate ?? 0;
    for (const [key, value] of memory ?? []) {
      if (value === undefined) this.memory.delete(key);
      else this.memory.set(key, value);
    }
  }
}

/** @param means `suppressed` gets what was counted on alerts */
export async function overRange(
  one: LoadedRule,
  store: EventStore,
  from: number,
  to: number,
  { suppressed = [], book }: { readonly suppressed?: SuppressionChange[]; readonly book?: IndicatorBook } = {},
): Promise<readonly Alert[]> {
  const alerts: Alert[] = [];
  const means = {
    events: store,
    ledger: new MemoryLedger(),
    exceptions: NO_EXCEPTIONS,
    now: () => START + 1_000 * MINUTE,
    ...(book === undefined ? {} : { indicators: book }),
  };
  const range = { rules: [one], from: START + from * MINUTE, to: START + to * MINUTE };
  await runOverStore(range, means, async (batch) => {
    means.ledger.record(batch);
    alerts.push(...batch.alerts.map(({ alert }) => alert));
    suppressed.push(...batch.suppressed);
  });
  return alerts;
}
export const ids = (alerts: readonly Alert[]) => alerts.map((alert) => `${short(alert)} ${alert.id}`).sort();

/** `alert +n`: with how many matches were counted on it. */
export function withCounts(alerts: readonly Alert[], suppressed: readonly SuppressionChange[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { alertId, counted } of suppressed) counts.set(alertId, (counts.get(alertId) ?? 0) + counted.length);
  return alerts.map((alert) => `${short(alert)} +${counts.get(alert.id) ?? 0}`);
}
