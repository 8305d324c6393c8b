/** Runs over stored events, gaps, what floods: asked, and asked for. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import type { RuleDetail } from '../../../src/serve/api.ts';
import type { GapPage, RunAsk, RunPage, RunRequest, SlotPage } from '../../../src/serve/run-api.ts';
import { get, queryString, request, sending } from './client.ts';

const LOG_PAGE = 50;
const MOST_GAPS = 200;
const MOST_SLOTS = 100;
/** What is under way, and what waits, is looked at again while somebody looks. */
const WATCH_MS = 2_000;

/** `''` for any. */
export interface RunFilter {
  readonly rule?: string | undefined;
  readonly kind?: string | undefined;
  readonly state?: string | undefined;
}

/** As a list does, it stays as it is until it is asked for again. */
export function runsQuestion(filter: RunFilter) {
  return infiniteQueryOptions({
    queryKey: ['runs', 'log', filter],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      get<RunPage>(`/api/runs${queryString({ ...filter, limit: LOG_PAGE, before: pageParam })}`, signal),
    getNextPageParam: (last) => (last.next === undefined ? undefined : String(last.next)),
    staleTime: 0,
  });
}

/** What is under way, how many wait, and the newest run of the filter. */
export function runsNowQuestion(filter: RunFilter = {}) {
  return queryOptions({
    queryKey: ['runs', 'now', filter],
    queryFn: ({ signal }) => get<RunPage>(`/api/runs${queryString({ ...filter, limit: 1 })}`, signal),
    refetchInterval: WATCH_MS,
    staleTime: 0,
  });
}

export const requestsQuestion = queryOptions({
  queryKey: ['runs', 'requests'],
  queryFn: ({ signal }) => get<readonly RunRequest[]>('/api/runs/requests', signal),
  refetchInterval: WATCH_MS,
  staleTime: 0,
});

/** The last runs of a rule, for its page. */
export function lastRunsQuestion(rule: string, limit: number) {
  return queryOptions({
    queryKey: ['runs', 'last', rule, limit],
    queryFn: ({ signal }) => get<RunPage>(`/api/runs${queryString({ rule, limit })}`, signal),
    staleTime: 0,
  });
}

/** @param capped only slots in which the rule's cap cut something off */
export function slotsQuestion({ rule, capped }: { readonly rule?: string | undefined; readonly capped: boolean }) {
  return queryOptions({
    queryKey: ['runs', 'slots', rule, capped],
    queryFn: ({ signal }) =>
      get<SlotPage>(
        `/api/runs/slots${queryString({ rule, capped: capped ? 'true' : undefined, limit: MOST_SLOTS })}`,
        signal,
      ),
    staleTime: 0,
  });
}

export function gapsQuestion(state: string, rule?: string) {
  return queryOptions({
    queryKey: ['runs', 'gaps', state, rule],
    queryFn: ({ signal }) => get<GapPage>(`/api/gaps${queryString({ state, rule, limit: MOST_GAPS })}`, signal),
    staleTime: 0,
  });
}

export function askRun(ask: RunAsk): Promise<{ readonly request: number }> {
  return request('/api/runs', sending('POST', ask));
}

/** Also stops the run where it is under way. */
export function stopRun(id: number): Promise<{ readonly removed: true }> {
  return request(`/api/runs/requests/${id}`, sending('DELETE', {}));
}

/** One after the other, so that many gaps are no burst; the first that fails ends it. */
export async function fillGaps(ids: readonly number[]): Promise<void> {
  for (const id of ids) await request(`/api/gaps/${id}/fill`, sending('POST', {}));
}

export function pauseRule(id: string, paused: boolean): Promise<RuleDetail> {
  return request(`/api/rules/${encodeURIComponent(id)}/paused`, sending('POST', { paused }));
}

/** Something was asked for: all that is shown of runs is asked again. */
export function refreshRuns(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: ['runs'] });
}
