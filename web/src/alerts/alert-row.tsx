/** One alert of the list: severity, what happened and what ran, where, who, which rule, when. */
import { Link } from '@tanstack/react-router';
import type { AlertSummary } from '../../../src/serve/api.ts';
import { LanguageChip, Tag } from '../parts/chip.tsx';
import { rowLinkId } from '../parts/walked-list.ts';
import { When } from '../parts/when.tsx';
import { SEVERITY_WORD, statusWords } from '../words/names.ts';
import { exactTime } from '../words/time.ts';
import styles from './alerts.module.css';
import type { ListSearch } from './list-search.ts';

interface Props {
  readonly alert: AlertSummary;
  readonly index: number;
  readonly isActive: boolean;
  readonly offset: number;
  readonly search: ListSearch;
  readonly measure: (element: HTMLElement | null) => void;
}

export function AlertRow({ alert, index, isActive, offset, search, measure }: Props) {
  return (
    <div
      ref={measure}
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-active={isActive}
      data-decided={alert.status === 'closed'}
      className={styles.row}
      style={{ transform: `translateY(${offset}px)` }}
    >
      <div role="cell" className={styles.severityCell} style={{ color: `var(--${alert.severity}-word)` }}>
        <span className={styles.severityBar} style={{ background: `var(--${alert.severity})` }} />
        <span className={styles.severityWord}>{SEVERITY_WORD[alert.severity]}</span>
      </div>
      <div role="cell" className={styles.what}>
        <div className={styles.first}>
          <Link
            id={rowLinkId(alert.id)}
            to="/alerts/$id"
            params={{ id: alert.id }}
            search={search}
            className={styles.sentence}
            title={`${exactTime(alert.time)}\n${alert.rule.name}`}
          >
            {alert.reason}
          </Link>
          {alert.status !== 'open' && <Tag>{statusWords(alert.status, alert.close_reason)}</Tag>}
          {alert.sample === true && <Tag title="From the sample capture, not from this machine">sample</Tag>}
        </div>
        <code className={styles.line}>{alert.command_line ?? alert.process ?? ''}</code>
      </div>
      <div role="cell" className={styles.cell}>
        {alert.host ?? '–'}
      </div>
      <div role="cell" className={styles.cell}>
        {alert.user ?? '–'}
      </div>
      <div role="cell" className={`${styles.cell} ${styles.rule}`}>
        <LanguageChip language={alert.rule.language} />
        <span className={styles.ruleName}>{alert.rule.name}</span>
      </div>
      <div role="cell" className={styles.when}>
        <When time={alert.time} form="short" />
      </div>
    </div>
  );
}
