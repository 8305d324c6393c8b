/** Words, state, and what else narrows the list, each to be taken away again. */
import { SegmentedControl, TextInput } from '@mantine/core';
import { type RefObject, useEffect, useState } from 'react';
import { Key } from '../parts/chip.tsx';
import { useNow } from '../words/clock.ts';
import type { StatusFilter } from '../words/counts.ts';
import { dayAndTime } from '../words/time.ts';
import styles from './alerts.module.css';
import { type ListSearch, statusFilterOf, withChange } from './list-search.ts';

/** Long enough to type a word through, short enough to feel at once. */
const TYPING_MS = 250;

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
      <div className={styles.filters}>
        <WordFilter words={search.q ?? ''} setWords={(q) => setSearch(withChange(search, { q }))} input={input} />
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

function WordFilter(props: { words: string; setWords: (words: string | undefined) => void; input: Props['input'] }) {
  const { words, setWords, input } = props;
  const [typed, setTyped] = useState(words);
  // The address changes without typing too (back, a door, "clear"): then it has the last word.
  const [shown, setShown] = useState(words);
  if (shown !== words) {
    setShown(words);
    if (typed.trim() !== words) setTyped(words);
  }
  useEffect(() => {
    if (typed.trim() === words) return;
    const timer = setTimeout(() => setWords(typed.trim() || undefined), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, words, setWords]);
  return (
    <div className={styles.filter}>
      <TextInput
        ref={input}
        type="search"
        aria-label="Filter by words"
        placeholder="Filter by words of the sentence, command line, host, user or rule"
        value={typed}
        maxLength={500}
        size="sm"
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {typed === '' && (
        <span className={styles.filterKey} aria-hidden="true">
          <Key>/</Key>
        </span>
      )}
    </div>
  );
}

function FilterChips({ search, setSearch }: Pick<Props, 'search' | 'setSearch'>) {
  const now = useNow();
  const { rule, host, user, from, to } = search;
  const time = [from && `from ${dayAndTime(from, now)}`, to && `until ${dayAndTime(to, now)}`]
    .filter(Boolean)
    .join(' ');
  const chips = [
    { text: host && `host ${host}`, without: { host: undefined } },
    { text: user && `user ${user}`, without: { user: undefined } },
    { text: rule && `rule ${rule}`, without: { rule: undefined } },
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
