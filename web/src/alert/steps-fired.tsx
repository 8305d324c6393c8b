/** Why a sequence or a sample fired: its steps in the rule's order, each with its event and the clauses that it met. */
import type { Alert, AlertStep } from '../../../src/serve/api.ts';
import { When } from '../parts/when.tsx';
import { withoutTurns } from '../words/direction.ts';
import { ClauseList } from './clause-list.tsx';
import styles from './steps.module.css';

interface Props {
  readonly alert: Alert;
  readonly steps: readonly AlertStep[];
}

export function StepsFired({ alert, steps }: Props) {
  const keys = alert.join_keys ?? [];
  return (
    <>
      {keys.length > 0 && (
        <p className={styles.joined}>
          Joined by{' '}
          {keys.map((key, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: keys stand in the rule's order and may be alike
            <span key={index}>
              {index > 0 && ', '}
              <code>{withoutTurns(String(key ?? 'no value'))}</code>
            </span>
          ))}
        </p>
      )}
      <ol className={styles.steps}>
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps stand in the rule's order and may be alike
          <Step key={index} alert={alert} step={step} />
        ))}
      </ol>
    </>
  );
}

function Step({ alert, step }: { readonly alert: Alert; readonly step: AlertStep }) {
  const { missing, event, sentence, time, trace, text } = step;
  if (missing) {
    return (
      <li className={styles.step}>
        <p>
          <strong>Stayed away</strong>
        </p>
        <code className={styles.query}>{text}</code>
      </li>
    );
  }
  const evidence = { fields: (event === undefined ? undefined : alert.evidence.events?.[event]) ?? {} };
  return (
    <li className={styles.step}>
      <p>
        <strong>{sentence}</strong> {time !== undefined && <When time={time} form="full" />}
      </p>
      {trace?.result === false && (
        <p className={styles.changed}>The rule has changed since: as it is now, this event would not pass this step.</p>
      )}
      {trace !== undefined && <ClauseList trace={trace} evidence={evidence} />}
    </li>
  );
}
