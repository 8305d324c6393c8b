/** The stored events behind a search, shared by their list and by an event's next and previous. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { eventsQuestion } from '../api/questions.ts';
import type { EventSearch } from './event-search.ts';

export function useEventList(search: EventSearch) {
  const question = useMemo(() => eventsQuestion(search), [search]);
  const answer = useInfiniteQuery(question);
  const pages = answer.data?.pages;
  const events = useMemo(() => pages?.flatMap((page) => page.events), [pages]);
  /** Time that the search came to before it was stopped; absent where it was not. */
  const stoppedAt = pages?.at(-1)?.stopped_at;
  return { question, answer, events, stoppedAt };
}
