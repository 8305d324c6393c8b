/** The next questions, each with its count; every count opens what it counts. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Alert } from '../../../src/serve/api.ts';
import { alertQueryOf, type ListSearch } from '../alerts/list-search.ts';
import { countQuestion } from '../api/questions.ts';
import { textOf } from '../evidence/field-of.ts';
import { Section } from '../parts/section.tsx';
import { grouped } from '../words/counts.ts';
import styles from './alert.module.css';

export function Investigate({ alert }: { readonly alert: Alert }) {
  const event = alert.events.at(-1) ?? {};
  const host = textOf(event, 'host.name');
  const user = textOf(event, 'user.name');
  return (
    <Section title="Investigate">
      <ul className={styles.doorList}>
        {host !== undefined && <Door search={{ status: 'all', host }}>All alerts on {host}</Door>}
        {user !== undefined && <Door search={{ status: 'all', user }}>All alerts of {user}</Door>}
        {host !== undefined && user !== undefined && (
          <Door search={{ status: 'all', host, user }}>
            All alerts of {user} on {host}
          </Door>
        )}
        <Door search={{ status: 'all', rule: alert.rule.id }}>All alerts of this rule</Door>
      </ul>
    </Section>
  );
}

function Door({ search, children }: { readonly search: ListSearch; readonly children: React.ReactNode }) {
  const { data } = useQuery(countQuestion(alertQueryOf(search)));
  return (
    <li>
      <Link to="/" search={search}>
        <span>{children}</span>
        <span className={styles.doorCount}>{data === undefined ? '' : `${grouped(data.total)} →`}</span>
      </Link>
    </li>
  );
}
