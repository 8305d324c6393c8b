/**
 * The last events of a source; the one that is picked stands raw and in ECS side by side. A picked one stays while new
 * ones come in, until it is no longer kept.
 */
import { useState } from 'react';
import type { RecentEvent } from '../../../src/serve/api.ts';
import { CopyButton } from '../parts/copy.tsx';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import { CodeText } from '../rules/code-text.tsx';
import { useKeys } from '../shell/keys.ts';
import styles from './sources.module.css';

export function RecentEvents({ events }: { readonly events: readonly RecentEvent[] }) {
  const [picked, setPicked] = useState<RecentEvent | undefined>(events[0]);
  const shown = picked ?? events[0];
  const at = events.findIndex(({ number }) => number === shown?.number);
  const step = (index: number) => {
    const next = events[index];
    return next === undefined ? undefined : () => setPicked(next);
  };
  useKeys({ n: step(at + 1), p: at > 0 ? step(at - 1) : undefined });
  return (
    <Section title="Last events">
      <ul className={styles.recent}>
        {events.map((event) => (
          <li key={event.number}>
            <button type="button" aria-pressed={event.number === shown?.number} onClick={() => setPicked(event)}>
              <span>
                {event.kind === '-' ? event.format : event.kind} <span className={styles.quiet}>{event.format}</span>
              </span>
              <span className={styles.quiet}>
                <When time={event.time} form="full" />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {shown !== undefined && <Pair event={shown} />}
    </Section>
  );
}

function Pair({ event }: { readonly event: RecentEvent }) {
  const ecs = event.document === undefined ? undefined : JSON.stringify(event.document, undefined, 2);
  return (
    <div className={styles.pair}>
      <div>
        <h3 className={styles.side}>
          Raw <CopyButton text={event.raw} what="the raw event" />
        </h3>
        <CodeText label="Raw" text={event.raw} grammar={event.raw.startsWith('{') ? 'json' : 'page'} />
      </div>
      <div>
        <h3 className={styles.side}>ECS {ecs !== undefined && <CopyButton text={ecs} what="the ECS document" />}</h3>
        {ecs === undefined ? (
          <p className={styles.quiet}>This event is too long to be kept whole; its beginning is shown.</p>
        ) : (
          <CodeText label="ECS" text={ecs} grammar="json" />
        )}
      </div>
    </div>
  );
}
