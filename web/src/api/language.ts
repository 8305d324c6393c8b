/** What the service knows of a query that is being written. */
import { queryOptions } from '@tanstack/react-query';
import type { QueryCompletions, QueryFinding, QueryHover, QueryPlace } from '../../../src/serve/language-api.ts';
import { request, sending } from './client.ts';

export function completeQuery(place: QueryPlace, signal: AbortSignal): Promise<QueryCompletions> {
  return request('/api/language/eql/complete', { ...sending('POST', place), signal });
}

export function hoverQuery(place: QueryPlace): Promise<QueryHover | null> {
  return request('/api/language/eql/hover', sending('POST', place));
}

export function eqlFindingsQuestion(text: string) {
  return queryOptions({
    queryKey: ['eql-findings', text],
    queryFn: ({ signal }) =>
      request<readonly QueryFinding[]>('/api/language/eql/check', { ...sending('POST', { text }), signal }),
    gcTime: 60_000,
    retry: false,
  });
}
