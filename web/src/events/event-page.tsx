/** One stored event: what happened, what stood around it, and the whole of it in ECS. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EventDetail } from '../../../src/serve/triage-api.ts';
import type { ListSearch } from '../alerts/list-search.ts';
import { eventQuestion } from '../api/questions.ts';
import { textOf } from '../evidence/field-of.ts';
import { Key } from '../parts/chip.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { CountDoors, CountRow } from '../parts/count-door.tsx';
import { Facts } from '../parts/facts.tsx';
import { eventPlace } from '../parts/list-place.ts';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Problem } from '../parts/problem.tsx';
import { Section } from '../parts/section.tsx';
import { Trail } from '../parts/trail.tsx';
import { When } from '../parts/when.tsx';
import { CodeText } from '../rules/code-text.tsx';
import { useTitle } from '../shell/title.ts';
import { around, type EventSearch, eventsWith } from './event-search.ts';
import styles from './events.module.css';
import { ExplainWith } from './explain-with.tsx';
import { useEventList } from './use-event-list.ts';

const route = getRouteApi('/events/$id');
const NEAR_MS = 10 * 60_000;

export function EventPage() {
  const { id } = route.useParams();
  const search = route.useSearch();
  const question = eventQuestion(id);
  const { data, failureReason, error } = useQuery(question);
  const problem = error ?? failureReason;
  useTitle(data?.sentence ?? 'Event');
  return (
    <>
      <EventTrail id={id} search={search} />
      {problem !== null && (
        <Problem title="The event could not be loaded" problem={problem} queryKey={question.queryKey} />
      )}
      {data === undefined ? error === null && <Ghost /> : <EventView key={id} event={data} />}
    </>
  );
}

function EventTrail({ id, search }: { readonly id: string; readonly search: EventSearch }) {
  const navigate = useNavigate();
  const { events = [] } = useEventList(search);
  return (
    <Trail
      id={id}
      ids={events.map((event) => event.id)}
      place={eventPlace}
      open={(target) => void navigate({ to: '/events/$id', params: { id: target }, search, replace: true })}
      back={() => void navigate({ to: '/events', search, resetScroll: false })}
    >
      <Link to="/events" search={search} resetScroll={false}>
        ← Events <Key>Esc</Key>
      </Link>
    </Trail>
  );
}

function EventView({ event }: { readonly event: EventDetail }) {
  const { id, sentence, time, kind, host, user, process, command_line, document } = event;
  const text = JSON.stringify(document, null, 2);
  return (
    <article>
      <h1 className={pageStyles.title}>{sentence}</h1>
      <div className={pageStyles.meta}>
        <When time={time} form="full" />
        <span>{kind}</span>
        {host !== undefined && <span>on {host}</span>}
        {user !== undefined && <span>by {user}</span>}
      </div>
      <div className={pageStyles.columns}>
        <div className={pageStyles.lead}>
          {command_line !== undefined && (
            <Section title="What ran">
              <pre className={`${partStyles.code} ${styles.command}`}>{command_line}</pre>
            </Section>
          )}
          <Section title="The event in ECS">
            <div className={styles.document}>
              <CodeText label="The event in ECS" text={text} grammar="json" />
              <CopyButton text={text} what="the event" className={styles.copy} />
            </div>
          </Section>
        </div>
        <aside className={pageStyles.aside} aria-label="About the event">
          <ExplainWith event={id} />
          <Surroundings event={event} />
          <Section title="Facts">
            <Facts
              facts={[
                ['Host', host],
                ['User', user],
                ['Process', process],
                ['Process id', textOf(document, 'process.pid')],
                ['Source', textOf(document, 'event.module')],
                ['Event id', <code key="id">{id}</code>],
              ]}
            />
          </Section>
        </aside>
      </div>
    </article>
  );
}

function Surroundings({ event: { time, host, user, command_line, document } }: { readonly event: EventDetail }) {
  const entity = textOf(document, 'process.entity_id');
  const near = around(time, NEAR_MS);
  return (
    <Section title="Look closer">
      <CountDoors>
        {entity !== undefined && <EventsDoor search={{ process: entity }}>All events of this process</EventsDoor>}
        {host !== undefined && <EventsDoor search={{ host, ...near }}>{host}, ten minutes around it</EventsDoor>}
        {host !== undefined && user !== undefined && (
          <EventsDoor search={{ host, user, ...near }}>
            {user} on {host}, ten minutes around it
          </EventsDoor>
        )}
        {command_line !== undefined && (
          <EventsDoor search={{ query: eventsWith('process.command_line', command_line) }}>
            The same command anywhere
          </EventsDoor>
        )}
        {host !== undefined && (
          <AlertsDoor search={{ status: 'all', host, ...near }}>Alerts on {host}, ten minutes around it</AlertsDoor>
        )}
      </CountDoors>
    </Section>
  );
}

function EventsDoor({ search, children }: { readonly search: EventSearch; readonly children: ReactNode }) {
  return (
    <li>
      <Link to="/events" search={search}>
        <CountRow count="→">{children}</CountRow>
      </Link>
    </li>
  );
}

function AlertsDoor({ search, children }: { readonly search: ListSearch; readonly children: ReactNode }) {
  return (
    <li>
      <Link to="/" search={search}>
        <CountRow count="→">{children}</CountRow>
      </Link>
    </li>
  );
}

function Ghost() {
  return (
    <div aria-hidden="true">
      <Skeleton height={28} width="60%" mb={14} />
      <Skeleton height={16} width="40%" mb={32} />
      <div className={pageStyles.columns}>
        <Skeleton className={pageStyles.lead} height={320} />
        <Skeleton className={pageStyles.aside} height={240} />
      </div>
    </div>
  );
}
