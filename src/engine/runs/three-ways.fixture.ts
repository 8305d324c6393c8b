/**
 * The ways in which rules come to look at events, for tests that hold them equal: over files, live, and over stored events.
 * Each gives the alerts, of no more than one rule's cap: none; with how many matches each stands for besides itself.
 */
import { DatabaseSync } from 'node:sqlite';
import { NO_EXCEPTIONS } from '../../detect/exceptions/exception-set.ts';
import type { Event } from '../../event/event.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import { EVENT_FILE, EVENT_MIGRATIONS } from '../../store/event-schema.ts';
import type { EventStore } from '../../store/event-store.ts';
import { migrate } from '../../store/migrations.ts';
import { sqliteEventStore } from '../../store/sqlite-event-store.ts';
import { type Decided, Detector, LATENESS_MS, MemoryLedger } from '../detector.ts';
import { EventRecorder } from '../event-recorder.ts';
import { runOverStore } from './run-over-store.ts';

/** An event is made anew for each way: the first to look at it adds what it knows of its parents. */
export type Arrivals = readonly { readonly event: () => Event; readonly at: number }[];

const UNCAPPED = { maxAlerts: Number.POSITIVE_INFINITY } as const;
/** Live, time passes in between: so many events at a time. */
const TICK = 7;

/** As `scan` does it: in the order of arrival, put in order as far as memory allows. */
export function overFiles(rules: readonly LoadedRule[], arrivals: Arrivals): readonly string[] {
  const detector = new Detector({ rules, now: () => 0, tallies: {}, ...UNCAPPED });
  const found = new Found();
  for (const [number, { event }] of arrivals.entries()) {
    detector.observe(event());
    if (number % TICK === 0) found.add(detector.drain(found.ledger));
  }
  detector.end();
  found.add(detector.drain(found.ledger));
  return found.told();
}

/** As the service does it, by the clock; each event is stored as well. */
export async function live(
  rules: readonly LoadedRule[],
  arrivals: Arrivals,
  store: EventStore,
  found = new Found(),
): Promise<readonly string[]> {
  let now = arrivals[0]?.at ?? 0;
  const detector = new Detector({ rules, now: () => now, lateness: LATENESS_MS, ...UNCAPPED });
  const recorder = new EventRecorder({
    open: async () => ({ store }),
    keepMs: Number.POSITIVE_INFINITY,
    now: () => now,
    warn: (fields, message) => {
      throw new Error(`${message} ${JSON.stringify(fields)}`);
    },
  });
  for (const [number, { event, at }] of arrivals.entries()) {
    now = at;
    const one = event();
    detector.observe(one);
    recorder.add(one, false);
    if (number % TICK !== 0) continue;
    detector.settle();
    found.add(detector.drain(found.ledger));
  }
  await recorder.flush();
  now += 365 * 24 * 3_600_000;
  detector.settle();
  found.add(detector.drain(found.ledger));
  return found.told();
}

/** As runs do it, over all that is stored or over a range. */
export async function overStore(
  rules: readonly LoadedRule[],
  store: EventStore,
  range: { readonly from: number; readonly to: number },
  found = new Found(),
): Promise<readonly string[]> {
  const means = {
    events: store,
    ledger: found.ledger,
    exceptions: NO_EXCEPTIONS,
    now: () => Date.UTC(2100, 0),
  };
  await runOverStore({ rules, ...range, uncapped: true }, means, async (batch) => found.add(batch));
  return found.told();
}

/** What was decided so far, and what deciding goes on from. */
export class Found {
  readonly ledger = new MemoryLedger();
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  add(decided: Pick<Decided, 'alerts' | 'runs' | 'suppressed'>): void {
    this.ledger.record(decided);
    for (const { alert } of decided.alerts) this.names.set(alert.id, alert.rule.name);
    for (const { alertId, counted } of decided.suppressed) {
      this.counts.set(alertId, (this.counts.get(alertId) ?? 0) + counted.length);
    }
  }

  /** `rule id +matches`, a line each alert. */
  told(): readonly string[] {
    return [...this.names].map(([id, name]) => `${name} ${id} +${this.counts.get(id) ?? 0}`).sort();
  }

  /** Of how many matches the alerts tell. */
  get matches(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, this.names.size);
  }
}

export function freshEvents(): EventStore {
  const database = new DatabaseSync(':memory:');
  migrate(database, undefined, EVENT_MIGRATIONS, EVENT_FILE);
  return sqliteEventStore(database, ':memory:');
}
