/** The rule's newest alerts, and the door to all of them. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleDetail } from '../../../src/serve/api.ts';
import { AlertLines } from '../alerts/alert-lines.tsx';
import { FreshAlerts } from '../alerts/fresh-alerts.tsx';
import { alertQueryOf } from '../alerts/list-search.ts';
import { latestAlertsQuestion } from '../api/questions.ts';
import { Section } from '../parts/section.tsx';
import { counted, grouped } from '../words/counts.ts';
import { isRunning } from './rule-search.ts';
import styles from './rules.module.css';

const SHOWN = 10;

export function RuleAlerts({ rule }: { readonly rule: RuleDetail }) {
  const search = { status: 'all', rule: rule.id, fold: 'off' } as const;
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
      <AlertLines alerts={data?.alerts ?? []} search={search} />
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
