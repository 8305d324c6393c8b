/** The list behind a filter, shared by the list and by an alert's next and previous. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { alertsQuestion } from '../api/questions.ts';
import { dropDecided } from './decided.ts';
import { alertQueryOf, type ListSearch } from './list-search.ts';

export function useAlertList(search: ListSearch) {
  const query = useMemo(() => alertQueryOf(search), [search]);
  const question = useMemo(() => alertsQuestion(query), [query]);
  const client = useQueryClient();
  const answer = useInfiniteQuery(question);
  const alerts = useMemo(() => answer.data?.pages.flatMap((page) => page.alerts) ?? [], [answer.data]);

  /** Takes what was decided since out of the list. */
  const dropWhatIsDecided = useCallback(() => {
    client.setQueryData(question.queryKey, (data) => {
      if (data === undefined) return data;
      const pages = dropDecided(data.pages, query);
      return pages === data.pages ? data : { ...data, pages: [...pages] };
    });
  }, [client, question, query]);

  /** Reads the list anew from its top: one page, however many had been loaded. */
  const readAnew = useCallback(async () => {
    client.setQueryData(question.queryKey, (data) =>
      data === undefined ? data : { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
    );
    await client.refetchQueries({ queryKey: question.queryKey, exact: true });
  }, [client, question]);

  return { query, question, answer, alerts, first: answer.data?.pages[0], dropWhatIsDecided, readAnew };
}
