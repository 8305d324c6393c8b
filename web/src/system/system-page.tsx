/** What is watched and how it goes: sources, the funnel, how hard the service works, where the data is, the sample. */
import { SegmentedControl, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Status } from '../../../src/serve/api.ts';
import { SampleNote } from '../alerts/sample-note.tsx';
import { statusQuestion } from '../api/questions.ts';
import { Facts } from '../parts/facts.tsx';
import pageStyles from '../parts/page.module.css';
import { Problem } from '../parts/problem.tsx';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import { APPEARANCES, useAppearance } from '../shell/appearance.ts';
import { useTitle } from '../shell/title.ts';
import { useNow } from '../words/clock.ts';
import { counted, grouped } from '../words/counts.ts';
import { duration } from '../words/time.ts';
import { LoadView } from './load-view.tsx';
import { RunsNow } from './runs-now.tsx';
import { kindWords, type Source, STATE_WORD, systemHeadline } from './source-words.ts';
import { storedWords } from './stored-words.ts';
import styles from './system.module.css';

export function SystemPage() {
  const { data, failureReason, error } = useQuery(statusQuestion);
  const problem = error ?? failureReason;
  const title = data === undefined ? 'System' : systemHeadline(data.sources);
  useTitle('System');
  return (
    <>
      {problem !== null && (
        <Problem title="The service’s state could not be loaded" problem={problem} queryKey={statusQuestion.queryKey} />
      )}
      <h1 className={pageStyles.title}>{title}</h1>
      {data === undefined ? <Skeleton height={320} mt={26} /> : <StatusView status={data} />}
    </>
  );
}

function StatusView({ status }: { readonly status: Status }) {
  const now = useNow();
  return (
    <div className={styles.parts}>
      <Section title="Sources">
        <div className={styles.sources}>
          {status.sources.map((source) => (
            <SourceLine key={source.name} source={source} />
          ))}
          {status.sources.length === 0 && <p className={styles.quiet}>No source is configured.</p>}
        </div>
      </Section>
      <Section title="Since the service started">
        <FunnelStages funnel={status.funnel} />
      </Section>
      <LoadView />
      <RunsNow />
      <Section title="Service">
        <Facts
          facts={[
            ['Version', status.version],
            ['Started', `${duration(now - Date.parse(status.started))} ago`],
            ['Data folder', <code key="folder">{status.data_folder}</code>],
            [
              'Rules',
              <Link key="rules" to="/rules">
                {counted(status.rules.enabled, 'rule')} enabled
                {status.rules.failed > 0 && `, ${grouped(status.rules.failed)} failed to load`}
              </Link>,
            ],
            [
              'Alerts',
              <Link key="alerts" to="/" search={{ status: 'all' }}>
                {grouped(status.alerts.open)} open, {grouped(status.alerts.acknowledged)} acknowledged,{' '}
                {grouped(status.alerts.closed)} closed
              </Link>,
            ],
            ...(status.events === undefined ? [] : [['Events', storedWords(status.events, now)] as const]),
          ]}
        />
      </Section>
      {status.sample !== undefined && (
        <Section title="Sample">
          <SampleNote />
        </Section>
      )}
      <Section title="Appearance">
        <AppearanceChoice />
      </Section>
    </div>
  );
}

function SourceLine({ source }: { readonly source: Source }) {
  return (
    <div className={styles.source}>
      <span className={styles.state} data-state={source.state}>
        {STATE_WORD[source.state]}
      </span>
      <span className={styles.name}>
        <Link to="/sources/$name" params={{ name: source.name }}>
          {source.name}
        </Link>{' '}
        <span className={styles.quiet}>{kindWords(source.kind)}</span>
      </span>
      <span className={styles.read}>
        {counted(source.events, 'event')}
        {source.rejected > 0 && `, ${grouped(source.rejected)} not readable`}
        {source.last_event !== undefined && (
          <>
            , last <When time={source.last_event} form="long" />
          </>
        )}
      </span>
      {source.note !== undefined && <p className={styles.note}>{source.note}</p>}
    </div>
  );
}

function FunnelStages({ funnel }: { readonly funnel: Status['funnel'] }) {
  const { late = 0, dropped_keys: droppedKeys = 0 } = funnel;
  const stages = [
    ['', funnel.events, 'events read'],
    ['→', funnel.matched, 'matched'],
    ['=', funnel.excepted, 'excepted'],
    ['+', funnel.suppressed, 'suppressed'],
    ['+', funnel.duplicate, 'duplicate'],
    ['+', funnel.capped, 'capped'],
    ['+', funnel.created, 'created'],
  ] as const;
  return (
    <>
      <div className={styles.funnel}>
        {stages.map(([sign, count, name]) => (
          <div key={name} className={styles.stage}>
            {sign !== '' && <span className={styles.sign}>{sign}</span>}
            <dl>
              <dt>{name}</dt>
              <dd>
                {name === 'created' ? (
                  <Link to="/" search={{ status: 'all' }}>
                    {grouped(count)}
                  </Link>
                ) : (
                  grouped(count)
                )}
              </dd>
            </dl>
          </div>
        ))}
      </div>
      <p className={styles.quiet}>
        Of the events, {grouped(funnel.unrouted)} are of no known data stream, so every rule read them, and{' '}
        {grouped(funnel.rejected)} could not be read.
        {late > 0 && ` ${counted(late, 'event')} came too late to be put in order for sequences.`}
        {droppedKeys > 0 &&
          ` Sequences gave up ${counted(droppedKeys, 'key')} they had begun, to keep within their memory.`}
      </p>
    </>
  );
}

function AppearanceChoice() {
  const appearance = useAppearance();
  return (
    <SegmentedControl
      aria-label="Appearance"
      data={[...APPEARANCES]}
      value={appearance.value}
      onChange={(value) => {
        const chosen = APPEARANCES.find((each) => each.value === value);
        if (chosen !== undefined) appearance.set(chosen.value);
      }}
      transitionDuration={0}
      withItemsBorders={false}
    />
  );
}
