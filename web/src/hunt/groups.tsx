/** Sequences and samples that were found: what joins each, and its events in order. */
import type { HuntAnswer } from '../../../src/serve/hunt-api.ts';
import { useNow } from '../words/clock.ts';
import { withoutTurns } from '../words/direction.ts';
import { dayAndTime, exactTime } from '../words/time.ts';
import styles from './hunt.module.css';

interface Props {
  readonly groups: HuntAnswer['groups'];
  readonly open: (id: string) => void;
}

export function Groups({ groups, open }: Props) {
  const now = useNow();
  return (
    <ol className={styles.groups} aria-label="Groups found">
      {groups.map(({ key, events }) => (
        <li key={JSON.stringify([key, events.map((event) => event?.id)])} className={styles.group}>
          {key.length > 0 && (
            <p className={`mono ${styles.key}`}>{withoutTurns(key.map((value) => String(value)).join(' · '))}</p>
          )}
          <ol>
            {events.map((event, step) =>
              event === null ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
                <li key={step} className={styles.quiet}>
                  no such event, as the query asks
                </li>
              ) : (
                <li key={event.id}>
                  <time dateTime={event.time} title={exactTime(event.time)}>
                    {dayAndTime(event.time, now).replace(/^today /, '')}
                  </time>{' '}
                  <button type="button" className={styles.step} onClick={() => open(event.id)}>
                    {event.sentence}
                  </button>
                </li>
              ),
            )}
          </ol>
        </li>
      ))}
    </ol>
  );
}
