/**
 * The investigation guide as steps, each with the questions it comes to and what the answer counts, and the response as
 * a checklist of who did what.
 */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import type { AlertDetail } from '../../../src/serve/api.ts';
import type { GuideQuestion } from '../../../src/serve/triage-api.ts';
import { listSearchOf } from '../alerts/list-search.ts';
import { guideQuestion } from '../api/questions.ts';
import { parseEventSearch } from '../events/event-search.ts';
import { CountDoors, CountRow, countWords } from '../parts/count-door.tsx';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import styles from './guide.module.css';
import { ResponseSteps } from './response-steps.tsx';

const Markdown = lazy(() => import('../parts/markdown.tsx'));

export function InvestigationGuide({ detail }: { readonly detail: AlertDetail }) {
  const { data, error, refetch, isFetching } = useQuery(guideQuestion(detail.alert.id));
  if (error !== null) {
    return (
      <Section title="Investigate">
        <p className={styles.quiet}>The guide could not be loaded: {error.message} The rule’s own text stands below.</p>
      </Section>
    );
  }
  return (
    <>
      <Section title="Investigate">
        {data === undefined ? (
          <Skeleton height={180} />
        ) : (
          <>
            {data.from === 'default' && (
              <p className={styles.quiet}>The rule has no guide; this is what to ask of any alert.</p>
            )}
            {data.unfinished === true && (
              <p className={styles.quiet} role="status">
                Not everything could be counted in time.{' '}
                <button type="button" className={partStyles.quiet} disabled={isFetching} onClick={() => void refetch()}>
                  {isFetching ? 'Counting…' : 'Count again'}
                </button>
              </p>
            )}
            <ol className={styles.steps}>
              {data.steps.map(({ text, questions }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: steps stand in the guide's order and may be alike
                <li key={index}>
                  <Suspense fallback={<p>{text}</p>}>
                    <Markdown>{text}</Markdown>
                  </Suspense>
                  {questions.length > 0 && (
                    <CountDoors>
                      {questions.map((question) => (
                        <li key={question.question + question.query.text}>
                          <Question question={question} />
                        </li>
                      ))}
                    </CountDoors>
                  )}
                </li>
              ))}
            </ol>
          </>
        )}
      </Section>
      {data !== undefined && data.response.length > 0 && <ResponseSteps detail={detail} steps={data.response} />}
    </>
  );
}

function Question({ question: { question, query, count, counted_up_to, problem } }: { question: GuideQuestion }) {
  if (count === undefined) {
    return (
      <span title={query.text}>
        <CountRow count={problem ?? 'not counted'}>{question}</CountRow>
      </span>
    );
  }
  return (
    <Door query={query}>
      <CountRow count={countWords(count, counted_up_to)}>{question}</CountRow>
    </Door>
  );
}

function Door({ query, children }: { query: GuideQuestion['query']; children: ReactNode }) {
  const { over, text, from, to } = query;
  return over === 'events' ? (
    <Link to="/events" search={parseEventSearch({ query: text, from, to })} title={text}>
      {children}
    </Link>
  ) : (
    <Link to="/" search={listSearchOf(text)}>
      {children}
    </Link>
  );
}
