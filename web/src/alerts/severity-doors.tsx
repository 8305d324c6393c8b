/** How many in each severity; each count opens its alerts, and closes them again. */
import { useQuery } from '@tanstack/react-query';
import type { AlertPage } from '../../../src/serve/api.ts';
import { countQuestion } from '../api/questions.ts';
import { grouped } from '../words/counts.ts';
import { SEVERITIES, SEVERITY_WORD } from '../words/names.ts';
import styles from './alerts.module.css';
import { alertQueryOf, type ListSearch, severitiesOf, toggleSeverity, withChange } from './list-search.ts';

interface Props {
  readonly search: ListSearch;
  readonly setSearch: (search: ListSearch) => void;
  /** What the list itself counted: the doors agree with it, new alerts or not. */
  readonly listed: AlertPage['by_severity'] | undefined;
}

export function SeverityDoors({ search, setSearch, listed }: Props) {
  // Counted without the severity filter: the doors that are closed keep their numbers.
  const { data } = useQuery({
    ...countQuestion(alertQueryOf(withChange(search, { severity: undefined }))),
    enabled: search.severity !== undefined,
  });
  const counts = search.severity === undefined ? listed : (data?.by_severity ?? listed);
  const chosen = new Set(severitiesOf(search.severity));
  const shown = SEVERITIES.filter((severity) => chosen.has(severity) || (counts?.[severity] ?? 0) > 0);
  return (
    <div className={styles.doors} role="group" aria-label="Severity">
      {shown.map((severity) => (
        <button
          key={severity}
          type="button"
          className={styles.door}
          aria-pressed={chosen.has(severity)}
          onClick={() => setSearch(toggleSeverity(search, severity))}
        >
          <SeverityCount severity={severity} count={counts?.[severity] ?? 0} />
        </button>
      ))}
    </div>
  );
}

function SeverityCount({
  severity,
  count,
}: {
  readonly severity: (typeof SEVERITIES)[number];
  readonly count: number;
}) {
  return (
    <span style={{ color: `var(--${severity}-word)`, fontWeight: 550 }}>
      <span className={styles.doorDot} style={{ background: `var(--${severity})` }} />
      {grouped(count)} {SEVERITY_WORD[severity].toLowerCase()}
    </span>
  );
}
