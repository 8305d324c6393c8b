/**
 * The routes of alerts: list, count over time, one alert, its triage. Reads come from the store beside the writer;
 * changes go to the writer and are told to every open page.
 */
import type { FastifyInstance } from 'fastify';
import type { AlertQuery } from '../store/alert-query.ts';
import { isProblem, selectAlerts } from '../store/alert-selection.ts';
import { alertDetail, alertNotFound } from './alert-detail.ts';
import type { AlertDetail, AlertPage, Histogram, StatusChange } from './api.ts';
import { ApiFailure } from './api-error.ts';
import type { LiveHub } from './live-hub.ts';
import { ALERTS_QUERY, HISTOGRAM_QUERY, MAX_BUCKETS, NO_QUERY, STATUS_CHANGE } from './request-schema.ts';
import type { ServerOptions } from './server-options.ts';

/** As it stands in the URL: everything is text. */
type AlertParameters = { readonly [name in keyof AlertQuery | 'buckets']?: string };
interface ById {
  Params: { id: string };
}

const DEFAULT_BUCKETS = 60;

export function addAlertRoutes(app: FastifyInstance, options: ServerOptions, hub: LiveHub): void {
  const { store } = options;

  app.get<{ Querystring: AlertParameters }>(
    '/api/alerts',
    { schema: { querystring: ALERTS_QUERY } },
    (request): AlertPage => store.alerts(queryOf(request.query)),
  );

  app.get<{ Querystring: AlertParameters }>(
    '/api/alerts/histogram',
    { schema: { querystring: HISTOGRAM_QUERY } },
    (request): Histogram => {
      const { buckets, ...parameters } = request.query;
      return store.histogram(queryOf(parameters), bucketsOf(buckets));
    },
  );

  app.get<ById>('/api/alerts/:id', { schema: { querystring: NO_QUERY } }, (request) =>
    alertDetail(options, request.params.id),
  );

  app.post<ById & { Body: StatusChange }>(
    '/api/alerts/:id/status',
    { schema: { querystring: NO_QUERY, body: STATUS_CHANGE } },
    async (request): Promise<AlertDetail> => {
      const { id } = request.params;
      checkReason(request.body);
      const by = request.body.by?.trim() || options.operator;
      const change = { ...request.body, by, time: options.now().toISOString() };
      if (!(await writing(options.setStatus(id, change)))) throw alertNotFound(id);
      hub.alertsChanged([id], 0);
      hub.statusChanged();
      return alertDetail(options, id);
    },
  );
}

/** What the writer could not do is told in its own words. */
export async function writing<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    const { message, hint } = error as { message?: unknown; hint?: unknown };
    const text = typeof message === 'string' ? message : 'The change could not be kept.';
    throw new ApiFailure('write-failed', text, typeof hint === 'string' ? hint : undefined, error);
  }
}

function queryOf({ limit, ...parameters }: AlertParameters): AlertQuery {
  const query = { ...parameters, ...(limit === undefined ? {} : { limit: Number(limit) }) } as AlertQuery;
  const selection = selectAlerts(query);
  if (isProblem(selection)) throw new ApiFailure('query-invalid', selection.message, selection.hint);
  return query;
}

function bucketsOf(text: string | undefined): number {
  const buckets = text === undefined ? DEFAULT_BUCKETS : Number(text);
  if (buckets >= 2 && buckets <= MAX_BUCKETS) return buckets;
  throw new ApiFailure('query-invalid', `\`buckets\` is ${buckets}.`, `A whole number from 2 to ${MAX_BUCKETS}.`);
}

function checkReason({ status, reason }: StatusChange): void {
  if (status === 'closed' && reason === undefined) {
    const hint = 'One of true_positive, benign_positive, false_positive, duplicate.';
    throw new ApiFailure('body-invalid', 'To close an alert takes a `reason`.', hint);
  }
  if (status !== 'closed' && reason !== undefined) {
    throw new ApiFailure('body-invalid', 'Only closing takes a `reason`.', 'Leave `reason` out, or close the alert.');
  }
}
