/**
 * The doors for events: lines of any format, and Elasticsearch's `_bulk`, with what its shippers ask before they send.
 *
 *   request ──token──▶ body, decompressed ──deliver──▶ the thread that reads ──commit──▶ answer
 *
 * An answer of success goes out when the events are durable and so are the alerts for them. Bodies are not looked into
 * here. Errors have the API's form on `/api/ingest`, and Elasticsearch's elsewhere.
 */

import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Delivered, Delivery, EventRange } from '../engine/delivery.ts';
import type { Intake } from '../engine/intake.ts';
import { writing } from './alert-routes.ts';
import { ApiFailure, toApiFailure } from './api-error.ts';
import { RETRY_SECONDS, receiveBody } from './delivery-body.ts';
import { addElasticHandshake } from './elastic-handshake.ts';
import { elasticError, elasticHeaders } from './elastic-words.ts';
import { showsToken } from './ingest-token.ts';
import { BULK_QUERY, INGEST_QUERY } from './request-schema.ts';

export interface IngestOptions {
  readonly deliver: (delivery: Delivery) => Promise<Delivered>;
  readonly intake: Intake;
  /** What shippers have to show; without one, whoever reaches the service may send. */
  readonly token?: string;
  /** Asks for rules to be run over the past. */
  readonly requestManualRun: (wanted: ManualRunWish) => Promise<ManualRunAnswer>;
}

export interface ManualRunWish extends EventRange {
  readonly reason: string;
}

/** Whether a run was asked for, and its name where it has one. */
export interface ManualRunAnswer {
  readonly state: 'wanted' | 'queued';
  readonly id?: string;
}

const NAME = /^[\w.@-]{1,100}$/;
/** Names of programs in `User-Agent`, as `Elastic-filebeat/8.17.0 (linux; …)`. */
const PROGRAM = /^(?:elastic[-/ ])?([a-z][a-z\d_-]{1,40})/i;

type BulkRequest = FastifyRequest<{
  Querystring: { source?: string; history?: string; filter_path?: string };
  Params: { index?: string };
}>;
type IngestRequest = FastifyRequest<{ Querystring: { source?: string; history?: string } }>;

export function addIngestRoutes(app: FastifyInstance, options: IngestOptions): void {
  const { token } = options;

  app.register(async (door) => {
    takeAnyBody(door);
    door.addHook('onRequest', async (request) => {
      if (token !== undefined && !showsToken(request.headers.authorization, token)) throw unauthorised(request);
    });

    door.post('/api/ingest', { schema: { querystring: INGEST_QUERY } }, async (request: IngestRequest, reply) => {
      const { source = 'default' } = request.query;
      const history = historyOf(request);
      const isHistory = history !== undefined;
      const delivered = await received(request, reply, options, { source: checked(source), form: 'lines', isHistory });
      if (delivered.kind !== 'lines') throw refusal(delivered, reply);
      const run = history === 'true' ? await askForRun(options, source, delivered.taken.range) : undefined;
      return { ...delivered.taken, ...(run === undefined ? {} : { run }) };
    });
  });

  app.register(async (door) => {
    takeAnyBody(door);
    door.addHook('onRequest', async (request, reply) => {
      reply.headers(elasticHeaders(request));
      if (token !== undefined && !showsToken(request.headers.authorization, token)) throw unauthorised(request);
    });
    door.setErrorHandler((error, request, reply) => {
      const failure = toApiFailure(error, request);
      if (failure.code === 'token-refused') reply.header('www-authenticate', 'Basic realm="vedette", ApiKey, Bearer');
      if (failure.code === 'ingest-busy' && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_SECONDS);
      return reply.code(failure.status).send(elasticError(failure));
    });
    addElasticHandshake(door);

    const bulk = async (request: BulkRequest, reply: FastifyReply) => {
      const { index } = request.params;
      const history = historyOf(request);
      const delivered = await received(request, reply, options, {
        source: checked(request.query.source ?? programOf(request)),
        form: 'bulk',
        isHistory: history !== undefined,
        isBrief: isBrief(request.query.filter_path),
        ...(index === undefined ? {} : { index }),
      });
      if (delivered.kind !== 'bulk') {
        const failure = refusal(delivered, reply);
        if (!('answer' in delivered) || delivered.answer === undefined) throw failure;
        return reply.code(failure.status).send(Buffer.from(delivered.answer));
      }
      if (history === 'true') await askForRun(options, programOf(request), delivered.range);
      // As bytes: to text the server would add what clients do not expect in the type.
      return reply.send(Buffer.from(delivered.answer));
    };
    for (const method of ['POST', 'PUT'] as const) {
      for (const url of ['/_bulk', '/:index/_bulk', '/:index/:type/_bulk']) {
        door.route({ method, url, schema: { querystring: BULK_QUERY }, handler: bulk });
      }
    }
  });
}

