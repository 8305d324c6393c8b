/** The incidents behind a filter, shared by their list and by an incident's next and previous. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { incidentsQuestion } from '../api/questions.ts';
import { type IncidentSearch, incidentQueryOf } from './incident-search.ts';

export function useIncidentList(search: IncidentSearch) {
  const question = useMemo(() => incidentsQuestion(incidentQueryOf(search)), [search]);
  const answer = useInfiniteQuery(question);
  const incidents = useMemo(() => answer.data?.pages.flatMap((page) => page.incidents) ?? [], [answer.data]);
  return { question, answer, incidents, total: answer.data?.pages[0]?.total };
}
