/** What a preview found of one rule: the funnel, matches over time, the difference, and the first alerts. */
import type { BacktestAlert, RuleBacktest } from '../../../src/serve/preview-api.ts';
import { Tag } from '../parts/chip.tsx';
import { SeverityDot } from '../parts/severity.tsx';
import { When } from '../parts/when.tsx';
import { funnelWords } from '../runs/run-words.ts';
import { useNow } from '../words/clock.ts';
import { counted, grouped } from '../words/counts.ts';
import { axisTime, dayAndTime } from '../words/time.ts';
import styles from './rule-preview.module.css';

export function PreviewResult({ rule, isAlone }: { readonly rule: RuleBacktest; readonly isAlone: boolean }) {
  const { name, funnel, runs, cap, byException, warnings, alerts } = rule;
  const found = funnelWords(funnel);
  const words = found.charAt(0).toUpperCase() + found.slice(1);
  // Under the name where there is one, else under the title of the part.
  const Head = isAlone ? 'h3' : 'h4';
  const limit = cap === undefined ? 'no maximum' : `at most ${counted(cap, 'alert')} a run`;
  return (
    <div className={styles.result}>
      {!isAlone && <h3 className={styles.name}>{name}</h3>}
      <p className={styles.sentence}>
        {words}
        {funnel.created > 0 && `${words.endsWith(': ') ? '' : ', '}${counted(funnel.created, 'alert')}`} in{' '}
        {counted(runs, 'run')}, {limit}.
      </p>
      {byException.map(({ id, name: exception, removed }) => (
        <p key={id} className={styles.quiet}>
          {grouped(removed)} removed by the exception {exception}
        </p>
      ))}
      {warnings.map(({ code, message }) => (
        <p key={code} className={styles.warning}>
          {message}
        </p>
      ))}
      {funnel.matched > 0 && <Bars rule={rule} />}
      <Difference rule={rule} />
      {alerts.length > 0 && (
        <>
          <Head className={styles.head}>
            {funnel.created > alerts.length
              ? `The first ${alerts.length} of ${grouped(funnel.created)} alerts`
              : 'Alerts'}
          </Head>
          <Lines alerts={alerts} />
        </>
      )}
    </div>
  );
}

/** Bars of matches, the part that alerted filled; the line is the maximum of alerts, where a bar is one run. */
function Bars({ rule: { bars, cap, interval } }: { readonly rule: RuleBacktest }) {
  const now = useNow();
  const most = Math.max(1, ...bars.counts.map(({ matched }) => matched));
  const start = Date.parse(bars.from);
  const timeOf = (at: number) => new Date(start + at * bars.width).toISOString();
  const each = bars.width / interval;
  const hasLine = cap !== undefined && each === 1 && cap <= most;
  const share = (count: number) => (count === 0 ? 0 : `max(2px, ${(count / most) * 100}%)`);
  return (
    <figure className={styles.figure}>
      <div className={styles.plot} role="img" aria-label={`Matches over time, at most ${grouped(most)} in a bar`}>
        {bars.counts.map((funnel, at) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place in time
            key={at}
            className={styles.bar}
            title={`${dayAndTime(timeOf(at), now)}: ${funnelWords(funnel) || 'no match'}${funnel.created > 0 ? `, ${counted(funnel.created, 'alert')}` : ''}`}
          >
            <span style={{ height: share(funnel.matched) }}>
              <i style={{ height: `${(funnel.created / Math.max(1, funnel.matched)) * 100}%` }} />
            </span>
          </div>
        ))}
        {hasLine && (
          <div className={styles.cap} style={{ bottom: `${(cap / most) * 100}%` }} title={`${cap} alerts a run`} />
        )}
      </div>
      <figcaption className={styles.axis}>
        <span>{axisTime(bars.from, now)}</span>
        <span>
          at most {grouped(most)} in {each === 1 ? 'a run' : `${grouped(each)} runs`}
        </span>
        <span>{axisTime(timeOf(bars.counts.length), now)}</span>
      </figcaption>
    </figure>
  );
}

function Difference({ rule: { difference } }: { readonly rule: RuleBacktest }) {
  if (difference === undefined) return null;
  const { created, gone, same, suppressed, first, isCut } = difference;
  if (created + gone + same === 0) return null;
  const hidden = suppressed === 0 ? '' : ` (${grouped(suppressed)} suppressed now)`;
  return (
    <>
      <p className={styles.sentence}>
        Against the alerts that exist: <b>{grouped(created)}</b> new, <b>{grouped(gone)}</b> gone{hidden},{' '}
        <b>{grouped(same)}</b> the same{isCut && ', of those that were compared'}.
      </p>
      {first.gone.length > 0 && (
        <details className={styles.gone}>
          <summary>Gone{gone > first.gone.length && `: the first ${first.gone.length} of ${grouped(gone)}`}</summary>
          <Lines alerts={first.gone} />
        </details>
      )}
    </>
  );
}

function Lines({ alerts }: { readonly alerts: readonly BacktestAlert[] }) {
  return (
    <ul className={styles.lines}>
      {alerts.map((alert) => (
        <li key={alert.id}>
          <SeverityDot severity={alert.severity} />
          <span className={styles.what} title={alert.command_line}>
            {alert.reason}{' '}
            {alert.suppressed !== undefined && (
              <Tag title="Matches that are counted on it">+{grouped(alert.suppressed)}</Tag>
            )}
          </span>
          <span className={styles.quiet}>
            <When time={alert.time} form="short" />
          </span>
        </li>
      ))}
    </ul>
  );
}
