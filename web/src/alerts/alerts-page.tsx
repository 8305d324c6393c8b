/**
 * The alerts: how many there are to decide, when they came, and which. The whole filter stands in the address.
 *
 *   address ──▶ the filters, at once; the list before is dimmed ──▶ the list for it
 */
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef } from 'react';
import { ApiProblem } from '../api/client.ts';
import { countQuestion } from '../api/questions.ts';
import pageStyles from '../parts/page.module.css';
import { Problem } from '../parts/problem.tsx';
import type { SetSearch } from '../shell/address.ts';
import { useKeys } from '../shell/keys.ts';
import { useTitle } from '../shell/title.ts';
import { headline } from '../words/counts.ts';
import { AlertHistogram } from './alert-histogram.tsx';
import { AlertTable } from './alert-table.tsx';
import { EmptyList } from './empty-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FreshAlerts } from './fresh-alerts.tsx';
import { FunnelLine } from './funnel-line.tsx';
import { isNarrowed, type ListSearch, statusFilterOf } from './list-search.ts';
import { SampleNote } from './sample-note.tsx';
import { SeverityDoors } from './severity-doors.tsx';
import { useAlertList } from './use-alert-list.ts';

const route = getRouteApi('/');

export function AlertsPage() {
  const asked = route.useSearch();
  // Drawing the list takes longer than a person waits for a sign.
  const search = useDeferredValue(asked);
  const navigate = route.useNavigate();
  const setSearch = useCallback<SetSearch<ListSearch>>(
    (next) => void navigate({ to: '/', search: next, replace: true, resetScroll: false }),
    [navigate],
  );
  const openAlert = useCallback(
    (id: string) => void navigate({ to: '/alerts/$id', params: { id }, search }),
    [navigate, search],
  );
  const input = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => input.current?.focus() });

  const client = useQueryClient();
  const { query, question, answer, rows, total, first, dropWhatIsDecided, readAnew } = useAlertList(search);
  useEffect(dropWhatIsDecided, [dropWhatIsDecided]);
  const showFresh = useCallback(async () => {
    window.scrollTo({ top: 0 });
    await readAnew();
    await client.invalidateQueries({ queryKey: countQuestion(query).queryKey });
  }, [client, query, readAnew]);

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = answer;
  const more = useMemo(
    () => ({ has: hasNextPage && !isFetchingNextPage, load: fetchNextPage }),
    [hasNextPage, isFetchingNextPage, fetchNextPage],
  );
  const known = first?.counted.total;
  const fresh = useMemo(() => <FreshAlerts query={query} known={known} show={showFresh} />, [query, known, showFresh]);

  const title =
    first === undefined ? 'Alerts' : headline(first.counted.total, statusFilterOf(search), isNarrowed(search));
  useTitle(title);
  const problem = answer.failureReason ?? answer.error;
  const isEmpty = first?.total === 0;
  const refusal = problem instanceof ApiProblem && problem.message.startsWith('`q`') ? problem : undefined;
  return (
    <>
      {problem !== null && refusal === undefined && (
        <Problem title="The alerts could not be loaded" problem={problem} queryKey={question.queryKey} />
      )}
      <h1 className={pageStyles.title}>{title}</h1>
      <SeverityDoors search={asked} setSearch={setSearch} listed={first?.counted.by_severity} />
      <FilterBar search={asked} setSearch={setSearch} input={input} refusal={refusal} />
      {!(isEmpty && !isNarrowed(search)) && <AlertHistogram search={search} setSearch={setSearch} />}
      <SampleNote />
      {isEmpty ? (
        <>
          <FreshAlerts query={query} known={0} show={showFresh} />
          <EmptyList search={search} setSearch={setSearch} />
        </>
      ) : (
        <AlertTable
          key={JSON.stringify(query)}
          rows={first && rows}
          total={total ?? 0}
          more={more}
          search={search}
          setSearch={setSearch}
          openAlert={openAlert}
          fresh={fresh}
          isOvertaken={search !== asked}
        />
      )}
      <FunnelLine />
    </>
  );
}
