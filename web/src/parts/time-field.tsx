/** A field for a time in the reader's zone; the time itself is ISO 8601. */
import { useEffect, useState } from 'react';
import { inputTime } from '../words/time.ts';
import styles from './parts.module.css';

interface Props {
  readonly label: string;
  readonly time: string | undefined;
  /** Told when the field is left. */
  readonly setTime: (time: string | undefined) => void;
}

export function TimeField({ label, time, setTime }: Props) {
  const shown = time === undefined ? '' : inputTime(time);
  const [typed, setTyped] = useState(shown);
  useEffect(() => setTyped(shown), [shown]);
  return (
    <label className={styles.time}>
      {label}{' '}
      <input
        type="datetime-local"
        step={1}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => {
          if (typed !== shown) setTime(typed === '' ? undefined : new Date(typed).toISOString());
        }}
      />
    </label>
  );
}
