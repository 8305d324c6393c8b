/** What the service knows of a query that is being written. */
import { queryOptions } from '@tanstack/react-query';
import type { QueryCompletions, QueryFinding, QueryHover, QueryPlace } from '../../../src/serve/language-api.ts';
import { request, sending } from './client.ts';

/** Languages whose parsers help while a query is written. */
export type AssistedLanguage = 'eql' | 'kuery' | 'kusto';

export function completeQuery(
  language: AssistedLanguage,
  place: QueryPlace,
  signal: AbortSignal,
): Promise<QueryCompletions> {
  return request(`/api/language/${language}/complete`, { ...sending('POST', place), signal });
}

export function hoverQuery(language: AssistedLanguage, place: QueryPlace): Promise<QueryHover | null> {
  return request(`/api/language/${language}/hover`, sending('POST', place));
}

export function findingsQuestion(language: AssistedLanguage, text: string) {
  return queryOptions({
    queryKey: ['findings', language, text],
    queryFn: ({ signal }) =>
      request<readonly QueryFinding[]>(`/api/language/${language}/check`, { ...sending('POST', { text }), signal }),
    gcTime: 60_000,
    retry: false,
  });
}