/** Whatever its type is said to be, it is read as it comes. */
function takeAnyBody(door: FastifyInstance): void {
  door.removeAllContentTypeParsers();
  door.addContentTypeParser('*', (_request, body, done) => done(null, body));
}

async function received(
  request: FastifyRequest,
  reply: FastifyReply,
  { intake, deliver }: IngestOptions,
  about: Omit<Delivery, 'body'>,
): Promise<Delivered> {
  const room = intake.begin();
  const turn = turnOf(request.headers['x-vedette-stream']);
  let isRefused = false;
  try {
    const stream = (request.body as Readable | undefined) ?? Readable.from([]);
    const body = await receiveBody(request.raw, stream, room);
    await turn.before;
    const delivered = writing(deliver({ ...about, body }));
    turn.end();
    return await delivered;
  } catch (error) {
    isRefused = error instanceof ApiFailure && error.code === 'ingest-busy';
    if (isRefused) reply.header('retry-after', RETRY_SECONDS);
    throw error;
  } finally {
    turn.end();
    room.end(isRefused);
  }
}

const turns = new Map<string, Promise<void>>();

/** Requests of one stream are handed over in the order in which they began; those of none as they come. */
function turnOf(stream: string | string[] | undefined): { readonly before: Promise<void>; readonly end: () => void } {
  if (typeof stream !== 'string' || stream.length > 100) return { before: Promise.resolve(), end: () => {} };
  const before = turns.get(stream) ?? Promise.resolve();
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  turns.set(stream, ended);
  void ended.then(() => {
    if (turns.get(stream) === ended) turns.delete(stream);
  });
  return { before, end };
}

function refusal(delivered: Delivered, reply: FastifyReply): ApiFailure {
  switch (delivered.kind) {
    case 'later':
      reply.header('retry-after', delivered.seconds);
      return new ApiFailure('ingest-busy', delivered.reason, `Send it again in ${delivered.seconds} s.`);
    case 'failed':
      reply.header('retry-after', RETRY_SECONDS);
      return new ApiFailure('write-failed', delivered.reason);
    case 'malformed':
      return new ApiFailure('body-invalid', delivered.reason);
    default:
      throw new TypeError(`a delivery was answered with ${delivered.kind}`);
  }
}

async function askForRun({ requestManualRun }: IngestOptions, source: string, range: EventRange | undefined) {
  if (range === undefined) return undefined;
  return { ...range, ...(await requestManualRun({ ...range, reason: `Events of the past from ${source}` })) };
}

/** Of the past; `stored` where whoever sends will ask for the run himself, once for many requests. */
function historyOf(request: FastifyRequest): 'true' | 'stored' | undefined {
  const { history } = request.query as { history?: string };
  const asked = history ?? request.headers['x-vedette-history'];
  if (asked === 'stored') return 'stored';
  return asked === 'true' || asked === '' ? 'true' : undefined;
}

function checked(source: string): string {
  if (NAME.test(source)) return source;
  const hint = 'Letters, digits and . _ @ - are accepted, at most 100.';
  throw new ApiFailure('query-invalid', 'The name of the source cannot be used.', hint);
}

function programOf({ headers }: FastifyRequest): string {
  return PROGRAM.exec(headers['user-agent'] ?? '')?.[1]?.toLowerCase() ?? 'other';
}

/** Beats ask for these parts of the answer only; whatever else is asked for, all of it is right, too. */
function isBrief(filter: string | undefined): boolean {
  if (filter === undefined) return false;
  return filter.split(',').every((path) => /^(?:errors|items\.\*\.(?:error|status))(?:\.|$)/.test(path));
}

function unauthorised({ headers }: FastifyRequest): ApiFailure {
  const what = headers.authorization === undefined ? 'The request shows no token.' : 'The token is not the right one.';
  return new ApiFailure('token-refused', what, 'Send Authorization: Bearer, ApiKey or Basic with the ingest token.');
}
