/** Why the rule fired: its clauses in the author's words, which held, and what the event, or each of the events, had. */
import type { AlertDetail } from '../../../src/serve/api.ts';
import { Section } from '../parts/section.tsx';
import styles from './alert.module.css';
import { ClauseList } from './clause-list.tsx';
import { StepsFired } from './steps-fired.tsx';

export function WhyItFired({ detail }: { readonly detail: AlertDetail }) {
  return (
    <Section title="Why it fired">
      <Reasons detail={detail} />
    </Section>
  );
}

function Reasons({ detail: { alert, rule, trace, steps } }: { readonly detail: AlertDetail }) {
  if (steps !== undefined) return <StepsFired alert={alert} steps={steps} />;
  if (trace === undefined) {
    return (
      <p className={styles.unknown}>
        {rule === undefined
          ? 'The rule is no longer loaded, so its clauses cannot be shown.'
          : 'The rule has changed since: as it is now, it asks for other events, or has an error.'}
      </p>
    );
  }
  return (
    <>
      {!trace.result && (
        <p className={styles.unknown}>The rule has changed since: as it is now, it would not fire on this event.</p>
      )}
      <ClauseList trace={trace} evidence={alert.evidence} />
    </>
  );
}
