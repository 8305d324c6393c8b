/** An event of the table beside it: what happened, the bytes as they came where they were kept, and all of it in ECS. */
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { EventDetail } from '../../../src/serve/triage-api.ts';
import { textOf } from '../evidence/field-of.ts';
import { Key } from '../parts/chip.tsx';
import { CopyButton } from '../parts/copy.tsx';
import partStyles from '../parts/parts.module.css';
import { When } from '../parts/when.tsx';
import { CodeText } from '../rules/code-text.tsx';
import styles from './hunt.module.css';

export function EventPanel({ event, close }: { readonly event: EventDetail; readonly close: () => void }) {
  const { id, time, sentence, document } = event;
  const text = JSON.stringify(document, null, 2);
  const raw = textOf(document, 'event.original');
  const panel = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every event that is opened is brought into sight
  useEffect(() => {
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, [id]);
  return (
    <aside ref={panel} className={styles.panel} aria-label="The event">
      <div className={styles.panelHead}>
        <h2>{sentence}</h2>
        <button type="button" className={partStyles.quiet} onClick={close}>
          Close <Key>Esc</Key>
        </button>
      </div>
      <p className={styles.quiet}>
        <When time={time} form="full" />
      </p>
      <p className={styles.links}>
        <Link to="/events/$id" params={{ id }}>
          Open the event
        </Link>
        <Link to="/explain" search={{ event: id }}>
          Does a rule fire on it?
        </Link>
        <CopyButton text={text} what="the event" />
      </p>
      {raw !== undefined && (
        <>
          <h3>Raw</h3>
          <pre className={`${partStyles.code} ${styles.raw}`}>{raw}</pre>
        </>
      )}
      <h3>ECS</h3>
      <div className={styles.document}>
        <CodeText label="The event in ECS" text={text} grammar="json" />
      </div>
    </aside>
  );
}
