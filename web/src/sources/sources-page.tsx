/** The sources: how many are read and how they do. Each opens to what it brings. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { SourceSummary } from '../../../src/serve/api.ts';
import { sourcesQuestion } from '../api/questions.ts';
import { sourcePlace } from '../parts/list-place.ts';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Problem } from '../parts/problem.tsx';
import { rowLinkId, useWalkedList } from '../parts/walked-list.ts';
import { When } from '../parts/when.tsx';
import { useTitle } from '../shell/title.ts';
import { kindWords, lagWords, STATE_WORD } from '../system/source-words.ts';
import { useNow } from '../words/clock.ts';
import { counted, grouped } from '../words/counts.ts';
import styles from './sources.module.css';
import { sourcesHeadline } from './sources-headline.ts';

const ROW_HEIGHT = 64;

export function SourcesPage() {
  const now = useNow();
  const { data, failureReason, error } = useQuery(sourcesQuestion);
  const problem = error ?? failureReason;
  useTitle('Sources');
  return (
    <>
      {problem !== null && (
        <Problem title="The sources could not be loaded" problem={problem} queryKey={sourcesQuestion.queryKey} />
      )}
      <h1 className={pageStyles.title}>{data === undefined ? 'Sources' : sourcesHeadline(data, now)}</h1>
      {data === undefined && <Skeleton height={200} mt={26} />}
      {data?.length === 0 && <NoSource />}
      {data !== undefined && data.length > 0 && <SourceList sources={data} />}
    </>
  );
}

function SourceList({ sources }: { readonly sources: readonly SourceSummary[] }) {
  const navigate = useNavigate();
  // Asked again every few seconds: the names stay the same array while they are the same.
  const joined = JSON.stringify(sources.map(({ name }) => name));
  const ids = useMemo(() => JSON.parse(joined) as readonly string[], [joined]);
  const { body, rows, items, margin, active } = useWalkedList({
    ids,
    rowHeight: ROW_HEIGHT,
    place: sourcePlace,
    open: (name) => void navigate({ to: '/sources/$name', params: { name } }),
  });
  return (
    <div ref={body} role="list" aria-label="Sources" className={styles.list} style={{ height: rows.getTotalSize() }}>
      {items.map((item) => {
        const source = sources[item.index];
        return source === undefined ? null : (
          <div
            key={item.key}
            ref={rows.measureElement}
            role="listitem"
            data-index={item.index}
            data-active={item.index === active}
            className={styles.row}
            style={{ transform: `translateY(${item.start - margin}px)` }}
          >
            <SourceRow source={source} />
          </div>
        );
      })}
    </div>
  );
}

function SourceRow({ source }: { readonly source: SourceSummary }) {
  const { name, kind, state, events, rejected, last_event, formats, hosts, rate, note, lag_ms: lag } = source;
  return (
    <>
      <span className={styles.state} data-state={state}>
        {STATE_WORD[state]}
      </span>
      <div className={styles.what}>
        <Link id={rowLinkId(name)} to="/sources/$name" params={{ name }} className={styles.name}>
          {name}
        </Link>{' '}
        <span className={styles.quiet}>{kindWords(kind)}</span>
        <div className={styles.quiet}>
          {events === 0
            ? (note ?? 'Nothing has come yet.')
            : [
                formats.top.map(({ name: format }) => format).join(', '),
                counted(hosts, 'host'),
                `${grouped(rate.last_minute)} in the last minute`,
              ].join(' · ')}
        </div>
      </div>
      <div className={styles.read}>
        {counted(events, 'event')}
        {rejected > 0 && `, ${grouped(rejected)} not readable`}
        {last_event !== undefined && (
          <div className={styles.quiet}>
            last <When time={last_event} form="long" />
            {lag !== undefined && `, comes in ${lagWords(lag)}`}
          </div>
        )}
      </div>
    </>
  );
}

function NoSource() {
  return (
    <div className={partStyles.empty}>
      <h2>Nothing is being read</h2>
      <p>
        The service was started without a source. Start it with <code>--follow</code> and a log file, or let it watch
        this machine.
      </p>
      <Link to="/system">See the system</Link>
    </div>
  );
}
