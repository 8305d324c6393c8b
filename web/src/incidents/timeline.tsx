/** The alerts of an incident in the order of their events, each with how long after the one before. */
import { Link } from '@tanstack/react-router';
import type { AlertSummary } from '../../../src/serve/api.ts';
import { LanguageChip, Tag } from '../parts/chip.tsx';
import { SeverityDot } from '../parts/severity.tsx';
import { withoutTurns } from '../words/direction.ts';
import { creditLines, creditWords, statusWords } from '../words/names.ts';
import { clockTime, duration, exactTime } from '../words/time.ts';
import styles from './incidents.module.css';

/** A pause that is worth a word. */
const PAUSE_MS = 60_000;

export function Timeline({
  alerts,
  incident,
}: {
  readonly alerts: readonly AlertSummary[];
  readonly incident: string;
}) {
  return (
    <ol className={styles.timeline}>
      {alerts.map((alert, index) => {
        const before = alerts[index - 1];
        const pause = before === undefined ? 0 : Date.parse(alert.time) - Date.parse(before.time);
        return (
          <li key={alert.id} data-state={alert.status}>
            {pause >= PAUSE_MS && <p className={styles.pause}>{duration(pause)} later</p>}
            <div className={styles.moment}>
              <time dateTime={alert.time} title={exactTime(alert.time)}>
                {clockTime(alert.time)}
              </time>
              <SeverityDot severity={alert.severity} className={styles.dot} />
              <div className={styles.happened}>
                <Link
                  to="/alerts/$id"
                  params={{ id: alert.id }}
                  search={{ status: 'all', sort: 'time', fold: 'off', incident }}
                >
                  {alert.reason}
                </Link>{' '}
                {alert.status !== 'open' && <Tag>{statusWords(alert.status, alert.close_reason)}</Tag>}
                <code>{withoutTurns(alert.command_line ?? alert.process ?? '')}</code>
                <span className={styles.by} title={creditLines(alert.rule)}>
                  <LanguageChip language={alert.rule.language} /> {creditWords(alert.rule)}
                  {alert.user !== undefined && ` · ${withoutTurns(alert.user)}`}
                </span>
              </div>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
