/** What to look for among the stored events: an EQL query, a host, a time. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ApiProblem } from '../api/client.ts';
import { RemovableChips } from '../parts/removable-chips.tsx';
import { TimeField } from '../parts/time-field.tsx';
import { TimePresets } from '../parts/time-presets.tsx';
import { type Change, changed, type SetSearch } from '../shell/address.ts';
import { useNow } from '../words/clock.ts';
import { dayAndTime } from '../words/time.ts';
import type { EventSearch } from './event-search.ts';
import styles from './events.module.css';
import { QueryField } from './query-field.tsx';

interface Props {
  readonly search: EventSearch;
  readonly setSearch: SetSearch<EventSearch>;
  /** Why the query was refused. */
  readonly refusal: ApiProblem | undefined;
}

export function EventFilters({ search, setSearch, refusal }: Props) {
  const now = useNow();
  const { query, host, user, process, from, to } = search;
  const change = (parts: Change<EventSearch>) => setSearch(changed(parts));
  const time = [from && `from ${dayAndTime(from, now)}`, to && `until ${dayAndTime(to, now)}`].filter(Boolean);
  return (
    <>
      <QueryField query={query ?? ''} setQuery={(words) => change({ query: words })} refusal={refusal} />
      <div className={styles.narrow}>
        <HostField key={host} host={host ?? ''} setHost={(name) => change({ host: name })} />
        <TimeField label="From" time={from} setTime={(at) => change({ from: at })} />
        <TimeField label="Until" time={to} setTime={(at) => change({ to: at })} />
        <TimePresets setRange={change} />
      </div>
      <RemovableChips
        chips={[
          { text: host && `host ${host}`, remove: () => change({ host: undefined }) },
          { text: user && `user ${user}`, remove: () => change({ user: undefined }) },
          { text: process && 'one process', remove: () => change({ process: undefined }) },
          { text: time.join(' '), remove: () => change({ from: undefined, to: undefined }) },
        ]}
      />
    </>
  );
}

function HostField({ host, setHost }: { readonly host: string; readonly setHost: (host: string | undefined) => void }) {
  const [typed, setTyped] = useState(host);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setHost(typed.trim() || undefined);
      }}
    >
      <TextInput
        aria-label="Host"
        placeholder="Host"
        size="xs"
        w={150}
        maxLength={500}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => {
          if (typed.trim() !== host) setHost(typed.trim() || undefined);
        }}
      />
    </form>
  );
}
