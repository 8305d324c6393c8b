/** One source: how it does, what it brings, its last events raw and in ECS, and what could not be read. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { SourceProfile } from '../../../src/serve/api.ts';
import { sourceQuestion } from '../api/questions.ts';
import { Facts } from '../parts/facts.tsx';
import pageStyles from '../parts/page.module.css';
import { Problem } from '../parts/problem.tsx';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import { useTitle } from '../shell/title.ts';
import { kindWords, lagWords, STATE_WORD } from '../system/source-words.ts';
import { counted, grouped } from '../words/counts.ts';
import { CountList } from './count-list.tsx';
import { FieldTable } from './field-table.tsx';
import { RecentEvents } from './recent-events.tsx';
import { SourceTrail } from './source-trail.tsx';
import styles from './sources.module.css';

const route = getRouteApi('/sources/$name');

export function SourcePage() {
  const { name } = route.useParams();
  const question = sourceQuestion(name);
  const { data, failureReason, error } = useQuery(question);
  const problem = error ?? failureReason;
  useTitle(name);
  return (
    <>
      <SourceTrail name={name} />
      {problem !== null && (
        <Problem title="The source could not be loaded" problem={problem} queryKey={question.queryKey} />
      )}
      <h1 className={pageStyles.title}>{name}</h1>
      {data === undefined ? error === null && <Skeleton height={320} mt={26} /> : <SourceView key={name} of={data} />}
    </>
  );
}

function SourceView({ of: source }: { readonly of: SourceProfile }) {
  const { counts, rejects, fields } = source;
  const { first, last } = counts;
  return (
    <div className={styles.parts}>
      <Section title="Reading">
        <Facts
          facts={[
            ['State', STATE_WORD[source.state]],
            ['Kind', kindWords(source.kind)],
            ['Events', `${counted(source.events, 'event')} since the service started`],
            [
              'Of late',
              `${grouped(source.rate.last_minute)} in the last minute, ` +
                `${grouped(source.rate.last_quarter_hour)} in the last 15 minutes`,
            ],
            ['Earliest', first !== undefined && <When time={first} form="full" />],
            ['Latest', last !== undefined && <When time={last} form="full" />],
            ['Comes in', source.lag_ms !== undefined && lagWords(source.lag_ms)],
            ['Not readable', source.rejected > 0 && counted(source.rejected, 'line')],
            ['Note', source.note],
          ]}
        />
      </Section>
      {source.events === 0 ? (
        <p className={styles.quiet}>Nothing has come yet. What comes is shown here by itself.</p>
      ) : (
        <>
          <div className={styles.counts}>
            <CountList title="Formats" noun="format" counts={counts.formats} />
            <CountList title="Hosts" noun="host" counts={counts.hosts} unnamed="no host named" />
            <CountList title="Kinds" noun="kind" counts={counts.kinds} unnamed="not said" />
            <CountList title="Data streams" noun="data stream" counts={counts.dataStreams} />
          </div>
          <RecentEvents events={source.recent} />
        </>
      )}
      {rejects.byCode.length > 0 && <Rejects source={source.name} rejects={rejects} />}
      {fields.fields.length > 0 && <FieldTable fields={fields} events={source.events} />}
    </div>
  );
}

function Rejects({ source, rejects }: Pick<SourceProfile, 'rejects'> & { readonly source: string }) {
  return (
    <Section title="Not readable">
      <ul className={styles.rejects}>
        {rejects.byCode.map(({ code, count, first }) => (
          <li key={code}>
            <p>
              {counted(count, 'line')}, for example line {grouped(first.line)}: {first.reason}{' '}
              <code className={styles.quiet}>{code}</code>
            </p>
            <pre className={styles.example}>{first.text}</pre>
          </li>
        ))}
      </ul>
      <p>
        <a href={`/api/sources/${encodeURIComponent(source)}/rejects`} download="rejects.ndjson">
          Download the last ones, with their reasons
        </a>
      </p>
    </Section>
  );
}
