/** The runs over stored events, newest first. New ones wait until they are asked for, so that nothing moves. */
import { Skeleton } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { rulesQuestion } from '../api/questions.ts';
import { runsNowQuestion, runsQuestion } from '../api/runs.ts';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { changed, type SetSearch } from '../shell/address.ts';
import { RunRow } from './run-row.tsx';
import { namesOf, type RunSearch } from './run-search.ts';
import { KIND_WORD, STATE_WORD } from './run-words.ts';
import styles from './runs.module.css';

interface Props {
  readonly search: RunSearch;
  readonly setSearch: SetSearch<RunSearch>;
}

export function RunLog({ search, setSearch }: Props) {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(runsQuestion(search));
  const { data: now } = useQuery(runsNowQuestion(search));
  const runs = data?.pages.flatMap((page) => page.runs);
  const [first, newest] = [runs?.[0], now?.runs[0]];
  const isBehind = newest !== undefined && (newest.id !== first?.id || newest.state !== first.state);
  const isNarrowed = Object.keys(search).length > 0;
  return (
    <Section title="Runs over stored events">
      <Filters search={search} setSearch={setSearch} />
      {runs === undefined && <Skeleton height={220} />}
      {isBehind && runs !== undefined && (
        <p className={styles.fresh}>
          <button type="button" className={partStyles.quiet} onClick={() => void refetch()}>
            Runs have begun or ended, show
          </button>
        </p>
      )}
      {runs?.length === 0 &&
        (isNarrowed ? (
          <p className={styles.quiet}>No run is like this filter.</p>
        ) : (
          <p className={styles.none}>
            There was none yet. Rules that count, compare with the past or look into lists run on their interval; other
            runs are asked for, or fill what was missed. Rules over one event, or over several in order, alert live and
            need none.
          </p>
        ))}
      <ul className={styles.list}>
        {runs?.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </ul>
      {hasNextPage && (
        <p className={styles.fresh}>
          <button
            type="button"
            className={partStyles.quiet}
            disabled={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            Earlier runs
          </button>
        </p>
      )}
    </Section>
  );
}

function Filters({ search, setSearch }: Props) {
  const { data: rules = [] } = useQuery(rulesQuestion);
  const isUnknown = search.rule !== undefined && !rules.some(({ id }) => id === search.rule);
  return (
    <div className={styles.filters}>
      <select
        aria-label="Rule"
        value={search.rule ?? ''}
        onChange={(event) => setSearch(changed({ rule: event.currentTarget.value || undefined }))}
      >
        <option value="">Every rule</option>
        {isUnknown && <option value={search.rule}>{search.rule}</option>}
        {rules
          .toSorted((a, b) => a.name.localeCompare(b.name))
          .map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
      </select>
      <select
        aria-label="Why it ran"
        value={search.kind ?? ''}
        onChange={({ currentTarget: { value } }) =>
          setSearch(changed({ kind: namesOf(KIND_WORD).find((each) => each === value) }))
        }
      >
        <option value="">For any reason</option>
        {namesOf(KIND_WORD).map((kind) => (
          <option key={kind} value={kind}>
            {KIND_WORD[kind]}
          </option>
        ))}
      </select>
      <select
        aria-label="How it ended"
        value={search.state ?? ''}
        onChange={({ currentTarget: { value } }) =>
          setSearch(changed({ state: namesOf(STATE_WORD).find((each) => each === value) }))
        }
      >
        <option value="">However it ended</option>
        {namesOf(STATE_WORD).map((state) => (
          <option key={state} value={state}>
            {STATE_WORD[state]}
          </option>
        ))}
      </select>
    </div>
  );
}
