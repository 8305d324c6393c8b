/**
 * Why a rule fires, or does not, on what somebody points at: a stored event, stored events of a time, or a record that
 * was pasted.
 *
 *   stored event | time | text ──▶ events ──explain──▶ fires? ──its exceptions made ready──▶ explained again, with them
 *
 * A rule over several events is explained on all of them together; one event stands for what is stored around it, as far as
 * the rule looks. The thread that asks serves others meanwhile. Exceptions are compiled only where the rule fires: they cannot matter before, and a list of a million values takes a
 * second to read.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Exception } from '../detect/exception.ts';
import { compileExceptions } from '../detect/exceptions/exception-set.ts';
import { attribute } from '../detect/render-alert.ts';
import { describeEvent } from '../detect/sentence.ts';
import type { Event } from '../event/event.ts';
import { formatTime } from '../event/time.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import type { RuleAttribution } from '../rule/rule.ts';
import type { ExceptionStore } from '../store/exception-store.ts';
import type { CorrelationExplanation } from './correlation-explanation.ts';
import type { EventSearch } from './event-search.ts';
import { correlationOf, readRecord } from './explain.ts';
import { type ExceptedBy, explainerOf } from './explain-event.ts';
import { storedAround, storedBetween } from './explain-stored.ts';
import type { Explanation } from './explanation.ts';
import { eventOfRecord } from './stored-event.ts';
import { type ExplainedCorrelation, openExplainer, spanOf } from './stream-explainer.ts';
import { ValueLists } from './value-lists.ts';

export type ExplainQuestion =
  /** Id of a stored event. */
  | { readonly event: string }
  /** Stored events of a time, epoch milliseconds, `from` inclusive, `to` exclusive. */
  | { readonly from: number; readonly to: number; readonly host?: string }
  /** A record in any format that is read; several lines may be one event or several. */
  | { readonly text: string };

export interface RuleExplanation {
  /** Whose rule it is, shown with what it matches. */
  readonly rule: RuleAttribution;
  /** Of many events, the first; of a rule over several events none. */
  readonly explained: readonly ExplainedEvent[];
  /** Of a rule over several events. */
  readonly correlation?: CorrelationExplanation;
  /** Events that there were. */
  readonly events: number;
  /** Why lines hold no event; of many, the first. */
  readonly problems: readonly string[];
}

interface ExplainedEvent {
  /** ISO 8601. */
  readonly time: string;
  /** What happened, in a sentence. */
  readonly sentence: string;
  readonly command_line?: string;
  readonly explanation: Explanation;
}

export interface ExplainParts {
  readonly events: Pick<EventSearch, 'event' | 'query'>;
  readonly exceptions: ExceptionStore;
}

const MOST_EXPLAINED = 20;
/** Some 10 ms. */
const SLICE = 200;
const MOST_PROBLEMS = 20;
const LONGEST_SHOWN = 2_000;

/** @returns `undefined` where there is no such stored event. @throws {SearchError} where events cannot be read. */
export async function explainAsked(
  rule: Pick<LoadedRule, 'document' | 'plan'>,
  asked: ExplainQuestion,
  parts: ExplainParts,
): Promise<RuleExplanation | undefined> {
  const correlating = correlationOf(rule);
  const { events, problems } = await eventsAsked(asked, parts, correlating);
  if (events === undefined) return undefined;
  const about = {
    rule: attribute(rule.document),
    events: events.length,
    problems: problems.slice(0, MOST_PROBLEMS),
  };
  if (correlating !== undefined) {
    return { ...about, explained: [], correlation: await explainStream(correlating, events, parts.exceptions) };
  }
  const shown = events.slice(0, MOST_EXPLAINED);
  const bare = explainerOf(rule);
  const fires = shown.some((event) => bare(event).fires);
  const explained = fires ? explainerOf(rule, await exceptedByOf(rule.document.id, parts.exceptions)) : bare;
  return { ...about, explained: shown.map((event) => explainedEvent(event, explained(event))) };
}

async function eventsAsked(
  asked: ExplainQuestion,
  { events }: ExplainParts,
  correlating: ExplainedCorrelation | undefined,
): Promise<{ readonly events?: readonly Event[] | undefined; readonly problems: readonly string[] }> {
  if ('text' in asked) return readRecord(asked.text);
  if ('from' in asked) return storedBetween(events, asked);
  const record = await events.event(asked.event);
  if (record === undefined) return { problems: [] };
  return correlating === undefined
    ? { events: [eventOfRecord(record)], problems: [] }
    : storedAround(events, record, spanOf(correlating));
}

/** The events looked through a slice at a time, so that whoever else waits is served. */
async function explainStream(
  rule: ExplainedCorrelation,
  events: readonly Event[],
  store: ExceptionStore,
): Promise<CorrelationExplanation> {
  const run = async (exceptedBy?: ExceptedBy) => {
    const explainer = openExplainer(rule, exceptedBy);
    await inSlices(events, (event) => {
      explainer.look(event);
      return true;
    });
    if (explainer.turn()) await inSlices(events, (event) => explainer.lookAgain(event));
    return explainer.explanation();
  };
  const bare = await run();
  return bare.fires ? run(await exceptedByOf(rule.document.id, store)) : bare;
}

async function inSlices(events: readonly Event[], look: (event: Event) => boolean): Promise<void> {
  for (const [at, event] of events.entries()) {
    if (!look(event)) return;
    if (at % SLICE === SLICE - 1) await breathe();
  }
}

async function exceptedByOf(rule: string, store: ExceptionStore): Promise<ExceptedBy> {
  const applies = ({ enabled, rules }: Exception) => enabled && (rules === 'all' || rules.includes(rule));
  const exceptions = store.all().filter(applies);
  const set = await compileExceptions(exceptions, { lists: await new ValueLists().load(store, exceptions) });
  return (id, events) => set.exceptedBy(id, events);
}

function explainedEvent(event: Event, explanation: Explanation): ExplainedEvent {
  const command = event.text('process.command_line');
  return {
    time: formatTime(event.time),
    sentence: describeEvent(event),
    ...(command === undefined ? {} : { command_line: command.slice(0, LONGEST_SHOWN) }),
    explanation,
  };
}
