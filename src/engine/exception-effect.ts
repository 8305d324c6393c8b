/**
 * What an exception would remove of what is stored, before it is kept.
 *
 *   stored alerts of its rules ──newest first──▶ the exception holds? ──▶ count, the first as examples
 *   stored events ──newest first──▶ a rule of its own holds? ──▶ the exception holds? ──▶ counts
 *
 * The exception is tried through the same set that removes matches (`compileExceptions`), as if it were on. Each reading
 * has half of the time; where the time is up, it is said how far back it reached. Rules over several events are tried on
 * their alerts alone, whose events are together there.
 */
import { setImmediate } from 'node:timers/promises';
import type { Exception } from '../detect/exception.ts';
import { compileExceptions, type ExceptionSet } from '../detect/exceptions/exception-set.ts';
import { describeEvent } from '../detect/sentence.ts';
import type { Event } from '../event/event.ts';
import { formatTime } from '../event/time.ts';
import { compileMatcher } from '../match/matcher.ts';
import type { Plan } from '../plan/plan.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { compileIndexPatterns } from '../rule/index-pattern.ts';
import type { AlertSummary } from '../store/alert-query.ts';
import type { EventQuery, EventStore } from '../store/event-store.ts';
import type { AlertPosition, ExceptionStore } from '../store/exception-store.ts';
import { openEventReader } from '../store/open-event-store.ts';
import { openStateStore } from '../store/open-state-store.ts';
import { eventsByStep, eventsOfAlert } from './alert-events.ts';
import type { EventInShort, ExceptionEffect } from './exception-report.ts';
import { readyCondition } from './search-condition.ts';
import { eventOfRecord } from './stored-event.ts';
import { ValueLists } from './value-lists.ts';

export interface EffectJob {
  readonly dataFolder: string;
  readonly exception: Exception;
  /** The rules that it belongs to and that run over one event. */
  readonly rules: readonly TriedRule[];
  /** By rule, the plans of those over several: an exception may be about one of their steps. */
  readonly plans: Readonly<Record<string, Plan>>;
  /** Of memory for reading events; absent for what reading takes by itself. */
  readonly megabytes?: number;
  /** Milliseconds for both readings. */
  readonly limitMs: number;
}

export interface TriedRule {
  readonly id: string;
  readonly predicate: Predicate;
  readonly indexPatterns: readonly string[];
}

export interface FoundEffect {
  readonly alerts: ExceptionEffect['alerts'];
  readonly events: ExceptionEffect['events'];
  /** Epoch milliseconds: what lies before was not looked at. */
  readonly stoppedAt?: number;
}

const SHOWN = 20;
const MOST_UNDECIDED = 1_000;
const PAGE = 200;

/** Opens the folder's files beside their writer. @throws {StoreError} */
export async function findEffect(job: EffectJob): Promise<FoundEffect> {
  const state = openStateStore(job.dataFolder, { readOnly: true });
  const events = await openEventReader(
    job.dataFolder,
    job.megabytes === undefined ? undefined : { threads: 1, memoryMb: job.megabytes },
  );
  try {
    return await effectOn(job, state.exceptions, events);
  } finally {
    await events?.close();
    state.close();
  }
}

/** Over stores that are open; `events` may be none. */
export async function effectOn(
  { exception, rules, plans, limitMs }: Omit<EffectJob, 'dataFolder'>,
  store: ExceptionStore,
  events: Pick<EventStore, 'query'> | undefined,
): Promise<FoundEffect> {
  const tried: Exception = { ...exception, enabled: true };
  const set = await compileExceptions([tried], { lists: await new ValueLists().load(store, [tried]) });
  const started = performance.now();
  const isUp = (share: number) => performance.now() - started > limitMs * share;
  const ofAlerts = await walkAlerts({ exception: tried, set, plans }, store, () => isUp(0.5));
  const ofEvents = events === undefined ? NO_EVENTS : await walkEvents(rules, set, events, () => isUp(1));
  const stops = [ofAlerts.stoppedAt, ofEvents.stoppedAt].filter((time) => time !== undefined);
  const { stoppedAt: _, ...alerts } = ofAlerts;
  const { stoppedAt: __, ...counts } = ofEvents;
  return { alerts, events: counts, ...(stops.length === 0 ? {} : { stoppedAt: Math.max(...stops) }) };
}

