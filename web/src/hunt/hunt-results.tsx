/** What a hunt found: how it lies in time, the events or groups, and what can be done with it. */
import { useState } from 'react';
import type { HuntAnswer } from '../../../src/serve/hunt-api.ts';
import { BarHistogram } from '../parts/bar-histogram.tsx';
import partStyles from '../parts/parts.module.css';
import { When } from '../parts/when.tsx';
import { changed, type SetSearch } from '../shell/address.ts';
import { useKeys } from '../shell/keys.ts';
import { counted, grouped } from '../words/counts.ts';
import { EventPanel } from './event-panel.tsx';
import { Groups } from './groups.tsx';
import styles from './hunt.module.css';
import { columnsOf, type HuntSearch, joined } from './hunt-search.ts';
import { HuntTable } from './hunt-table.tsx';

interface Props {
  readonly answer: HuntAnswer;
  readonly search: HuntSearch;
  readonly setSearch: SetSearch<HuntSearch>;
  readonly makeRule: () => void;
}

export function HuntResults({ answer, search, setSearch, makeRule }: Props) {
  const { kind, events, groups, found, histogram } = answer;
  const [opened, setOpened] = useState<string>();
  const inGroups = groups.flatMap((group) => group.events).filter((event) => event !== null);
  const event = opened === undefined ? undefined : [...events, ...inGroups].find(({ id }) => id === opened);
  useKeys({
    Escape: event === undefined ? undefined : () => setOpened(undefined),
    m: makeRule,
  });
  const shown = kind === 'events' ? events.length : groups.length;
  return (
    <>
      {histogram !== undefined && found > 0 && (
        <BarHistogram
          data={histogram}
          noun={kind === 'events' ? 'event' : 'group'}
          range={{ from: undefined, to: undefined }}
          setRange={(range) => setSearch(changed(range))}
          hasPresets={false}
        />
      )}
      <Stopped answer={answer} setSearch={setSearch} />
      <div className={styles.head}>
        <p className={styles.quiet}>
          {shown < found &&
            `The ${isOldestFirst(answer) ? 'first' : 'newest'} ${grouped(shown)} are shown; choose a shorter time for others.`}
        </p>
        <button type="button" className={partStyles.quiet} onClick={makeRule} aria-keyshortcuts="m">
          Make a rule of it <kbd>m</kbd>
        </button>
      </div>
      {found === 0 && (
        <div className={partStyles.empty}>
          <h2>Nothing was found</h2>
          <p>
            {answer.read === 0
              ? 'No event is stored of this time, or none can match. Ask for another time.'
              : `${counted(answer.read, 'event')} were looked at, and the query holds for none. Ask for less, or see which fields events have.`}
          </p>
        </div>
      )}
      <div className={styles.results} data-open={event !== undefined}>
        <div className={styles.found}>
          {kind === 'events' && events.length > 0 && (
            <HuntTable
              key={JSON.stringify(search)}
              answer={answer}
              chosen={columnsOf(search)}
              choose={(columns) => setSearch(changed({ columns: joined(columns) }))}
              open={setOpened}
              isNarrow={event !== undefined}
            />
          )}
          {kind === 'groups' && groups.length > 0 && <Groups groups={groups} open={setOpened} />}
        </div>
        {event !== undefined && <EventPanel event={event} close={() => setOpened(undefined)} />}
      </div>
    </>
  );
}

/** With `head` or `tail` events come in their order. */
function isOldestFirst({ events }: HuntAnswer): boolean {
  const [first, last] = [events[0], events.at(-1)];
  return first !== undefined && last !== undefined && first.time < last.time;
}

/** A hunt whose time was up goes on from where it was, as a hunt over the rest of the time. */
function Stopped({ answer, setSearch }: Pick<Props, 'answer' | 'setSearch'>) {
  const { stopped_at: at, dropped = 0, kind } = answer;
  const isForward = kind === 'groups' || isOldestFirst(answer);
  return (
    <>
      {at !== undefined && (
        <p className={styles.stopped} role="status">
          <span>
            The hunt took long and was stopped: what came {isForward ? 'after' : 'before'}{' '}
            <When time={at} form="full" /> was not looked at.
          </span>
          <button
            type="button"
            className={partStyles.quiet}
            onClick={() => setSearch(changed(isForward ? { from: at } : { to: at }))}
          >
            Hunt on from there
          </button>
        </p>
      )}
      {dropped > 0 && (
        <p className={styles.stopped} role="status">
          So much had to be remembered that {counted(dropped, 'sequence')} begun were given up. Hunt over a shorter
          time, or join by narrower keys.
        </p>
      )}
    </>
  );
}
