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
  AlertSummary,
  Histogram,
  RuleCheck,
  RuleDetail,
  RuleSummary,
  SourceProfile,
  SourceSummary,
  Status,
} from '../../../src/serve/api.ts';
import type { SystemReport } from '../../../src/serve/system-api.ts';
import type {
  AlertContext,
  EventDetail,
  EventList,
  EventParameters,
  Guide,
  IncidentDetail,
  IncidentPage,
  IncidentQuery,
} from '../../../src/serve/triage-api.ts';
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

/** Asked again and again while somebody looks. */
export const systemQuestion = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }) => get<SystemReport>('/api/system', signal),
  refetchInterval: 2_000,
  staleTime: 0,
});

/** A page of the list. Its rows may stand for several alerts each (`total` counts rows); `counted` counts alerts. */
export interface ListPage extends AlertPage {
  readonly counted: Pick<AlertPage, 'total' | 'by_severity'>;
}

export function alertsQuestion(query: AlertQuery) {
  return infiniteQueryOptions({
    queryKey: ['alerts', query],
    initialPageParam: '',
    queryFn: async ({ signal, pageParam }): Promise<ListPage> => {
      const page = (asked: AlertQuery) => get<AlertPage>(`/api/alerts${queryString(asked)}`, signal);
      const rows = page({ ...query, limit: PAGE_SIZE, cursor: pageParam });
      const all = query.fold === undefined ? rows : page({ ...countable(query), limit: 1 });
      const [listed, counted] = await Promise.all([rows, all]);
      return { ...listed, counted };
    },
    getNextPageParam: (last) => last.next,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** How many alerts match, without the alerts. */
export function countQuestion(query: AlertQuery) {
  const asked = countable(query);
  return queryOptions({
    queryKey: ['count', asked],
    queryFn: ({ signal }) => get<AlertPage>(`/api/alerts${queryString({ ...asked, limit: 1 })}`, signal),
  });
}

/** Counts over time. */
export function histogramQuestion(all: AlertQuery, buckets: number) {
  const query = countable(all);
  return queryOptions({
    queryKey: ['histogram', query, buckets],
    queryFn: ({ signal }) => get<Histogram>(`/api/alerts/histogram${queryString({ ...query, buckets })}`, signal),
    placeholderData: (previous) => previous,
  });
}

/** Order and folding mean nothing to a count: it is always of alerts. */
function countable({ sort: _, limit: __, cursor: ___, fold: ____, ...query }: AlertQuery): AlertQuery {
  return query;
}

/** The alerts that are folded with this one, itself among them. */
export function membersQuestion(id: string) {
  return queryOptions({
    queryKey: ['members', id],
    queryFn: ({ signal }) => get<readonly AlertSummary[]>(`/api/alerts/${encodeURIComponent(id)}/members`, signal),
  });
}

export function alertQuestion(id: string) {
  return queryOptions({
    queryKey: ['alert', id],
    queryFn: ({ signal }) => get<AlertDetail>(`/api/alerts/${encodeURIComponent(id)}`, signal),
  });
}

/** After the service began, or while it is busy, the first look into the stored events may take longer than it has. */
const AGAIN_MS = 2_000;
const MOST_LOOKS = 4;

function again<T>(isUnfinished: (answer: T) => boolean) {
  return ({ state }: { state: { data: T | undefined; dataUpdateCount: number } }) =>
    state.data !== undefined && isUnfinished(state.data) && state.dataUpdateCount < MOST_LOOKS && AGAIN_MS;
}

/** What stood around an alert changes while more comes in, so it is asked anew with every visit. */
export function contextQuestion(id: string) {
  return queryOptions({
    queryKey: ['context', id],
    queryFn: ({ signal }) => get<AlertContext>(`/api/alerts/${encodeURIComponent(id)}/context`, signal),
    refetchInterval: again<AlertContext>(({ problem }) => problem !== undefined),
  });
}

export function guideQuestion(id: string) {
  return queryOptions({
    queryKey: ['guide', id],
    queryFn: ({ signal }) => get<Guide>(`/api/alerts/${encodeURIComponent(id)}/guide`, signal),
    refetchInterval: again<Guide>(({ unfinished }) => unfinished === true),
  });
}

const INCIDENT_PAGE = 50;

export function incidentsQuestion(query: IncidentQuery) {
  return infiniteQueryOptions({
    queryKey: ['incidents', query],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      get<IncidentPage>(`/api/incidents${queryString({ ...query, limit: INCIDENT_PAGE, cursor: pageParam })}`, signal),
    getNextPageParam: (last) => last.next,
  });
}

export function incidentQuestion(id: string) {
  return queryOptions({
    queryKey: ['incident', id],
    queryFn: ({ signal }) => get<IncidentDetail>(`/api/incidents/${encodeURIComponent(id)}`, signal),
  });
}

const EVENT_PAGE = 100;

/** Stored events. As with alerts, what is listed stays as it is until it is asked for again. */
export function eventsQuestion(query: EventParameters) {
  return infiniteQueryOptions({
    queryKey: ['events', query],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      get<EventList>(`/api/events${queryString({ ...query, limit: EVENT_PAGE, cursor: pageParam })}`, signal),
    getNextPageParam: (last) => last.next,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function eventQuestion(id: string) {
  return queryOptions({
    queryKey: ['event', id],
    queryFn: ({ signal }) => get<EventDetail>(`/api/events/${encodeURIComponent(id)}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
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
