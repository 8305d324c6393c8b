/** What the pages ask and say of changes made here to rules, and of their revisions. */
import { queryOptions } from '@tanstack/react-query';
import type { RuleDetail } from '../../../src/serve/api.ts';
import type { OverlayRequest, RuleDiff, RuleRevision } from '../../../src/serve/rule-change-api.ts';
import { get, queryString, request, sending } from './client.ts';

export function changeRuleHere(id: string, changes: OverlayRequest): Promise<RuleDetail> {
  return request(`/api/rules/${encodeURIComponent(id)}/overlay`, sending('PUT', changes));
}

export function revisionsQuestion(id: string) {
  return queryOptions({
    queryKey: ['rule', id, 'revisions'],
    queryFn: ({ signal }) => get<readonly RuleRevision[]>(`/api/rules/${encodeURIComponent(id)}/revisions`, signal),
  });
}

/** Two revisions never change. */
export function diffQuestion(id: string, from: number, to: number) {
  return queryOptions({
    queryKey: ['diff', id, from, to],
    queryFn: ({ signal }) =>
      get<RuleDiff>(`/api/rules/${encodeURIComponent(id)}/diff${queryString({ from, to })}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
