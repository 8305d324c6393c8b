/** One incident: what happened in a sentence, its alerts in their order, and who and what was in it. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { IncidentDetail, IncidentSummary } from '../../../src/serve/triage-api.ts';
import { incidentQuestion } from '../api/questions.ts';
import { Key, Tag } from '../parts/chip.tsx';
import { CountDoors, CountRow, countWords } from '../parts/count-door.tsx';
import { Facts } from '../parts/facts.tsx';
import { incidentPlace } from '../parts/list-place.ts';
import pageStyles from '../parts/page.module.css';
import { Problem } from '../parts/problem.tsx';
import { Section } from '../parts/section.tsx';
import { SeverityWord } from '../parts/severity.tsx';
import { Trail } from '../parts/trail.tsx';
import { When } from '../parts/when.tsx';
import { useTitle } from '../shell/title.ts';
import { counted, grouped } from '../words/counts.ts';
import { withoutTurns } from '../words/direction.ts';
import { duration } from '../words/time.ts';
import type { IncidentSearch } from './incident-search.ts';
import styles from './incidents.module.css';
import { Timeline } from './timeline.tsx';
import { useIncidentList } from './use-incident-list.ts';

const route = getRouteApi('/incidents/$id');
const MINUTE_MS = 60_000;

export function IncidentPage() {
  const { id } = route.useParams();
  const search = route.useSearch();
  const question = incidentQuestion(id);
  const { data, failureReason, error } = useQuery(question);
  const problem = error ?? failureReason;
  useTitle(data?.incident.reason ?? 'Incident');
  return (
    <>
      <IncidentTrail id={id} search={search} />
      {problem !== null && (
        <Problem title="The incident could not be loaded" problem={problem} queryKey={question.queryKey} />
      )}
      {data === undefined ? error === null && <Ghost /> : <IncidentView detail={data} />}
    </>
  );
}

function IncidentTrail({ id, search }: { readonly id: string; readonly search: IncidentSearch }) {
  const navigate = useNavigate();
  const { incidents, total } = useIncidentList(search);
  return (
    <Trail
      id={id}
      ids={incidents.map((incident) => incident.id)}
      total={total}
      place={incidentPlace}
      open={(target) => void navigate({ to: '/incidents/$id', params: { id: target }, search, replace: true })}
      back={() => void navigate({ to: '/incidents', search, resetScroll: false })}
    >
      <Link to="/incidents" search={search} resetScroll={false}>
        ← Incidents <Key>Esc</Key>
      </Link>
    </Trail>
  );
}

function IncidentView({ detail: { incident, alerts } }: { readonly detail: IncidentDetail }) {
  const { id, host, from, to, severity, risk_score, open, users, tactics, sample } = incident;
  return (
    <article>
      <h1 className={pageStyles.title}>{incident.reason}</h1>
      <div className={pageStyles.meta}>
        <SeverityWord severity={severity} />
        <span>risk {risk_score}</span>
        <When time={to} form="full" />
        <Link to="/" search={{ status: 'all', incident: id }}>
          {counted(incident.alerts, 'alert')}
        </Link>
        <span>{open === 0 ? 'all closed' : `${grouped(open)} to decide`}</span>
        {sample === true && <Tag title="From the sample capture, not from this machine">sample</Tag>}
      </div>
      <div className={pageStyles.columns}>
        <div className={pageStyles.lead}>
          <Section title="Timeline">
            <Timeline alerts={alerts} incident={id} />
            {alerts.length < incident.alerts && (
              <p className={styles.about}>
                The first {grouped(alerts.length)} are shown;{' '}
                <Link to="/" search={{ status: 'all', incident: id }}>
                  see all {grouped(incident.alerts)}
                </Link>
                .
              </p>
            )}
          </Section>
        </div>
        <aside className={pageStyles.aside} aria-label="About the incident">
          <Rules incident={incident} />
          <Section title="Facts">
            <Facts
              facts={[
                [
                  'Host',
                  <Link key="host" to="/incidents" search={{ status: 'all', host }}>
                    {host}
                  </Link>,
                ],
                ['From', <When key="from" time={from} form="full" />],
                ['To', <When key="to" time={to} form="full" />],
                ['Lasted', duration(Date.parse(to) - Date.parse(from))],
                ['Tactics', tactics.join(', ')],
              ]}
            />
          </Section>
          <Section title="Look closer">
            <CountDoors>
              {users.map((user) => (
                <li key={user}>
                  <Link to="/" search={{ status: 'all', incident: id, user }}>
                    <CountRow count="alerts →">Alerts of {withoutTurns(user)}</CountRow>
                  </Link>
                </li>
              ))}
              <li>
                <Link to="/events" search={{ host, ...surroundings(incident) }}>
                  <CountRow count="events →">What else happened on {host}</CountRow>
                </Link>
              </li>
            </CountDoors>
          </Section>
        </aside>
      </div>
    </article>
  );
}

function Rules({ incident: { id, rules } }: { readonly incident: IncidentSummary }) {
  return (
    <Section title="Rules">
      <CountDoors>
        {rules.map((rule) => (
          <li key={rule.id}>
            <Link to="/" search={{ status: 'all', incident: id, rule: rule.id }}>
              <CountRow count={countWords(rule.alerts)}>{rule.name}</CountRow>
            </Link>
          </li>
        ))}
      </CountDoors>
    </Section>
  );
}

/** From a little before the first event to a little after the last. */
function surroundings({ from, to }: IncidentSummary): { from: string; to: string } {
  return {
    from: new Date(Date.parse(from) - MINUTE_MS).toISOString(),
    to: new Date(Date.parse(to) + MINUTE_MS).toISOString(),
  };
}

function Ghost() {
  return (
    <div aria-hidden="true">
      <Skeleton height={28} width="70%" mb={14} />
      <Skeleton height={16} width="48%" mb={32} />
      <div className={pageStyles.columns}>
        <Skeleton className={pageStyles.lead} height={260} />
        <Skeleton className={pageStyles.aside} height={240} />
      </div>
    </div>
  );
}
