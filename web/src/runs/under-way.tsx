/** The run that is under way, with how far it came, and those that wait for their turn. */
import { useQuery } from '@tanstack/react-query';
import type { RunRequest, RunUnderWay } from '../../../src/serve/run-api.ts';
import { requestsQuestion, runsNowQuestion } from '../api/runs.ts';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { useNow } from '../words/clock.ts';
import { counted } from '../words/counts.ts';
import { Failure } from './failure.tsx';
import { rangeWords } from './range-words.ts';
import { RuleLink } from './rule-link.tsx';
import { KIND_WORD, progressOf } from './run-words.ts';
import styles from './runs.module.css';
import { useStopRun } from './use-asking.ts';

export function UnderWay() {
  const underway = useQuery(runsNowQuestion()).data?.underway;
  const waiting = useQuery(requestsQuestion).data?.filter(({ id }) => id !== underway?.request) ?? [];
  const stopping = useStopRun();
  if (underway === undefined && waiting.length === 0) return null;
  return (
    <Section title="Under way">
      <ul className={styles.list}>
        {underway !== undefined && <Going run={underway} stopping={stopping} />}
        {waiting.map((request) => (
          <Waiting key={request.id} request={request} stopping={stopping} />
        ))}
      </ul>
      <Failure what="Not stopped" problem={stopping.error} />
    </Section>
  );
}

interface StoppingProps {
  readonly stopping: ReturnType<typeof useStopRun>;
}

function Going({ run, stopping }: StoppingProps & { readonly run: RunUnderWay }) {
  const now = useNow();
  const { kind, rules, from, to, events, request } = run;
  const share = Math.round(progressOf(run) * 100);
  return (
    <li className={styles.row}>
      <span className={styles.state}>{share} %</span>
      <div className={styles.what}>
        <p className={styles.name}>
          {KIND_WORD[kind]}: {counted(rules, 'rule')} over {rangeWords(from, to, now)}
        </p>
        <progress className={styles.progress} max={100} value={share} aria-label="How far the run came">
          {share} %
        </progress>
        <p className={styles.quiet}>{counted(events, 'event')} read so far</p>
      </div>
      {request !== undefined && (
        <button
          type="button"
          className={partStyles.quiet}
          disabled={stopping.isPending}
          onClick={() => stopping.mutate(request)}
        >
          Stop
        </button>
      )}
    </li>
  );
}

function Waiting({ request, stopping }: StoppingProps & { readonly request: RunRequest }) {
  const now = useNow();
  const { id, rules, from, to, uncapped, reason } = request;
  const [first, ...others] = rules ?? [];
  return (
    <li className={styles.row}>
      <span className={styles.state} data-state="waiting">
        Waits
      </span>
      <div className={styles.what}>
        <p className={styles.name}>
          {first === undefined ? 'All rules that run' : <RuleLink rule={first} />}
          {others.length > 0 && ` and ${counted(others.length, 'other rule')}`}{' '}
          <span className={styles.quiet}>{rangeWords(from, to, now)}</span>
        </p>
        <p className={styles.quiet}>
          {reason}
          {uncapped && ' What caps cut off is created too.'}
        </p>
      </div>
      <button
        type="button"
        className={partStyles.quiet}
        disabled={stopping.isPending}
        aria-label={`Take back the run over ${rangeWords(from, to, now)}`}
        onClick={() => stopping.mutate(id)}
      >
        Take back
      </button>
    </li>
  );
}
