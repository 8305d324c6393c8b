/** A few alerts, a line each, where they are not what the page is about. */
import { Link } from '@tanstack/react-router';
import type { AlertSummary } from '../../../src/serve/api.ts';
import { Tag } from '../parts/chip.tsx';
import { SeverityDot } from '../parts/severity.tsx';
import { When } from '../parts/when.tsx';
import { creditLines, statusWords } from '../words/names.ts';
import styles from './alert-lines.module.css';
import type { ListSearch } from './list-search.ts';

interface Props {
  readonly alerts: readonly AlertSummary[];
  /** The list that they are walked in. */
  readonly search: ListSearch;
  /** The sentence that the page has said already: alerts that say the same are told apart by their rules. */
  readonly said?: string;
}

export function AlertLines({ alerts, search, said }: Props) {
  return (
    <ul className={styles.lines}>
      {alerts.map((alert) => (
        <li key={alert.id}>
          <SeverityDot severity={alert.severity} />
          <span className={styles.what}>
            <Link to="/alerts/$id" params={{ id: alert.id }} search={search} title={creditLines(alert.rule)}>
              {alert.reason === said ? alert.rule.name : alert.reason}
            </Link>{' '}
            {alert.status !== 'open' && <Tag>{statusWords(alert.status, alert.close_reason)}</Tag>}
            {said !== undefined && alert.reason !== said && <span className={styles.rule}>{alert.rule.name}</span>}
          </span>
          <span className={styles.quiet}>
            <When time={alert.time} form="short" />
          </span>
        </li>
      ))}
    </ul>
  );
}
