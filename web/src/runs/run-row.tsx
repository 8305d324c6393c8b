/** One run over stored events: how it ended, of which rule over which time, what came of it, what to know about it. */
import type { RunSummary } from '../../../src/serve/run-api.ts';
import { When } from '../parts/when.tsx';
import { useNow } from '../words/clock.ts';
import { counted } from '../words/counts.ts';
import { duration } from '../words/time.ts';
import { FunnelWords } from './funnel-words.tsx';
import { rangeWords } from './range-words.ts';
import { RuleLink } from './rule-link.tsx';
import { KIND_MEANS, KIND_WORD, STATE_WORD, WARNINGS } from './run-words.ts';
import styles from './runs.module.css';

interface Props {
  readonly run: RunSummary;
  /** Left out on the rule's own page. */
  readonly isOfRule?: boolean;
}

export function RunRow({ run, isOfRule = false }: Props) {
  const { rule, kind, from, to, started, ended, state, funnel, events, message, warnings } = run;
  const now = useNow();
  const took = ended === undefined ? undefined : Date.parse(ended) - Date.parse(started);
  return (
    <li className={styles.row}>
      <span className={styles.state} data-state={state}>
        {STATE_WORD[state]}
      </span>
      <div className={styles.what}>
        <p className={styles.name}>
          {isOfRule ? rangeWords(from, to, now) : <RuleLink rule={rule} />}{' '}
          {!isOfRule && <span className={styles.quiet}>{rangeWords(from, to, now)}</span>}
        </p>
        <p>
          {state === 'running' ? (
            <span className={styles.quiet}>What it finds is counted when it has ended.</span>
          ) : (
            <FunnelWords funnel={funnel} rule={rule.id} from={from} to={to} />
          )}
        </p>
        {message !== undefined && <p>{message}</p>}
        {warnings.map(({ code, message: said }) => (
          <div key={code} className={styles.warning} title={code}>
            <p>{said}</p>
            <p className={styles.quiet}>
              {WARNINGS[code].why} {WARNINGS[code].remedy}
            </p>
          </div>
        ))}
      </div>
      <div className={styles.facts}>
        <p title={KIND_MEANS[kind]}>{KIND_WORD[kind]}</p>
        <p>
          <When time={started} form="long" />
          {took !== undefined && `, took ${took < 1_000 ? `${took} ms` : duration(took)}`}
        </p>
        {state !== 'running' && <p>{counted(events, 'event')} read</p>}
      </div>
    </li>
  );
}
