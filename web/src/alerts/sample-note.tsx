/** Says that sample alerts are among the real ones, and removes them: in two steps, since it cannot be undone. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteSample } from '../api/client.ts';
import { statusQuestion } from '../api/questions.ts';
import partStyles from '../parts/parts.module.css';
import { counted } from '../words/counts.ts';
import styles from './alerts.module.css';

export function SampleNote() {
  const client = useQueryClient();
  const sample = useQuery(statusQuestion).data?.sample;
  const [isAsking, setAsking] = useState(false);
  const removal = useMutation({
    mutationFn: deleteSample,
    onSuccess: async () => {
      setAsking(false);
      await client.resetQueries({ queryKey: ['alerts'] });
      await client.invalidateQueries();
    },
  });
  if (sample === undefined) return null;
  return (
    <div className={styles.note}>
      {isAsking ? (
        <>
          <span>Remove {counted(sample.alerts, 'sample alert')} for good?</span>
          <button
            type="button"
            className={partStyles.quiet}
            disabled={removal.isPending}
            onClick={() => removal.mutate()}
          >
            {removal.isPending ? 'Removing…' : 'Remove'}
          </button>
          <button type="button" className={partStyles.quiet} onClick={() => setAsking(false)}>
            Keep
          </button>
        </>
      ) : (
        <>
          <span>
            {counted(sample.alerts, 'alert')} {sample.alerts === 1 ? 'comes' : 'come'} from the sample capture.
          </span>
          <button type="button" className={partStyles.quiet} onClick={() => setAsking(true)}>
            Remove the sample
          </button>
          <span>
            or type <code>{sample.remove}</code>
          </span>
        </>
      )}
      {removal.error !== null && <span role="alert">The sample was not removed: {removal.error.message}</span>}
    </div>
  );
}
