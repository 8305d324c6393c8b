/** Says that sample alerts are among the real ones, and removes them: in two steps, since it cannot be undone. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { deleteSample } from '../api/client.ts';
import { statusQuestion } from '../api/questions.ts';
import { AskedTwice } from '../parts/asked-twice.tsx';
import { counted } from '../words/counts.ts';
import styles from './alerts.module.css';

export function SampleNote() {
  const client = useQueryClient();
  const sample = useQuery(statusQuestion).data?.sample;
  const removal = useMutation({
    mutationFn: deleteSample,
    onSuccess: async () => {
      await client.resetQueries({ queryKey: ['alerts'] });
      await client.invalidateQueries();
    },
  });
  if (sample === undefined) return null;
  return (
    <div className={styles.note}>
      <AskedTwice
        offer="Remove the sample"
        question={`Remove ${counted(sample.alerts, 'sample alert')} for good?`}
        removal={removal}
        before={
          <span>
            {counted(sample.alerts, 'alert')} {sample.alerts === 1 ? 'comes' : 'come'} from the sample capture.
          </span>
        }
        after={
          <span>
            or type <code>{sample.remove}</code>
          </span>
        }
      />
      {removal.error !== null && <span role="alert">The sample was not removed: {removal.error.message}</span>}
    </div>
  );
}
