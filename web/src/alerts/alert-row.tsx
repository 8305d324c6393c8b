/** The cells of one row of the list: severity, what happened and what ran, where, who, which rule, when. */
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { AlertSummary } from '../../../src/serve/api.ts';
import { LanguageChip, Tag } from '../parts/chip.tsx';
import listStyles from '../parts/list.module.css';
import { rowLinkId } from '../parts/walked-list.ts';
import { When } from '../parts/when.tsx';
import { counted, grouped } from '../words/counts.ts';
import { withoutTurns } from '../words/direction.ts';
import { creditLines, SEVERITY_WORD, statusWords } from '../words/names.ts';
import { exactTime } from '../words/time.ts';
import styles from './alerts.module.css';
import type { ListSearch } from './list-search.ts';
import { toggleUnfolded } from './unfolded.ts';
import { isFolded, type ListRow } from './use-alert-list.ts';

interface Props {
  readonly row: ListRow;
  readonly search: ListSearch;
  readonly isUnfolded: boolean;
}

export const AlertRow = memo(function AlertRow({ row: { alert, under }, search, isUnfolded }: Props) {
  return (
    <>
      <div role="cell" className={styles.severityCell} style={{ color: `var(--${alert.severity}-word)` }}>
        <span className={styles.severityBar} style={{ background: `var(--${alert.severity})` }} />
        <span className={styles.severityWord}>{SEVERITY_WORD[alert.severity]}</span>
      </div>
      <div role="cell" className={`${styles.what} ${listStyles.what}`} data-under={under !== undefined}>
        <div className={listStyles.first}>
          <Link
            id={rowLinkId(alert.id)}
            to="/alerts/$id"
            params={{ id: alert.id }}
            search={search}
            className={`${styles.sentence} ${listStyles.name}`}
            title={`${exactTime(alert.time)}\n${creditLines(alert.rule)}`}
          >
            {alert.reason}
          </Link>
          {isFolded(alert) && <Folded alert={alert} isUnfolded={isUnfolded} />}
          {alert.suppressed !== undefined && (
            <Tag title="Matches like it that are counted on it instead of alerting, as the rule says">
              +{grouped(alert.suppressed)} suppressed
            </Tag>
          )}
          {alert.status !== 'open' && <Tag>{statusWords(alert.status, alert.close_reason)}</Tag>}
          {alert.sample === true && <Tag title="From the sample capture, not from this machine">sample</Tag>}
        </div>
        <code className={listStyles.under}>{withoutTurns(alert.command_line ?? alert.process ?? '')}</code>
      </div>
      <div role="cell" className={listStyles.cell}>
        {withoutTurns(alert.host ?? '–')}
      </div>
      <div role="cell" className={listStyles.cell}>
        {withoutTurns(alert.user ?? '–')}
      </div>
      <div role="cell" className={`${listStyles.cell} ${styles.rule}`}>
        <LanguageChip language={alert.rule.language} />
        <span className={styles.ruleName} title={creditLines(alert.rule)}>
          {alert.rule.name}
        </span>
      </div>
      <div role="cell" className={listStyles.number}>
        <When time={alert.time} form="short" />
      </div>
    </>
  );
});

function Folded({ alert, isUnfolded }: { alert: AlertSummary; isUnfolded: boolean }) {
  const { alerts, rules } = alert.folded ?? { alerts: 1, rules: 1 };
  const words = `${counted(alerts - 1, 'more alert')} of the same process, ${counted(rules, 'rule')} in all`;
  return (
    <button
      type="button"
      className={`${styles.folded} ${listStyles.above}`}
      aria-expanded={isUnfolded}
      aria-label={words}
      aria-keyshortcuts="u"
      title={words}
      onClick={() => toggleUnfolded(alert.id)}
    >
      {isUnfolded ? '−' : '+'}
      {alerts - 1} <kbd>u</kbd>
    </button>
  );
}
