/**
 * The library's explanations: of the events in files of logs, or of records given as they are.
 */
import { Buffer } from 'node:buffer';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import type { Reject } from '../format/format.ts';
import { openStream } from '../format/stream.ts';
import { LineSplitter } from '../ingest/line-splitter.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import type { CorrelationExplanation } from './correlation-explanation.ts';
import { type ExceptedBy, explainerOf } from './explain-event.ts';
import { explainCorrelation, explainEvents, explainTogether } from './explain-events.ts';
import type { Explanation } from './explanation.ts';
import type { ExplainedCorrelation } from './stream-explainer.ts';

export interface ExplainOptions {
  /** A rule of `loadRules` or `bundledRules`. */
  readonly rule: Pick<LoadedRule, 'document' | 'plan'>;
  /** Files, folders, or `-` for standard input. */
  readonly logs: readonly string[];
  /** Only events on which the rule fires. */
  readonly matches?: boolean;
  /** Events explained at most, the first; 100 unless told. Of a rule over several events, join keys; 20 unless told. */
  readonly limit?: number;
}

export interface ExplainedEvent {
  /** The ECS document. */
  readonly event: JsonObject;
  readonly explanation: Explanation;
}

export interface ExplainResult {
  /** Of a rule over several events none. */
  readonly explained: readonly ExplainedEvent[];
  /** Of a rule over several events: how far it came for each join key, and what broke it. */
  readonly correlation?: CorrelationExplanation;
  /** Inputs that could not be read. */
  readonly problems: readonly Diagnostic[];
}

const DEFAULT_LIMIT = 100;

/** Why the rule fires on the events of files, or does not. */
export async function explain(options: ExplainOptions): Promise<ExplainResult> {
  const { rule, logs, matches, limit = DEFAULT_LIMIT } = options;
  const correlating = correlationOf(rule);
  if (correlating !== undefined) {
    const { read, explanation } = await explainCorrelation(correlating, logs, options.limit);
    const keys = matches === true ? explanation.keys.filter(({ outcome }) => outcome === 'matched') : explanation.keys;
    return { explained: [], correlation: { ...explanation, keys }, problems: read.problems };
  }
  const explained: ExplainedEvent[] = [];
  const { problems } = await explainEvents(rule, logs, (event, explanation) => {
    if (matches !== true || explanation.fires) explained.push({ event: event.document(), explanation });
    return explained.length < limit;
  });
  return { explained, problems };
}

export interface ExplainedRecord {
  readonly explained: readonly ExplainedEvent[];
  /** Of a rule over several events. */
  readonly correlation?: CorrelationExplanation;
  /** Why the record holds no event; empty where it was read. */
  readonly problems: readonly string[];
}

/**
 * Why the rule fires on a record, or does not: an ECS document or a vendor's record, as an object or as its line or
 * lines of text.
 */
export function explainRecord(
  rule: Pick<LoadedRule, 'document' | 'plan'>,
  record: JsonObject | string,
  exceptedBy?: ExceptedBy,
): ExplainedRecord {
  const { events, problems } = readRecord(record);
  const correlating = correlationOf(rule);
  if (correlating !== undefined) {
    return { explained: [], correlation: explainTogether(correlating, events, undefined, exceptedBy), problems };
  }
  const explained = explainerOf(rule, exceptedBy);
  return { explained: events.map((event) => ({ event: event.document(), explanation: explained(event) })), problems };
}

/** The rule where it is one over several events: a sequence, a sample, a correlation. */
export function correlationOf({
  document,
  plan,
}: Pick<LoadedRule, 'document' | 'plan'>): ExplainedCorrelation | undefined {
  return plan.kind === 'event' ? undefined : { document, plan };
}

/** The events of a record that is given as it is, and why lines of it hold none. */
export function readRecord(record: JsonObject | string): {
  readonly events: readonly Event[];
  readonly problems: readonly string[];
} {
  const events: Event[] = [];
  const rejects: Reject[] = [];
  const sink = { event: (event: Event) => events.push(event), reject: (reject: Reject) => rejects.push(reject) };
  const reader = openStream({ standsInForEndpoint: true, now: Date.now }, sink);
  const splitter = new LineSplitter({
    origin: (offset, line) => ({ path: 'record', offset, line }),
    onTooLong: (reject) => reader.missed(reject),
  });
  splitter.feed(Buffer.from(typeof record === 'string' ? record : JSON.stringify(record)));
  for (let line = splitter.next(); line !== undefined; line = splitter.next()) reader.line(line);
  const last = splitter.finish();
  if (last !== undefined) reader.line(last);
  reader.end();
  return { events, problems: rejects.map(({ reason }) => reason) };
}
