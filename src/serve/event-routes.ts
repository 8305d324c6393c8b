/**
 * The routes of stored events: a list, searched in EQL where asked, and one event whole. Answered by the thread that
 * reads them; a search ends at its time limit and says how far it came.
 */
import type { FastifyInstance } from 'fastify';
import { describeEvent } from '../detect/sentence.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { positionAt } from '../diagnostic/span.ts';
import { type EventSearch, SearchError, type SearchResult } from '../engine/event-search.ts';
import { kindOf } from '../engine/event-tally.ts';
import { eventOfRecord } from '../engine/stored-event.ts';
import { formatTime, parseTime, timeFromMs } from '../event/time.ts';
import { isEventCursor } from '../store/event-cursor.ts';
import type { EventQuery, EventRecord, IndexedField } from '../store/event-store.ts';
import { ApiFailure } from './api-error.ts';
import { EVENTS_QUERY, MAX_EVENTS, NO_QUERY } from './request-schema.ts';
import type { EventDetail, EventList, EventParameters, EventSummary } from './triage-api.ts';

/** As it stands in the URL: everything is text. */
type Parameters = { readonly [name in keyof EventParameters]?: string };

const DEFAULT_EVENTS = 100;
/** Long enough to look at some 30,000 events, short enough to wait for. */
const SEARCH_MS = 2_000;
/** A list shows the beginning of a long command line; the event itself has it whole. */
const LONGEST_SHOWN = 2_000;

export function addEventRoutes(app: FastifyInstance, events: EventSearch): void {
  app.get<{ Querystring: Parameters }>(
    '/api/events',
    { schema: { querystring: EVENTS_QUERY } },
    async (request): Promise<EventList> => {
      const { query: text, ...parameters } = request.query;
      const query = eventQueryOf(parameters);
      if (text === undefined) {
        const { events: found, next } = await reading(events.query(query));
        return { events: found.map(summaryOf), ...(next === undefined ? {} : { next }) };
      }
      const limit = query.limit ?? DEFAULT_EVENTS;
      const result = await reading(events.search(query, { kind: 'eql', text }, { limit, deadlineMs: SEARCH_MS }));
      refuseErrors(result, text);
      return listOf(result);
    },
  );

  app.get<{ Params: { id: string } }>(
    '/api/events/:id',
    { schema: { querystring: NO_QUERY } },
    async (request): Promise<EventDetail> => {
      const { id } = request.params;
      const record = await reading(events.event(id));
      if (record !== undefined) {
        return { ...summaryOf(record), document: eventOfRecord(record).document() };
      }
      const hint = 'Recent events are kept for some days; an alert keeps its own for good.';
      throw new ApiFailure('event-not-found', `There is no stored event ${JSON.stringify(id.slice(0, 80))}.`, hint);
    },
  );
}

function listOf({ events, next, stoppedAt }: SearchResult): EventList {
  return {
    events: events.map(summaryOf),
    ...(next === undefined ? {} : { next }),
    ...(stoppedAt === undefined ? {} : { stopped_at: formatTime(timeFromMs(stoppedAt)) }),
  };
}

/** An event in short: what a list shows of it. */
export function summaryOf(record: EventRecord): EventSummary {
  const event = eventOfRecord(record);
  const host = event.text('host.name') ?? event.text('host.hostname');
  const user = event.text('user.name') ?? event.text('user.id');
  const process = event.text('process.name') ?? event.text('process.executable');
  const command = event.text('process.command_line');
  return {
    id: record.id,
    time: formatTime(event.time),
    sentence: describeEvent(event),
    kind: kindOf(event).slice(0, LONGEST_SHOWN),
    ...(host === undefined ? {} : { host: host.slice(0, LONGEST_SHOWN) }),
    ...(user === undefined ? {} : { user: user.slice(0, LONGEST_SHOWN) }),
    ...(process === undefined ? {} : { process: process.slice(0, LONGEST_SHOWN) }),
    ...(command === undefined ? {} : { command_line: command.slice(0, LONGEST_SHOWN) }),
  };
}

/** What the reading thread could not do is told in its own words. */
export async function reading<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof SearchError)) throw error;
    throw new ApiFailure('events-unavailable', error.message, error.hint, error);
  }
}

function refuseErrors({ diagnostics }: SearchResult, text: string): void {
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new ApiFailure('query-invalid', inPlace(error, text), error.hint);
}

function inPlace({ message, span }: Diagnostic, text: string): string {
  const { line, column } = positionAt(text, span.start);
  return `\`query\`, line ${line}, column ${column}: ${message}`;
}

function eventQueryOf({ from, to, host, user, process, limit, cursor }: Omit<Parameters, 'query'>): EventQuery {
  const fromMs = timeOf('from', from);
  const toMs = timeOf('to', to);
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    const message = `\`from\` (${from}) is not before \`to\` (${to}).`;
    throw new ApiFailure('query-invalid', message, '`from` is inclusive, `to` exclusive.');
  }
  if (cursor !== undefined && !isEventCursor(cursor)) {
    const hint = 'Pass on `next` as it came, or leave it out.';
    throw new ApiFailure('query-invalid', '`cursor` is not the `next` of a list of events.', hint);
  }
  const most = limit === undefined ? DEFAULT_EVENTS : Number(limit);
  if (most < 1 || most > MAX_EVENTS) {
    throw new ApiFailure('query-invalid', `\`limit\` is ${most}.`, `A whole number from 1 to ${MAX_EVENTS}.`);
  }
  const where: Partial<Record<IndexedField, string>> = {
    ...(host === undefined ? {} : { 'host.name': host }),
    ...(user === undefined ? {} : { 'user.name': user }),
    ...(process === undefined ? {} : { 'process.entity_id': process }),
  };
  return {
    where,
    limit: most,
    ...(fromMs === undefined ? {} : { from: fromMs }),
    ...(toMs === undefined ? {} : { to: toMs }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

function timeOf(name: 'from' | 'to', text: string | undefined): number | undefined {
  const time = text === undefined ? undefined : parseTime(text);
  if (text === undefined || time !== undefined) return time?.ms;
  const hint = 'ISO 8601, for example 2026-01-31T12:00:00Z or 2026-01-31; in a URL a + is written %2B.';
  throw new ApiFailure('query-invalid', `\`${name}\` is not a time: ${JSON.stringify(text)}.`, hint);
}
