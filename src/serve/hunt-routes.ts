/**
 * The route of hunts over the stored events. Shapes: `hunt-api.ts`. It ends when its time is up, or when whoever asked
 * has gone.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HuntBars, HuntFinds } from '../engine/event-search.ts';
import { type HuntResult, huntStored } from '../engine/hunt-query.ts';
import { eventOfRecord } from '../engine/stored-event.ts';
import type { EventRecord } from '../store/event-store.ts';
import { ApiFailure, AskerGone } from './api-error.ts';
import { reading, summaryOf } from './event-routes.ts';
import type { HuntAnswer, HuntAsk } from './hunt-api.ts';
import { findingsOf } from './language-routes.ts';
import { HUNT_ASK, NO_QUERY } from './request-schema.ts';
import type { ServerOptions } from './server-options.ts';
import type { EventDetail } from './triage-api.ts';

/** Long enough for some 200,000 events, short enough to wait for. */
const HUNT_MS = 10_000;
/** Bytes of a body: a query of 64,000 characters, escaped. */
export const BODY_LIMIT = 300_000;
export const UNPROCESSABLE = 422;

export function addHuntRoutes(app: FastifyInstance, { events, now }: Pick<ServerOptions, 'events' | 'now'>): void {
  app.post<{ Body: HuntAsk }>(
    '/api/hunt',
    { schema: { querystring: NO_QUERY, body: HUNT_ASK }, bodyLimit: BODY_LIMIT },
    async (request, reply) => {
      const { language, text, limit } = request.body;
      const question = { language, text, filter: rangeOf(request.body), now: now().getTime() };
      const began = performance.now();
      const options = {
        deadlineMs: HUNT_MS,
        signal: goneSignal(reply),
        ...(limit === undefined ? {} : { limit }),
      };
      const result = await reading(huntStored(events, question, options));
      const answer = answerOf(result, performance.now() - began);
      return reply.code(result.finds === undefined ? UNPROCESSABLE : 200).send(answer);
    },
  );
}

/** Aborted when the connection closes before it was answered. */
export function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.on('close', () => {
    if (!raw.writableFinished) gone.abort(new AskerGone());
  });
  return gone.signal;
}

export function rangeOf({ from, to }: Pick<HuntAsk, 'from' | 'to'>): { readonly from?: number; readonly to?: number } {
  const [fromMs, toMs] = [timeOf('from', from), timeOf('to', to)];
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    throw new ApiFailure('body-invalid', 'The time ends before it begins.', '`from` must lie before `to`.');
  }
  return { ...(fromMs === undefined ? {} : { from: fromMs }), ...(toMs === undefined ? {} : { to: toMs }) };
}

function timeOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  const hint = 'A time in ISO 8601, for example 2026-01-31T12:00:00Z.';
  throw new ApiFailure('body-invalid', `${name} is no time: ${JSON.stringify(text.slice(0, 40))}.`, hint);
}

const NOTHING: HuntFinds = { kind: 'events', events: [], groups: [], found: 0, read: 0, dropped: 0 };

function answerOf({ diagnostics, finds = NOTHING, columns }: HuntResult, ms: number): HuntAnswer {
  const { kind, events, groups, found, read, stoppedAt, dropped, bars } = finds;
  return {
    findings: findingsOf(diagnostics),
    kind,
    events: events.map(({ record, row }) => ({ ...detailOf(record), ...(row === undefined ? {} : { row }) })),
    groups: groups.map(({ key, events: steps }) => ({
      key,
      events: steps.map((record) => (record === null ? null : detailOf(record))),
    })),
    columns,
    found,
    read,
    ms: Math.round(ms),
    ...(stoppedAt === undefined ? {} : { stopped_at: isoOf(stoppedAt) }),
    ...(dropped === 0 ? {} : { dropped }),
    ...(bars === undefined ? {} : { histogram: histogramOf(bars) }),
  };
}

function detailOf(record: EventRecord): EventDetail {
  return { ...summaryOf(record), document: eventOfRecord(record).document() };
}

function histogramOf({ start, width, counts }: HuntBars): NonNullable<HuntAnswer['histogram']> {
  return { from: isoOf(start), to: isoOf(start + width * counts.length), bucket_ms: width, counts };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
