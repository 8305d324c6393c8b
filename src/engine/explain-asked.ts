/**
 * Why a rule fires, or does not, on what somebody points at: a stored event, or a record that was pasted.
 *
 *   stored event | text ──▶ events ──explain──▶ fires? ──its exceptions made ready──▶ explained again, with them
 *
 * Exceptions are compiled only where the rule fires: they cannot matter before, and a list of a million values takes a
 * second to read.
 */
import type { Exception } from '../detect/exception.ts';
import { compileExceptions } from '../detect/exceptions/exception-set.ts';
import { describeEvent } from '../detect/sentence.ts';
import type { Event } from '../event/event.ts';
import { formatTime } from '../event/time.ts';
import type { ExceptionStore } from '../store/exception-store.ts';
import type { EventSearch } from './event-search.ts';
import { readRecord } from './explain.ts';
import { type ExceptedBy, type ExplainedRule, explainerOf } from './explain-event.ts';
import type { Explanation } from './explanation.ts';
import { eventOfRecord } from './stored-event.ts';
import { ValueLists } from './value-lists.ts';

export type ExplainQuestion =
  /** Id of a stored event. */
  | { readonly event: string }
  /** A record in any format that is read; several lines may be one event or several. */
  | { readonly text: string };

export interface RuleExplanation {
  /** Of many events, the first. */
  readonly explained: readonly ExplainedEvent[];
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
  readonly events: Pick<EventSearch, 'event'>;
  readonly exceptions: ExceptionStore;
}

const MOST_EXPLAINED = 20;
const MOST_PROBLEMS = 20;
const LONGEST_SHOWN = 2_000;

/** @returns `undefined` where there is no such stored event. @throws {SearchError} where events cannot be read. */
export async function explainAsked(
  rule: ExplainedRule,
  asked: ExplainQuestion,
  parts: ExplainParts,
): Promise<RuleExplanation | undefined> {
  const { events, problems } = await eventsAsked(asked, parts);
  if (events === undefined) return undefined;
  const shown = events.slice(0, MOST_EXPLAINED);
  const bare = explainerOf(rule);
  const fires = shown.some((event) => bare(event).fires);
  const explained = fires ? explainerOf(rule, await exceptedByOf(rule.document.id, parts.exceptions)) : bare;
  return {
    explained: shown.map((event) => explainedEvent(event, explained(event))),
    events: events.length,
    problems: problems.slice(0, MOST_PROBLEMS),
  };
}

async function eventsAsked(asked: ExplainQuestion, { events }: ExplainParts) {
  if ('text' in asked) return readRecord(asked.text);
  const record = await events.event(asked.event);
  return { events: record === undefined ? undefined : [eventOfRecord(record)], problems: [] };
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
