/** Words, state, and what else narrows the list, each to be taken away again. */
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { RefObject } from 'react';
import type { ApiProblem } from '../api/client.ts';
import { rulesQuestion } from '../api/questions.ts';
import { refusedAt } from '../events/event-search.ts';
import { Key } from '../parts/chip.tsx';
import { Marked } from '../parts/marked.tsx';
import partStyles from '../parts/parts.module.css';
import { RemovableChips } from '../parts/removable-chips.tsx';
import { WordFilter } from '../parts/word-filter.tsx';
import { type Change, changed, type SetSearch } from '../shell/address.ts';
import { useKeys } from '../shell/keys.ts';
import { useNow } from '../words/clock.ts';
import type { StatusFilter } from '../words/counts.ts';
import { dayAndTime } from '../words/time.ts';
import styles from './alerts.module.css';
import { fieldHints } from './field-hints.ts';
import { type ListSearch, statusFilterOf } from './list-search.ts';

const STATUSES: { value: StatusFilter; label: string }[] = [
  { value: 'decide', label: 'To decide' },
  { value: 'closed', label: 'Closed' },
  { value: 'all', label: 'All' },
];

interface Props {
  readonly search: ListSearch;
  readonly setSearch: SetSearch<ListSearch>;
  readonly input: RefObject<HTMLInputElement | null>;
  /** Why the filter was refused. */
  readonly refusal: ApiProblem | undefined;
}

export function FilterBar({ search, setSearch, input, refusal }: Props) {
  const isFolding = search.fold !== 'off';
  const toggleFolding = () => setSearch(changed({ fold: isFolding ? 'off' : undefined }));
  useKeys({ p: toggleFolding });
  return (
    <>
      <div className={partStyles.filters}>
        <WordFilter
          words={search.q ?? ''}
          setWords={(q) => setSearch(changed({ q }))}
          placeholder="Words, or fields: host.name: web-* and severity >= high"
          hints={fieldHints}
          input={input}
        />
        <SegmentedControl
          aria-label="State"
          data={STATUSES}
          value={statusFilterOf(search)}
          onChange={(status) => setSearch(changed({ status: status === 'decide' ? undefined : status }))}
          transitionDuration={0}
          withItemsBorders={false}
        />
        <button
          type="button"
          className={partStyles.quiet}
          aria-pressed={isFolding}
          aria-keyshortcuts="p"
          title="Alerts of one process, its wrappers included, stand in one row; it is there when any of them matches"
          onClick={toggleFolding}
        >
          Fold by process <Key>p</Key>
        </button>
      </div>
      {refusal !== undefined && (
        <div role="alert" className={styles.refusal}>
          <Refusal refusal={refusal} filter={search.q ?? ''} />
        </div>
      )}
      <FilterChips search={search} setSearch={setSearch} />
    </>
  );
}

/** What is wrong with the filter, and where. */
function Refusal({ refusal, filter }: { readonly refusal: ApiProblem; readonly filter: string }) {
  const { words, line, range } = refusedAt(refusal.message, filter);
  return (
    <p>
      {line !== undefined && range !== undefined && (
        <code>
          <Marked text={line} ranges={[range]} />
        </code>
      )}{' '}
      {words} {refusal.hint}
    </p>
  );
}

function FilterChips({ search, setSearch }: Pick<Props, 'search' | 'setSearch'>) {
  const now = useNow();
  const { rule, host, user, from, to, incident } = search;
  const rules = useQuery({ ...rulesQuestion, enabled: rule !== undefined }).data;
  const ruleName = rules?.find(({ id }) => id === rule)?.name ?? rule;
  const time = [from && `from ${dayAndTime(from, now)}`, to && `until ${dayAndTime(to, now)}`]
    .filter(Boolean)
    .join(' ');
  const without = (change: Change<ListSearch>) => () => setSearch(changed(change));
  return (
    <RemovableChips
      chips={[
        { text: host && `host ${host}`, remove: without({ host: undefined }) },
        { text: user && `user ${user}`, remove: without({ user: undefined }) },
        { text: rule && `rule ${ruleName}`, remove: without({ rule: undefined }) },
        { text: incident && 'one incident', remove: without({ incident: undefined }) },
        { text: time, remove: without({ from: undefined, to: undefined }) },
      ]}
    />
  );
}
