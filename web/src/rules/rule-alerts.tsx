/** The rule's newest alerts, and the door to all of them. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleDetail } from '../../../src/serve/api.ts';
import { FreshAlerts } from '../alerts/fresh-alerts.tsx';
import { alertQueryOf } from '../alerts/list-search.ts';
import { latestAlertsQuestion } from '../api/questions.ts';
import { Tag } from '../parts/chip.tsx';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import { counted, grouped } from '../words/counts.ts';
import { SEVERITY_WORD, statusWords } from '../words/names.ts';
import { isRunning } from './rule-search.ts';
import styles from './rules.module.css';

const SHOWN = 10;

export function RuleAlerts({ rule }: { readonly rule: RuleDetail }) {
  const search = { status: 'all', rule: rule.id } as const;
  const query = alertQueryOf(search);
  const { data, refetch } = useQuery(latestAlertsQuestion({ ...query, limit: SHOWN }));
  return (
    <Section title="Alerts">
      <FreshAlerts query={query} known={data?.total} show={() => void refetch()} />
      {data?.total === 0 && (
        <p className={styles.quiet}>
          {isRunning(rule) ? 'None yet. One that it creates appears here by itself.' : 'None.'}
        </p>
      )}
      <ul className={styles.latest}>
        {data?.alerts.map((alert) => (
          <li key={alert.id}>
            <span
              className={styles.latestDot}
              role="img"
              aria-label={SEVERITY_WORD[alert.severity]}
              style={{ background: `var(--${alert.severity})` }}
            />
            <span className={styles.latestWhat}>
              <Link to="/alerts/$id" params={{ id: alert.id }} search={search}>
                {alert.reason}
              </Link>{' '}
              {alert.status !== 'open' && <Tag>{statusWords(alert.status, alert.close_reason)}</Tag>}
            </span>
            <span className={styles.quiet}>
              <When time={alert.time} form="short" />
            </span>
          </li>
        ))}
      </ul>
      {data !== undefined && data.total > data.alerts.length && (
        <p className={styles.all}>
          <Link to="/" search={search}>
            All {counted(data.total, 'alert')}
          </Link>{' '}
          <span className={styles.quiet}>(the newest {grouped(data.alerts.length)} are shown)</span>
        </p>
      )}
      {data !== undefined && data.total > 0 && data.total <= data.alerts.length && (
        <p className={styles.all}>
          <Link to="/" search={search}>
            In the list of alerts
          </Link>
        </p>
      )}
    </Section>
  );
}
