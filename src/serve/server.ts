/**
 * The HTTP server: the API and the pages, on the loopback interface unless it is told otherwise.
 *
 *   request ──guard (host, origin, type)──▶ schema ──▶ route ──▶ JSON
 *                └──────────────┴───────────────┴─▶ ApiError with its status
 *
 * It serves; it does not work: reads take milliseconds, everything else is asked of those who do it.
 */
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { addAlertRoutes, writing } from './alert-routes.ts';
import { ApiFailure, AskerGone, toApiFailure } from './api-error.ts';
import { addEventRoutes } from './event-routes.ts';
import { addExceptionFormRoutes } from './exception-form-routes.ts';
import { addExceptionRoutes } from './exception-routes.ts';
import { addExplainRoutes } from './explain-routes.ts';
import { addHuntRoutes } from './hunt-routes.ts';
import { addIngestRoutes } from './ingest-routes.ts';
import { addLanguageRoutes } from './language-routes.ts';
import { listen } from './listen.ts';
import { LiveHub, MAX_LIVE_CLIENTS } from './live-hub.ts';
import { addPages } from './pages.ts';
import { addPreviewRoutes } from './preview-routes.ts';
import { guardRequest, SECURITY_HEADERS } from './request-guard.ts';
import { NO_QUERY } from './request-schema.ts';
import { addRuleRoutes } from './rule-routes.ts';
import { addRuleTestRoutes } from './rule-test-routes.ts';
import { addRunRoutes } from './run-routes.ts';
import type { ServerOptions } from './server-options.ts';
import { addSourceRoutes } from './source-routes.ts';
import { addSystemRoutes } from './system-routes.ts';
import { addTableRoutes } from './table-routes.ts';
import { addTriageRoutes } from './triage-routes.ts';

export interface Server {
  /** For requests in process (`inject`). */
  readonly app: FastifyInstance;
  /** @see listen */
  listen(port?: number, address?: string): Promise<string>;
  /** Alerts are new in the store: tells every open page. */
  alertsCreated(ids: readonly string[]): void;
  /** Something that `status` shows has changed. */
  statusChanged(): void;
  /** Ends the live connections and waits for requests under way. */
  close(): Promise<void>;
}

const BODY_LIMIT = 64 * 1024;
/** For a client to send its request, in milliseconds; a slower one only holds a connection. */
const REQUEST_TIMEOUT = 10_000;

export function createServer(options: ServerOptions): Server {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    forceCloseConnections: 'idle',
    // A source is named by its file, whose path may have as many bytes.
    routerOptions: { maxParamLength: 4_200 },
    // Nothing is altered to fit: what is not as the schema says is refused, with the schema's own words.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, verbose: true } },
    frameworkErrors: (error, request, reply) => answer(error, request, reply),
  });
  const hub = new LiveHub(options.status);
  const names = new Set((options.names ?? []).map((name) => name.toLowerCase()));
  readJsonBodies(app);
  // The lines of a value list, read as they come; the guard lets them in for lists alone.
  app.addContentTypeParser(['application/octet-stream', 'text/plain'], (_request, body, done) => done(null, body));

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    guardRequest(request, names);
  });
  app.setErrorHandler((error, request, reply) => answer(error, request, reply));
  app.addHook('preClose', async () => hub.close());

  addAlertRoutes(app, options, hub);
  addTriageRoutes(app, options, hub);
  addRuleRoutes(app, options, hub);
  addRuleTestRoutes(app, options);
  addPreviewRoutes(app, options);
  addLanguageRoutes(app, options);
  addSourceRoutes(app, options);
  addExceptionRoutes(app, options);
  addRunRoutes(app, options);
  addExceptionFormRoutes(app, options.now);
  addExplainRoutes(app, options);
  addEventRoutes(app, options.events);
  addHuntRoutes(app, options);
  addTableRoutes(app, options);
  const schema = { querystring: NO_QUERY };
  addSystemRoutes(app, options, () => hub.size);
  app.get('/api/status', { schema }, () => options.status());
  app.delete('/api/sample', { schema }, async () => {
    const removed = await writing(options.removeSample());
    hub.alertsChanged([], 0);
    hub.statusChanged();
    return { removed };
  });
  app.get('/api/live', { schema, exposeHeadRoute: false }, (_request, reply) => follow(hub, reply));
  addIngestRoutes(app, options.ingest);
  addPages(app, options.webFolder);

  function answer(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const failure = toApiFailure(error, request);
    if (failure.status >= 500 && !(failure instanceof AskerGone))
      options.onError(error, `${request.method} ${request.url}`);
    return reply
      .headers(SECURITY_HEADERS)
      .header('cache-control', 'no-store')
      .code(failure.status)
      .send(failure.toJSON());
  }

  return {
    app,
    listen: (port, address) => listen(app, port, address),
    alertsCreated: (ids) => hub.alertsChanged(ids, ids.length),
    statusChanged: () => hub.statusChanged(),
    close: () => app.close(),
  };
}

/** JSON only; an empty body is none, so that a DELETE may say that it is JSON and send nothing. */
function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(body as string));
    } catch (error) {
      done(error as FastifyError, undefined);
    }
  });
}

function follow(hub: LiveHub, reply: FastifyReply): void {
  if (hub.isFull) {
    const hint = 'Close some of them; without live updates, pages still show what is there when they are loaded.';
    throw new ApiFailure('live-full', `${MAX_LIVE_CLIENTS} pages already follow the live updates.`, hint);
  }
  reply.hijack();
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  });
  hub.add(reply.raw);
}
