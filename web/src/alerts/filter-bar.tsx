/** Words, state, and what else narrows the list, each to be taken away again. */
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { rulesQuestion } from '../api/questions.ts';
import partStyles from '../parts/parts.module.css';
import { WordFilter } from '../parts/word-filter.tsx';
import { useNow } from '../words/clock.ts';
import type { StatusFilter } from '../words/counts.ts';
import { dayAndTime } from '../words/time.ts';
import styles from './alerts.module.css';
import { type ListSearch, statusFilterOf, withChange } from './list-search.ts';

const STATUSES: { value: StatusFilter; label: string }[] = [
  { value: 'decide', label: 'To decide' },
  { value: 'closed', label: 'Closed' },
  { value: 'all', label: 'All' },
];

interface Props {
  readonly search: ListSearch;
  readonly setSearch: (search: ListSearch) => void;
  readonly input: RefObject<HTMLInputElement | null>;
}

export function FilterBar({ search, setSearch, input }: Props) {
  return (
    <>
      <div className={partStyles.filters}>
        <WordFilter
          words={search.q ?? ''}
          setWords={(q) => setSearch(withChange(search, { q }))}
          placeholder="Filter by words of the sentence, command line, host, user or rule"
          input={input}
        />
        <SegmentedControl
          aria-label="State"
          data={STATUSES}
          value={statusFilterOf(search)}
          onChange={(status) => setSearch(withChange(search, { status: status === 'decide' ? undefined : status }))}
          transitionDuration={0}
          withItemsBorders={false}
        />
      </div>
      <FilterChips search={search} setSearch={setSearch} />
    </>
  );
}

function FilterChips({ search, setSearch }: Pick<Props, 'search' | 'setSearch'>) {
  const now = useNow();
  const { rule, host, user, from, to } = search;
  const rules = useQuery({ ...rulesQuestion, enabled: rule !== undefined }).data;
  const ruleName = rules?.find(({ id }) => id === rule)?.name ?? rule;
  const time = [from && `from ${dayAndTime(from, now)}`, to && `until ${dayAndTime(to, now)}`]
    .filter(Boolean)
    .join(' ');
  const chips = [
    { text: host && `host ${host}`, without: { host: undefined } },
    { text: user && `user ${user}`, without: { user: undefined } },
    { text: rule && `rule ${ruleName}`, without: { rule: undefined } },
    { text: time, without: { from: undefined, to: undefined } },
  ].filter(({ text }) => text);
  if (chips.length === 0) return null;
  return (
    <div className={styles.chips}>
      {chips.map(({ text, without }) => (
        <span key={text} className={styles.filterChip}>
          {text}
          <button type="button" aria-label={`Remove ${text}`} onClick={() => setSearch(withChange(search, without))}>
            ×
          </button>
        </span>
      ))}
    </div>
  );
}
