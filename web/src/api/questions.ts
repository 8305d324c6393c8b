/**
 * What the pages ask the service, as queries with their cache keys.
 *
 * The list never refreshes by itself (nothing moves under the cursor): it is read again when its filter changes, when
 * the reader asks for the new alerts, or when a page is opened. Counts beside it do follow the live updates.
 */
import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import type {
  AlertDetail,
  AlertPage,
  AlertQuery,
  Histogram,
  RuleCheck,
  RuleDetail,
  RuleSummary,
  SourceProfile,
  SourceSummary,
  Status,
} from '../../../src/serve/api.ts';
import { ApiProblem, checkRuleText, get, queryString } from './client.ts';

const PAGE_SIZE = 200;
const LONGEST_WAIT_MS = 15_000;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A loopback service is reachable while the machine is offline.
        networkMode: 'always',
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (_count, problem) => problem instanceof ApiProblem && problem.isPassing,
        retryDelay: (count) => Math.min(1000 * 2 ** count, LONGEST_WAIT_MS),
      },
      mutations: { networkMode: 'always' },
    },
  });
}

export const statusQuestion = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => get<Status>('/api/status', signal),
});

export function alertsQuestion(query: AlertQuery) {
  return infiniteQueryOptions({
    queryKey: ['alerts', query],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      get<AlertPage>(`/api/alerts${queryString({ ...query, limit: PAGE_SIZE, cursor: pageParam })}`, signal),
    getNextPageParam: (last) => last.next,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** How many alerts match, without the alerts. */
export function countQuestion(query: AlertQuery) {
  return queryOptions({
    queryKey: ['count', query],
    queryFn: ({ signal }) => get<AlertPage>(`/api/alerts${queryString({ ...query, limit: 1 })}`, signal),
  });
}

/** Counts over time; an order means nothing to it. */
export function histogramQuestion(
  { sort: _sort, limit: _limit, cursor: _cursor, ...query }: AlertQuery,
  buckets: number,
) {
  return queryOptions({
    queryKey: ['histogram', query, buckets],
    queryFn: ({ signal }) => get<Histogram>(`/api/alerts/histogram${queryString({ ...query, buckets })}`, signal),
    placeholderData: (previous) => previous,
  });
}

export function alertQuestion(id: string) {
  return queryOptions({
    queryKey: ['alert', id],
    queryFn: ({ signal }) => get<AlertDetail>(`/api/alerts/${encodeURIComponent(id)}`, signal),
  });
}

export const rulesQuestion = queryOptions({
  queryKey: ['rules'],
  queryFn: ({ signal }) => get<readonly RuleSummary[]>('/api/rules', signal),
});

export function ruleQuestion(id: string) {
  return queryOptions({
    queryKey: ['rule', id],
    queryFn: ({ signal }) => get<RuleDetail>(`/api/rules/${encodeURIComponent(id)}`, signal),
  });
}

/** Sources are asked again while they are looked at: each answer is put together only then. */
const SOURCE_REFRESH_MS = 5_000;

export const sourcesQuestion = queryOptions({
  queryKey: ['sources'],
  queryFn: ({ signal }) => get<readonly SourceSummary[]>('/api/sources', signal),
  refetchInterval: SOURCE_REFRESH_MS,
  staleTime: SOURCE_REFRESH_MS,
});

export function sourceQuestion(name: string) {
  return queryOptions({
    queryKey: ['source', name],
    queryFn: ({ signal }) => get<SourceProfile>(`/api/sources/${encodeURIComponent(name)}`, signal),
    refetchInterval: SOURCE_REFRESH_MS,
    staleTime: SOURCE_REFRESH_MS,
  });
}

/** What a text that may hold rules holds. The answer before stays until the next one is there. */
export function ruleCheckQuestion(text: string) {
  return queryOptions({
    queryKey: ['check', text],
    queryFn: ({ signal }): Promise<RuleCheck> => checkRuleText(text, signal),
    placeholderData: (previous) => previous,
    staleTime: Number.POSITIVE_INFINITY,
    // The key is the text itself, which can be long.
    gcTime: 0,
  });
}

/** The newest alerts of a rule, as they are when its page is opened. */
export function latestAlertsQuestion(query: AlertQuery) {
  return queryOptions({
    queryKey: ['latest', query],
    queryFn: ({ signal }) => get<AlertPage>(`/api/alerts${queryString(query)}`, signal),
    staleTime: 0,
  });
}
