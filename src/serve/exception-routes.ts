/**
 * The routes of exceptions and value lists. What a draft means is judged by the desk, whose check a refused draft is
 * answered with; lists come and go line by line, so that a million values never stand in one text.
 */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { readDraft } from '../detect/exceptions/draft-shape.ts';
import { EXCEPTION_SCENARIOS } from '../detect/exceptions/scenarios.ts';
import { DeskRefusal, type ExceptionDesk, type Saved } from '../engine/exception-desk.ts';
import { ListTooLarge } from '../engine/list-reader.ts';
import { writing } from './alert-routes.ts';
import { ApiFailure } from './api-error.ts';
import type {
  ExceptionCheck,
  ExceptionDraft,
  ExceptionEffect,
  ExceptionHistoryEntry,
  ExceptionScenario,
  ExceptionSummary,
  ImportReport,
  ImportText,
  ListChange,
  NewList,
  RuleRun,
  ValueList,
} from './exception-api.ts';
import {
  BY_QUERY,
  EXCEPTION_DRAFT,
  EXCEPTION_LIMIT,
  EXCEPTIONS_QUERY,
  EXPORT_QUERY,
  IMPORT_LIMIT,
  IMPORT_TEXT,
  MAX_RUNS,
  NEW_LIST,
  NO_QUERY,
  RUNS_QUERY,
} from './request-schema.ts';
import type { ServerOptions } from './server-options.ts';

interface ById {
  Params: { id: string };
}
interface Signed {
  Querystring: { by?: string };
}

/** Long enough to look at some 100,000 events, short enough to wait for. */
const PREVIEW_MS = 4_000;
const DEFAULT_RUNS = 50;

export function addExceptionRoutes(
  app: FastifyInstance,
  options: Pick<ServerOptions, 'exceptions' | 'store' | 'rules' | 'operator'>,
): void {
  const desk = options.exceptions;
  const plain = { querystring: NO_QUERY };
  const drafting = { schema: { ...plain, body: EXCEPTION_DRAFT }, bodyLimit: EXCEPTION_LIMIT };
  const keeping = { schema: { querystring: BY_QUERY, body: EXCEPTION_DRAFT }, bodyLimit: EXCEPTION_LIMIT };
  const byOf = ({ by }: Signed['Querystring']): string => by ?? options.operator;

  app.get<{ Querystring: { rule?: string } }>(
    '/api/exceptions',
    { schema: { querystring: EXCEPTIONS_QUERY } },
    (request): Promise<readonly ExceptionSummary[]> => desk.all(request.query.rule),
  );

  app.get('/api/exceptions/scenarios', { schema: plain }, (): readonly ExceptionScenario[] => EXCEPTION_SCENARIOS);

  app.get<{ Querystring: { form?: string } }>(
    '/api/exceptions/export',
    { schema: { querystring: EXPORT_QUERY } },
    (request, reply) => exportTo(reply, desk, request.query.form),
  );

  app.post<{ Body: unknown }>(
    '/api/exceptions/check',
    drafting,
    (request): Promise<ExceptionCheck> => desk.check(draftIn(request.body)),
  );

  app.post<{ Body: unknown }>(
    '/api/exceptions/preview',
    drafting,
    (request): Promise<ExceptionEffect> => desk.preview(draftIn(request.body), PREVIEW_MS),
  );

  app.post<Signed & { Body: ImportText }>(
    '/api/exceptions/import',
    { schema: { querystring: BY_QUERY, body: IMPORT_TEXT }, bodyLimit: IMPORT_LIMIT },
    async (request): Promise<ImportReport> => {
      const { text, rules } = request.body;
      return await writing(desk.import(text, { by: byOf(request.query), ...(rules === undefined ? {} : { rules }) }));
    },
  );

  app.get<ById>('/api/exceptions/:id', { schema: plain }, async (request): Promise<ExceptionSummary> => {
    return (await desk.get(request.params.id)) ?? notFound(request.params.id);
  });

  app.get<ById>('/api/exceptions/:id/history', { schema: plain }, (request): readonly ExceptionHistoryEntry[] => {
    const history = desk.history(request.params.id);
    return history.length === 0 ? notFound(request.params.id) : history;
  });

  app.post<Signed & { Body: unknown }>('/api/exceptions', keeping, async (request, reply) => {
    const draft = draftIn(request.body);
    return answer(await changing(desk.add(draft, byOf(request.query)), 'exception-exists'), reply, 201);
  });

  app.put<ById & Signed & { Body: unknown }>('/api/exceptions/:id', keeping, async (request, reply) => {
    const { id } = request.params;
    const saved = await writing(desk.change(id, draftIn(request.body), byOf(request.query)));
    return answer(saved ?? notFound(id), reply, 200);
  });

  app.delete<ById & Signed>(
    '/api/exceptions/:id',
    { schema: { querystring: BY_QUERY } },
    async (request): Promise<{ removed: true }> => {
      const { id } = request.params;
      return (await writing(desk.remove(id, byOf(request.query)))) ? { removed: true } : notFound(id);
    },
  );

  app.get<ById>(
    '/api/alerts/:id/exceptions',
    { schema: plain },
    async (request): Promise<readonly ExceptionDraft[]> => {
      const { id } = request.params;
      const stored = options.store.alert(id);
      if (stored !== undefined) return await desk.fromAlert(stored.alert);
      throw new ApiFailure('alert-not-found', `There is no alert ${JSON.stringify(id.slice(0, 80))}.`);
    },
  );

  app.get<ById & { Querystring: { limit?: string } }>(
    '/api/rules/:id/runs',
    { schema: { querystring: RUNS_QUERY } },
    (request): readonly RuleRun[] => {
      const { id } = request.params;
      const runs = desk.runs(id, limitOf(request.query.limit));
      if (runs.length > 0 || options.rules().some(({ document }) => document.id === id)) return runs;
      throw new ApiFailure('rule-not-found', `No rule ${JSON.stringify(id.slice(0, 80))} is loaded.`);
    },
  );

  addListRoutes(app, desk);
}

