/**
 * What the pages ask of exceptions, value lists and explanations, and what they change there.
 */
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type {
  ExceptionCheck,
  ExceptionDraft,
  ExceptionEffect,
  ExceptionHistoryEntry,
  ExceptionScenario,
  ExceptionSummary,
  ImportReport,
  ImportText,
  KnownField,
  ListChange,
  NewList,
  RuleRun,
  TimeWindow,
  ValueList,
  WindowForecast,
} from '../../../src/serve/exception-api.ts';
import type { RuleExplanation } from '../../../src/serve/triage-api.ts';
import { get, HOLDS_ERRORS, queryString, request, sending } from './client.ts';
import { signature } from './signer.ts';

export const exceptionsQuestion = queryOptions({
  queryKey: ['exceptions'],
  queryFn: ({ signal }) => get<readonly ExceptionSummary[]>('/api/exceptions', signal),
  staleTime: 5_000,
});

export function exceptionQuestion(id: string) {
  return queryOptions({
    queryKey: ['exception', id],
    queryFn: ({ signal }) => get<ExceptionSummary>(exceptionPath(id), signal),
  });
}

export function exceptionHistoryQuestion(id: string) {
  return queryOptions({
    queryKey: ['exception-history', id],
    queryFn: ({ signal }) => get<readonly ExceptionHistoryEntry[]>(`${exceptionPath(id)}/history`, signal),
  });
}

export function ruleExceptionsQuestion(rule: string) {
  return queryOptions({
    queryKey: ['exceptions', 'rule', rule],
    queryFn: ({ signal }) => get<readonly ExceptionSummary[]>(`/api/exceptions${queryString({ rule })}`, signal),
    staleTime: 5_000,
  });
}

export function ruleRunsQuestion(rule: string, limit: number) {
  return queryOptions({
    queryKey: ['runs', rule, limit],
    queryFn: ({ signal }) =>
      get<readonly RuleRun[]>(`/api/rules/${encodeURIComponent(rule)}/runs${queryString({ limit })}`, signal),
    staleTime: 0,
  });
}

export const scenariosQuestion = queryOptions({
  queryKey: ['scenarios'],
  queryFn: ({ signal }) => get<readonly ExceptionScenario[]>('/api/exceptions/scenarios', signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const fieldsQuestion = queryOptions({
  queryKey: ['fields'],
  queryFn: ({ signal }) => get<readonly KnownField[]>('/api/fields', signal),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Exceptions that an alert suggests, the narrowest first. */
export function suggestionsQuestion(alert: string) {
  return queryOptions({
    queryKey: ['suggestions', alert],
    queryFn: ({ signal }) =>
      get<readonly ExceptionDraft[]>(`/api/alerts/${encodeURIComponent(alert)}/exceptions`, signal),
  });
}

/** What is wrong with a draft, and what it says. The answer before stays until the next one is there. */
export function exceptionCheckQuestion(draft: ExceptionDraft) {
  return queryOptions({
    queryKey: ['exception-check', JSON.stringify(draft)],
    queryFn: ({ signal }) => request<ExceptionCheck>('/api/exceptions/check', { ...sending('POST', draft), signal }),
    placeholderData: (previous) => previous,
    gcTime: 60_000,
  });
}

/** What a draft would remove of what is stored. */
export function effectQuestion(draft: ExceptionDraft) {
  return queryOptions({
    queryKey: ['exception-effect', JSON.stringify(draft)],
    queryFn: ({ signal }) => request<ExceptionEffect>('/api/exceptions/preview', { ...sending('POST', draft), signal }),
    placeholderData: (previous) => previous,
    gcTime: 60_000,
  });
}

export function forecastQuestion(windows: readonly TimeWindow[]) {
  return queryOptions({
    queryKey: ['forecast', JSON.stringify(windows)],
    queryFn: ({ signal }) =>
      request<readonly WindowForecast[]>('/api/exceptions/windows', { ...sending('POST', { windows }), signal }),
    placeholderData: (previous) => previous,
  });
}

export const listsQuestion = queryOptions({
  queryKey: ['lists'],
  queryFn: ({ signal }) => get<readonly ValueList[]>('/api/lists', signal),
});

/** Keeps a new exception, or with an id changes one; the check, where it was refused. */
export function saveException(draft: ExceptionDraft, id?: string): Promise<ExceptionSummary | ExceptionCheck> {
  const path = id === undefined ? '/api/exceptions' : exceptionPath(id);
  return request(path + queryString(signature()), sending(id === undefined ? 'POST' : 'PUT', draft), [HOLDS_ERRORS]);
}

export function removeException(id: string): Promise<{ removed: true }> {
  return request(exceptionPath(id) + queryString(signature()), sending('DELETE', {}));
}

export function importExceptions(text: ImportText): Promise<ImportReport> {
  return request(`/api/exceptions/import${queryString(signature())}`, sending('POST', text));
}

export function makeList(list: NewList): Promise<ValueList> {
  return request('/api/lists', sending('POST', list));
}

/** Adds values to a list or takes them out, one a line. */
export function changeListValues(id: string, how: 'add' | 'remove', text: string | Blob): Promise<ListChange> {
  return request(`${listPath(id)}/items`, {
    method: how === 'add' ? 'POST' : 'DELETE',
    headers: { 'content-type': 'application/octet-stream' },
    body: text,
  });
}

export function removeList(id: string): Promise<{ removed: true }> {
  return request(listPath(id), sending('DELETE', {}));
}

export function explainRule(rule: string, asked: { event: string } | { text: string }): Promise<RuleExplanation> {
  return request(`/api/rules/${encodeURIComponent(rule)}/explain`, sending('POST', asked));
}

/** Where the browser gets a list's values from. */
export function listPath(id: string): string {
  return `/api/lists/${encodeURIComponent(id)}`;
}

/** After a change, whatever shows exceptions is asked again. */
export function forgetExceptions(client: QueryClient): void {
  for (const kind of ['exceptions', 'exception', 'exception-history', 'exception-check', 'lists']) {
    void client.invalidateQueries({ queryKey: [kind] });
  }
}

function exceptionPath(id: string): string {
  return `/api/exceptions/${encodeURIComponent(id)}`;
}
