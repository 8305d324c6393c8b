/** The stored events: asked for by query, host and time; the whole question stands in the address. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { EventSummary } from '../../../src/serve/triage-api.ts';
import { ApiProblem } from '../api/client.ts';
import { statusQuestion } from '../api/questions.ts';
import listStyles from '../parts/list.module.css';
import { eventPlace } from '../parts/list-place.ts';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Problem } from '../parts/problem.tsx';
import { rowLinkId } from '../parts/walked-list.ts';
import { HeaderCells, WalkedTable } from '../parts/walked-table.tsx';
import { When } from '../parts/when.tsx';
import type { SetSearch } from '../shell/address.ts';
import { useKeys } from '../shell/keys.ts';
import { useTitle } from '../shell/title.ts';
import { useNow } from '../words/clock.ts';
import { counted } from '../words/counts.ts';
import { withoutTurns } from '../words/direction.ts';
import { dayAndTime, exactTime } from '../words/time.ts';
import { EventFilters } from './event-filters.tsx';
import { type EventSearch, eventsHeadline, isNarrowed } from './event-search.ts';
import styles from './events.module.css';
import { useEventList } from './use-event-list.ts';

const route = getRouteApi('/events');
const ROW_HEIGHT = 58;
const COLUMNS = ['When', 'What happened', 'Kind', 'Host', 'User'];
/** The answer's status where the question itself is wrong. */
const REFUSED = 400;

export function EventsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const setSearch = useCallback<SetSearch<EventSearch>>(
    (next) => void navigate({ to: '/events', search: next, replace: true, resetScroll: false }),
    [navigate],
  );
  const { question, answer, events, stoppedAt } = useEventList(search);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = answer;
  const problem = answer.failureReason ?? answer.error;
  const isRefused = problem instanceof ApiProblem && problem.status === REFUSED;
  const title = eventsHeadline(events?.length, hasNextPage || stoppedAt !== undefined, search);
  useTitle(title);
  return (
    <>
      {problem !== null && !isRefused && (
        <Problem title="The events could not be loaded" problem={problem} queryKey={question.queryKey} />
      )}
      <h1 className={pageStyles.title}>{title}</h1>
      <Kept />
      <EventFilters search={search} setSearch={setSearch} refusal={isRefused ? problem : undefined} />
      {events?.length === 0 && stoppedAt === undefined ? (
        <NoEvent search={search} clear={() => setSearch(() => ({}))} />
      ) : (
        !isRefused && (
          <WalkedTable
            key={JSON.stringify(search)}
            label="Events"
            className={styles.table}
            header={<HeaderCells names={COLUMNS} />}
            rows={events}
            idOf={idOf}
            rowHeight={ROW_HEIGHT}
            place={eventPlace}
            open={(id) => void navigate({ to: '/events/$id', params: { id }, search })}
            more={{ has: hasNextPage && !isFetchingNextPage && stoppedAt === undefined, load: fetchNextPage }}
          >
            {(event) => <EventRow event={event} search={search} />}
          </WalkedTable>
        )
      )}
      {stoppedAt !== undefined && (
        <SearchOn at={stoppedAt} isSearching={isFetchingNextPage} on={hasNextPage ? fetchNextPage : undefined} />
      )}
    </>
  );
}

/** How much is stored, which is all that can be found. */
function Kept() {
  const stored = useQuery(statusQuestion).data?.events;
  if (stored?.oldest === undefined) return <p className={styles.kept}>&nbsp;</p>;
  return (
    <p className={styles.kept}>
      {counted(stored.events, 'event')} kept, back to <When time={stored.oldest} form="full" />.
      {stored.problem !== undefined && ` New ones are not being stored: ${stored.problem}`}
    </p>
  );
}

function idOf({ id }: EventSummary): string {
  return id;
}

function EventRow({ event, search }: { readonly event: EventSummary; readonly search: EventSearch }) {
  const { id, time, sentence, command_line, process, kind, host, user } = event;
  const now = useNow();
  return (
    <>
      <div role="cell" className={`${styles.when} ${listStyles.cell}`}>
        <time dateTime={time} title={exactTime(time)}>
          {dayAndTime(time, now).replace(/^today /, '')}
        </time>
      </div>
      <div role="cell" className={`${styles.what} ${listStyles.what}`}>
        <div className={listStyles.first}>
          <Link
            id={rowLinkId(id)}
            to="/events/$id"
            params={{ id }}
            search={search}
            className={`${listStyles.name} ${styles.sentence}`}
          >
            {sentence}
          </Link>
        </div>
        <code className={listStyles.under}>{withoutTurns(command_line ?? process ?? '')}</code>
      </div>
      <div role="cell" className={listStyles.cell} title={kind}>
        {kind}
      </div>
      <div role="cell" className={listStyles.cell}>
        {withoutTurns(host ?? '–')}
      </div>
      <div role="cell" className={`${styles.user} ${listStyles.cell}`}>
        {withoutTurns(user ?? '–')}
      </div>
    </>
  );
}

interface SearchOnProps {
  readonly at: string;
  readonly isSearching: boolean;
  readonly on: (() => void) | undefined;
}

/** A search that took too long was stopped; nothing is lost, and it can go on from where it was. */
function SearchOn({ at, isSearching, on }: SearchOnProps) {
  useKeys({ m: isSearching ? undefined : on });
  return (
    <p className={styles.stopped} role="status">
      <span>
        The search took long and was stopped: what came before <When time={at} form="full" /> was not looked at.
      </span>
      {on !== undefined && (
        <button type="button" className={partStyles.quiet} disabled={isSearching} onClick={on} aria-keyshortcuts="m">
          {isSearching ? 'Searching…' : 'Search on'} <kbd>m</kbd>
        </button>
      )}
    </p>
  );
}

function NoEvent({ search, clear }: { readonly search: EventSearch; readonly clear: () => void }) {
  return isNarrowed(search) ? (
    <div className={partStyles.empty}>
      <h2>No stored event matches</h2>
      <p>
        Only the last days are kept: what was earlier, or came in before events were stored, cannot be found here. Ask
        for less, or for another time.
      </p>
      <button type="button" className={partStyles.quiet} onClick={clear}>
        Show all stored events
      </button>
    </div>
  ) : (
    <div className={partStyles.empty}>
      <h2>No event is stored yet</h2>
      <p>The service keeps the events of the last days as they come in, and none has come since it began to.</p>
      <Link to="/sources">See what is being read</Link>
    </div>
  );
}
