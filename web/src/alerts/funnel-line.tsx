/** The funnel, always in sight: what was read, what matched, and what became of every match. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { statusQuestion } from '../api/questions.ts';
import { useNow } from '../words/clock.ts';
import { counted, grouped } from '../words/counts.ts';
import { dayAndTime } from '../words/time.ts';
import styles from './alerts.module.css';

export function FunnelLine() {
  const now = useNow();
  const status = useQuery(statusQuestion).data;
  if (status === undefined) return <footer className={styles.funnel}>&nbsp;</footer>;
  const { funnel, started } = status;
  const parts = (['excepted', 'suppressed', 'duplicate', 'capped'] as const).map(
    (part) => `${grouped(funnel[part])} ${part} + `,
  );
  return (
    <footer className={styles.funnel}>
      Since{' '}
      {dayAndTime(started, now)
        .replace(/^today /, '')
        .replace(/:\d\d$/, '')}
      : {counted(funnel.events, 'event')},{' '}
      <Link to="/system">
        {grouped(funnel.matched)} {funnel.matched === 1 ? 'match' : 'matches'}
      </Link>{' '}
      = {parts}
      <Link to="/" search={{ status: 'all' }}>
        {grouped(funnel.created)} created
      </Link>
      {funnel.rejected > 0 && (
        <>
          {' · '}
          <Link to="/system">{counted(funnel.rejected, 'event')} could not be read</Link>
        </>
      )}
    </footer>
  );
}
