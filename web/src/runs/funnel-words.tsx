/** What became of the matches of a run or a slot: a sentence, the alerts behind a door, and the share of them as a bar. */
import { Link } from '@tanstack/react-router';
import { counted } from '../words/counts.ts';
import { type Funnel, funnelWords } from './run-words.ts';
import styles from './runs.module.css';

interface Props {
  readonly funnel: Funnel;
  readonly rule: string;
  /** Event times. */
  readonly from: string;
  readonly to: string;
}

export function FunnelWords({ funnel, rule, from, to }: Props) {
  const { matched, created } = funnel;
  const words = funnelWords(funnel);
  return (
    <span className={styles.funnel}>
      {matched > 0 && (
        <span className={styles.share} aria-hidden="true">
          <span style={{ width: `${(created / matched) * 100}%` }} />
        </span>
      )}
      <span>
        {words}
        {created > 0 && (
          <>
            {words.endsWith(': ') ? '' : ', '}
            <Link to="/" search={{ status: 'all', rule, from, to }}>
              {counted(created, 'alert')} created
            </Link>
          </>
        )}
      </span>
    </span>
  );
}
