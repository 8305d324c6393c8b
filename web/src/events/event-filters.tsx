/** What to look for among the stored events: an EQL query, a host, a time. `/` leads to the query. */
import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ApiProblem } from '../api/client.ts';
import { Key } from '../parts/chip.tsx';
import { Marked } from '../parts/marked.tsx';
import partStyles from '../parts/parts.module.css';
import { RemovableChips } from '../parts/removable-chips.tsx';
import { TimePresets } from '../parts/time-presets.tsx';
import { useKeys } from '../shell/keys.ts';
import { useNow } from '../words/clock.ts';
import { dayAndTime, inputTime } from '../words/time.ts';
import { type EventSearch, refusedAt, withChange } from './event-search.ts';
import styles from './events.module.css';

interface Props {
  readonly search: EventSearch;
  readonly setSearch: (search: EventSearch) => void;
  /** Why the query was refused. */
  readonly refusal: ApiProblem | undefined;
}

export function EventFilters({ search, setSearch, refusal }: Props) {
  const now = useNow();
  const { query, host, user, process, from, to } = search;
  const change = (changed: Parameters<typeof withChange>[1]) => setSearch(withChange(search, changed));
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

interface QueryProps {
  readonly query: string;
  readonly setQuery: (query: string | undefined) => void;
  readonly refusal: ApiProblem | undefined;
}

function QueryField({ query, setQuery, refusal }: QueryProps) {
  const [typed, setTyped] = useState(query);
  const [shown, setShown] = useState(query);
  // The address changes without typing too: then it has the last word.
  if (shown !== query) {
    setShown(query);
    setTyped(query);
  }
  const input = useRef<HTMLTextAreaElement>(null);
  useKeys({ '/': () => input.current?.focus() });
  const run = () => setQuery(typed.trim() || undefined);
  return (
    <form
      className={styles.query}
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <textarea
        ref={input}
        aria-label="EQL query"
        aria-invalid={refusal !== undefined}
        aria-describedby="query-refusal"
        placeholder={'EQL: process where process.name == "curl"'}
        spellCheck={false}
        rows={1}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault();
            run();
          }
        }}
      />
      <button type="submit" className={partStyles.quiet}>
        Search <Key>Enter</Key>
      </button>
      <div id="query-refusal" role="alert" className={styles.refusal}>
        {refusal !== undefined && <Refusal refusal={refusal} query={query} />}
      </div>
    </form>
  );
}

/** What is wrong with the query, and where. */
function Refusal({ refusal, query }: { readonly refusal: ApiProblem; readonly query: string }) {
  const { words, line, range } = refusedAt(refusal.message, query);
  return (
    <>
      {line !== undefined && range !== undefined && (
        <pre className={styles.place}>
          <Marked text={line} ranges={[range]} />
        </pre>
      )}
      <p>{words}</p>
      {refusal.hint !== undefined && <p className={styles.hint}>{refusal.hint}</p>}
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

interface TimeProps {
  readonly label: string;
  readonly time: string | undefined;
  readonly setTime: (time: string | undefined) => void;
}

function TimeField({ label, time, setTime }: TimeProps) {
  const shown = time === undefined ? '' : inputTime(time);
  const [typed, setTyped] = useState(shown);
  useEffect(() => setTyped(shown), [shown]);
  return (
    <label className={styles.time}>
      {label}{' '}
      <input
        type="datetime-local"
        step={1}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => {
          if (typed !== shown) setTime(typed === '' ? undefined : new Date(typed).toISOString());
        }}
      />
    </label>
  );
}
