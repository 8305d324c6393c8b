/**
 * The list behind a filter, shared by the list and by an alert's next and previous.
 *
 *   pages of the API ─▶ alerts ─▶ rows: each alert, after it those folded under it where it is unfolded
 */
import { useInfiniteQuery, useQueries, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { AlertSummary } from '../../../src/serve/api.ts';
import { alertsQuestion, membersQuestion } from '../api/questions.ts';
import { dropDecided } from './decided.ts';
import { alertQueryOf, type ListSearch } from './list-search.ts';
import { useUnfolded } from './unfolded.ts';

export interface ListRow {
  readonly alert: AlertSummary;
  /** Id of the alert it is folded under. */
  readonly under?: string;
}

export function useAlertList(search: ListSearch) {
  const query = useMemo(() => alertQueryOf(search), [search]);
  const question = useMemo(() => alertsQuestion(query), [query]);
  const client = useQueryClient();
  const answer = useInfiniteQuery(question);
  const alerts = useMemo(() => answer.data?.pages.flatMap((page) => page.alerts) ?? [], [answer.data]);
  const first = answer.data?.pages[0];

  const unfolded = useUnfolded();
  const heads = alerts.filter((alert) => isFolded(alert) && unfolded.has(alert.id));
  const members = useQueries({
    queries: heads.map(({ id }) => membersQuestion(id)),
    combine: (answers) => answers.map(({ data }) => data),
  });
  const under = new Map(heads.map(({ id }, index) => [id, members[index] ?? []]));
  // One string for what the rows depend on beside the pages, so that they stay the same array.
  const unfoldedTo = JSON.stringify([...under].map(([id, folded]) => [id, folded]));
  const rows = useMemo(() => {
    const groups = new Map(JSON.parse(unfoldedTo) as [string, AlertSummary[]][]);
    return alerts.flatMap((alert): ListRow[] => [
      { alert },
      ...(groups.get(alert.id) ?? [])
        .filter(({ id }) => id !== alert.id)
        .map((member) => ({ alert: member, under: alert.id })),
    ]);
  }, [alerts, unfoldedTo]);
  const ids = useMemo(() => rows.map(({ alert }) => alert.id), [rows]);

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

  /** Rows, those not loaded yet among them. */
  const total = first === undefined ? undefined : first.total + rows.length - alerts.length;
  return { query, question, answer, rows, ids, total, first, dropWhatIsDecided, readAnew };
}

/** Whether the alert's row stands for others too. */
export function isFolded({ folded }: AlertSummary): boolean {
  return folded !== undefined && folded.alerts > 1;
}
