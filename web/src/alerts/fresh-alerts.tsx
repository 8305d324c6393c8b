/**
 * "3 new alerts, show": alerts that came in after the list was read. They wait here until the reader asks for them,
 * so that nothing moves under the cursor; only an empty list shows them at once.
 */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { AlertQuery } from '../../../src/serve/api.ts';
import { countQuestion } from '../api/questions.ts';
import { useKeys } from '../shell/keys.ts';
import { counted } from '../words/counts.ts';
import styles from './alerts.module.css';

interface Props {
  readonly query: AlertQuery;
  /** How many the list knows of; `undefined` while it is loading. */
  readonly known: number | undefined;
  readonly show: () => void;
}

export function FreshAlerts({ query, known, show }: Props) {
  const { data } = useQuery(countQuestion(query));
  const waiting = known === undefined || data === undefined ? 0 : Math.max(0, data.total - known);
  useEffect(() => {
    if (known === 0 && waiting > 0) show();
  }, [known, waiting, show]);
  useKeys({ n: waiting > 0 ? show : undefined });
  return (
    <div role="status">
      {waiting > 0 && known !== 0 && (
        <button type="button" className={styles.fresh} onClick={show}>
          {counted(waiting, 'new alert')}, show <kbd>n</kbd>
        </button>
      )}
    </div>
  );
}