interface Tried extends Pick<EffectJob, 'exception' | 'plans'> {
  readonly set: ExceptionSet;
}

async function walkAlerts({ exception, set, plans }: Tried, store: ExceptionStore, isUp: () => boolean) {
  const shown: AlertSummary[] = [];
  const undecided: string[] = [];
  let count = 0;
  let examined = 0;
  let stoppedAt: number | undefined;
  for (const rule of exception.rules === 'all' ? [undefined] : exception.rules) {
    let after: AlertPosition | undefined;
    for (;;) {
      const page = store.alerts(rule, PAGE, after);
      for (const { alert, summary, position } of page) {
        after = position;
        examined += 1;
        const events = eventsOfAlert(alert);
        const plan = Object.hasOwn(plans, alert.rule.id) ? plans[alert.rule.id] : undefined;
        const byStep = plan === undefined ? undefined : eventsByStep(plan, events);
        if (set.exceptedBy(alert.rule.id, byStep ?? events) === undefined) continue;
        count += 1;
        if (shown.length < SHOWN) shown.push(summary);
        if (summary.status !== 'closed' && undecided.length < MOST_UNDECIDED) undecided.push(summary.id);
      }
      if (page.length < PAGE) break;
      if (isUp()) {
        stoppedAt = Math.max(stoppedAt ?? 0, after?.timeMs ?? 0);
        break;
      }
      await setImmediate();
    }
  }
  return { count, examined, shown, undecided, ...(stoppedAt === undefined ? {} : { stoppedAt }) };
}

const NO_EVENTS: ExceptionEffect['events'] & { readonly stoppedAt?: number } = Object.freeze({
  count: 0,
  examined: 0,
  matched: 0,
  shown: [],
});

async function walkEvents(
  rules: readonly TriedRule[],
  set: ExceptionSet,
  store: Pick<EventStore, 'query'>,
  isUp: () => boolean,
): Promise<typeof NO_EVENTS> {
  if (rules.length === 0) return NO_EVENTS;
  const matcher = compileMatcher(
    rules.map(({ predicate, indexPatterns }) => ({ predicate, reads: compileIndexPatterns(indexPatterns) })),
  );
  const query = narrowed(rules);
  const shown: EventInShort[] = [];
  let [count, examined, matched] = [0, 0, 0];
  let cursor: string | undefined;
  do {
    const page = await store.query({ ...query, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const record of page.events) {
      examined += 1;
      const event = eventOfRecord(record);
      matcher.match(event, (index) => {
        matched += 1;
        if (set.exceptedBy((rules[index] as TriedRule).id, [event]) === undefined) return;
        count += 1;
        // Several rules may hold for one event.
        if (shown.length < SHOWN && shown.at(-1)?.id !== record.id) shown.push(inShort(record.id, event));
      });
    }
    cursor = page.next;
    const reached = page.events.at(-1)?.timeMs;
    if (cursor !== undefined && reached !== undefined && isUp())
      return { count, examined, matched, shown, stoppedAt: reached };
    await setImmediate();
  } while (cursor !== undefined);
  return { count, examined, matched, shown };
}

function inShort(id: string, event: Event): EventInShort {
  return { id, time: formatTime(event.time), sentence: describeEvent(event) };
}

/** What the store can look up by itself of the one rule there is; with several, every event is read. */
function narrowed(rules: readonly TriedRule[]): EventQuery {
  const [only, ...more] = rules;
  if (only === undefined || more.length > 0) return { order: 'newest' };
  const { predicate, indexPatterns } = only;
  const { run } = readyCondition({ kind: 'predicate', predicate, indexPatterns });
  return run?.narrow({ order: 'newest' }) ?? { order: 'newest' };
}
