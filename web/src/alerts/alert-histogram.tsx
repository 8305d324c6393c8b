/**
 * Alerts over time. A choice of bars filters by their time; the bars stay those of the whole time, so that the choice can
 * be seen in its surroundings and moved.
 */
import { useQuery } from '@tanstack/react-query';
import { histogramQuestion } from '../api/questions.ts';
import { BarHistogram } from '../parts/bar-histogram.tsx';
import { changed, type SetSearch, withChange } from '../shell/address.ts';
import { alertQueryOf, type ListSearch } from './list-search.ts';

const BUCKETS = 90;
interface Props {
  readonly search: ListSearch;
  readonly setSearch: SetSearch<ListSearch>;
}

export function AlertHistogram({ search, setSearch }: Props) {
  const query = alertQueryOf(withChange(search, { from: undefined, to: undefined }));
  const { data } = useQuery(histogramQuestion(query, BUCKETS));
  return (
    <BarHistogram
      data={data}
      noun="alert"
      range={{ from: search.from, to: search.to }}
      setRange={(range) => setSearch(changed(range))}
    />
  );
}
