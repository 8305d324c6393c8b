/** The same user, hash and command elsewhere, and how rare each is. Counts open the events and alerts they count. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Likeness } from '../../../src/serve/triage-api.ts';
import type { ListSearch } from '../alerts/list-search.ts';
import { contextQuestion } from '../api/questions.ts';
import { type EventSearch, eventsWith } from '../events/event-search.ts';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import { counted, grouped } from '../words/counts.ts';
import { withoutTurns } from '../words/direction.ts';
import styles from './alert.module.css';

const WHAT: Readonly<Record<Likeness['what'], string>> = { user: 'User', hash: 'Hash', command: 'Command' };

export function SeenElsewhere({ id }: { readonly id: string }) {
  const { data, error } = useQuery(contextQuestion(id));
  return (
    <Section title="Seen elsewhere">
      {error !== null && <p className={styles.unknown}>It could not be counted: {error.message}</p>}
      {data === undefined && error === null && <Skeleton height={92} />}
      {data !== undefined && (
        <>
          {data.likeness.length === 0 && data.problem === undefined && (
            <p className={styles.unknown}>The event names no user, hash or command to look for.</p>
          )}
          <div className={styles.likenessList}>
            {data.likeness.map((likeness) => (
              <Row key={likeness.what} likeness={likeness} />
            ))}
          </div>
          {data.problem !== undefined && (
            <p className={styles.unknown} role="status">
              Not everything could be counted: {data.problem} <AskAgain id={id} />
            </p>
          )}
          {data.stored_from !== undefined && (
            <p className={styles.reach}>
              Stored events reach back to <When time={data.stored_from} form="full" />.
            </p>
          )}
          {data.stored_from === undefined && data.problem === undefined && (
            <p className={styles.reach}>No events are stored: only alerts are counted.</p>
          )}
        </>
      )}
    </Section>
  );
}

function AskAgain({ id }: { readonly id: string }) {
  const { refetch, isFetching } = useQuery(contextQuestion(id));
  return (
    <button type="button" className={partStyles.quiet} disabled={isFetching} onClick={() => void refetch()}>
      {isFetching ? 'Asking…' : 'Ask again'}
    </button>
  );
}

function Row({ likeness }: { readonly likeness: Likeness }) {
  const { what, value, rarity, events, alerts, counted_up_to: most } = likeness;
  const words = (count: number, noun: string) => (count >= most ? `${grouped(most)}+ ${noun}s` : counted(count, noun));
  return (
    <div className={styles.likeness}>
      <span className={styles.likenessWhat}>Same {WHAT[what].toLowerCase()}</span>
      <span className={styles.likenessValue}>
        <code title={withoutTurns(value)}>{withoutTurns(value)}</code>
      </span>
      <span className={styles.likenessRarity}>{rarity}</span>
      <span className={styles.likenessCount}>
        <EventsDoor search={eventSearchOf(likeness)} count={events}>
          {words(events, 'event')}
        </EventsDoor>
      </span>
      <span className={styles.likenessCount}>
        <AlertsDoor search={alertSearchOf(likeness)}>{words(alerts, 'alert')}</AlertsDoor>
      </span>
    </div>
  );
}

function EventsDoor({ search, count, children }: { search: EventSearch; count: number; children: ReactNode }) {
  return count === 0 ? (
    <span>{children}</span>
  ) : (
    <Link to="/events" search={search}>
      {children}
    </Link>
  );
}

function AlertsDoor({ search, children }: { search: ListSearch | undefined; children: ReactNode }) {
  return search === undefined ? (
    <span>{children}</span>
  ) : (
    <Link to="/" search={search}>
      {children}
    </Link>
  );
}

function eventSearchOf({ what, field, value }: Likeness): EventSearch {
  return what === 'user' ? { user: value } : { query: eventsWith(field, value) };
}

/** A hash is none of the things that the list of alerts can be asked for. */
function alertSearchOf({ what, value }: Likeness): ListSearch | undefined {
  if (what === 'user') return { status: 'all', user: value };
  return what === 'command' ? { status: 'all', q: value } : undefined;
}