function addListRoutes(app: FastifyInstance, desk: ExceptionDesk): void {
  const plain = { querystring: NO_QUERY };

  app.get('/api/lists', { schema: plain }, (): readonly ValueList[] => desk.lists());

  app.post<{ Body: NewList }>('/api/lists', { schema: { ...plain, body: NEW_LIST } }, async (request, reply) => {
    return reply.code(201).send(await changing(desk.addList(request.body), 'list-exists'));
  });

  app.delete<ById>('/api/lists/:id', { schema: plain }, async (request): Promise<{ removed: true }> => {
    const { id } = request.params;
    return (await changing(desk.removeList(id), 'list-in-use')) ? { removed: true } : listNotFound(id);
  });

  app.get<ById>('/api/lists/:id/items', { schema: plain }, (request, reply) => {
    const values = desk.values(request.params.id) ?? listNotFound(request.params.id);
    return reply.type('text/plain; charset=utf-8').send(Readable.from(values));
  });

  app.post<ById & { Body: unknown }>('/api/lists/:id/items', { schema: plain }, (request) =>
    changeValues(desk, request.params.id, 'add', request.body),
  );

  app.delete<ById & { Body: unknown }>('/api/lists/:id/items', { schema: plain }, (request) =>
    changeValues(desk, request.params.id, 'remove', request.body),
  );
}

async function changeValues(
  desk: ExceptionDesk,
  id: string,
  how: 'add' | 'remove',
  body: unknown,
): Promise<ListChange> {
  if (!(body instanceof Readable)) {
    const hint = 'Send one value a line, with the header Content-Type: application/octet-stream.';
    throw new ApiFailure('type-refused', 'The values of a list are sent as lines of text, not as JSON.', hint);
  }
  try {
    return (await writing(desk.changeValues(id, how, body))) ?? listNotFound(id);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof ListTooLarge) throw new ApiFailure('body-too-large', cause.message, cause.hint, cause);
    throw error;
  }
}

function exportTo(reply: FastifyReply, desk: ExceptionDesk, form = 'elastic'): FastifyReply {
  if (form === 'vedette') {
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', 'attachment; filename="exceptions.json"')
      .send(desk.exportOwn());
  }
  const { text, leftOut } = desk.exportElastic();
  return reply
    .type('application/x-ndjson')
    .header('content-disposition', 'attachment; filename="exceptions.ndjson"')
    .header('x-vedette-left-out', String(leftOut.length))
    .send(text);
}

function answer(saved: Saved, reply: FastifyReply, code: number): FastifyReply {
  return 'saved' in saved ? reply.code(code).send(saved.saved) : reply.code(422).send(saved.refused);
}

function draftIn(body: unknown): ExceptionDraft {
  const read = readDraft(body);
  if ('draft' in read) return read.draft;
  throw new ApiFailure('body-invalid', read.problem.message, read.problem.hint);
}

/** @throws {ApiFailure} of this code for what the desk refuses */
async function changing<T>(change: Promise<T>, code: 'exception-exists' | 'list-exists' | 'list-in-use'): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (error instanceof DeskRefusal) throw new ApiFailure(code, error.message, error.hint, error);
    return await writing(Promise.reject(error));
  }
}

function limitOf(text: string | undefined): number {
  const limit = text === undefined ? DEFAULT_RUNS : Number(text);
  if (limit >= 1 && limit <= MAX_RUNS) return limit;
  throw new ApiFailure('query-invalid', `\`limit\` is ${limit}.`, `A whole number from 1 to ${MAX_RUNS}.`);
}

function notFound(id: string): never {
  throw new ApiFailure('exception-not-found', `There is no exception ${JSON.stringify(id.slice(0, 80))}.`);
}

function listNotFound(id: string): never {
  throw new ApiFailure('list-not-found', `There is no value list ${JSON.stringify(id.slice(0, 80))}.`);
}
