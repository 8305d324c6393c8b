/** What the exception would remove of what is stored, before it is kept: each alert and event a door. */
import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ExceptionEffect } from '../../../src/serve/exception-api.ts';
import { AlertLines } from '../alerts/alert-lines.tsx';
import { When } from '../parts/when.tsx';
import { counted, grouped } from '../words/counts.ts';
import styles from './exceptions.module.css';

interface Props {
  readonly effect: ExceptionEffect | undefined;
  /** What is shown is of the exception as it was a moment ago. */
  readonly isStale: boolean;
  /** The alert that it is made from, which it should remove. */
  readonly alert: string | undefined;
}

export function Effect({ effect, isStale, alert }: Props) {
  if (effect === undefined) return <Skeleton height={72} />;
  const { alerts, events, stopped_at } = effect;
  const misses =
    alert !== undefined && alerts.count === alerts.shown.length && !alerts.shown.some(({ id }) => id === alert);
  return (
    <div className={styles.effect} aria-busy={isStale}>
      <p>
        <strong>{effectWords(effect)}</strong>
      </p>
      {misses && (
        <p className={styles.note} data-severity="warning">
          <strong>Warning</strong> It does not remove the alert that you came from.
        </p>
      )}
      <AlertLines alerts={alerts.shown} search={{ status: 'all' }} />
      {alerts.count > alerts.shown.length && (
        <p className={styles.quiet}>
          The newest {grouped(alerts.shown.length)} of {grouped(alerts.count)} are shown.
        </p>
      )}
      {events.shown.length > 0 && (
        <details className={styles.events}>
          <summary>{events.count === 1 ? '1 match' : `${grouped(events.count)} matches`} on stored events</summary>
          <ul>
            {events.shown.map(({ id, time, sentence }) => (
              <li key={id}>
                <Link to="/events/$id" params={{ id }}>
                  {sentence}
                </Link>{' '}
                <span className={styles.quiet}>
                  <When time={time} form="short" />
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p className={styles.quiet}>
        {isStale ? 'Trying it on what is stored…' : examinedWords(effect)}
        {stopped_at !== undefined && !isStale && (
          <>
            {' '}
            The time was up: what came before <When time={stopped_at} form="full" /> was not looked at.
          </>
        )}
      </p>
    </div>
  );
}

/** `It would have removed 3 of 10 alerts.` */
export function effectWords({ alerts, events }: Pick<ExceptionEffect, 'alerts' | 'events'>): string {
  if (alerts.examined === 0 && events.matched === 0) return 'Its rules have no stored alert or match yet to try it on.';
  if (alerts.count === 0 && events.count === 0) return 'It would have removed nothing that is stored.';
  return `It would have removed ${grouped(alerts.count)} of ${counted(alerts.examined, 'alert')}.`;
}

function examinedWords({ alerts, events }: ExceptionEffect): string {
  const looked = `Looked at ${counted(alerts.examined, 'alert')} and ${counted(events.examined, 'stored event')}`;
  const matches = events.matched === 1 ? 'match' : 'matches';
  return events.matched === 0
    ? `${looked}.`
    : `${looked}, of whose ${grouped(events.matched)} ${matches} it would have removed ${grouped(events.count)}.`;
}
