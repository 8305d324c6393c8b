/** Why a rule fires on an event, or does not: the verdict, what stands in between (the nearest first), clause by clause. */
import { Link } from '@tanstack/react-router';
import type { Obstacle, RuleExplanation } from '../../../src/serve/triage-api.ts';
import { ClauseList } from '../alert/clause-list.tsx';
import partStyles from '../parts/parts.module.css';
import { ReferenceList } from '../parts/reference-list.tsx';
import { When } from '../parts/when.tsx';
import { counted } from '../words/counts.ts';
import { creditWords } from '../words/names.ts';
import { CorrelationView } from './correlation-view.tsx';
import styles from './explain.module.css';

const NO_EVIDENCE = { fields: {} };

export function ExplanationView({ answer }: { readonly answer: RuleExplanation }) {
  const { rule, explained, correlation, events, problems } = answer;
  return (
    <div className={styles.answer}>
      {problems.length > 0 && (
        <div>
          <p>
            <strong>
              {events === 0 ? 'There is no event in it that could be read.' : 'Not all of it could be read.'}
            </strong>
          </p>
          <ul className={styles.obstacles}>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </div>
      )}
      {explained.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events stand in their order and may be alike
        <OneEvent key={index} one={one} />
      ))}
      {correlation !== undefined && <CorrelationView explanation={correlation} />}
      {correlation === undefined && events > explained.length && (
        <p className={styles.quiet}>
          The first {explained.length} of {counted(events, 'event')} are explained.
        </p>
      )}
      {events > 0 && <Credit rule={rule} />}
    </div>
  );
}

/** Authors, licence and references stand wherever a rule is shown to match. */
function Credit({ rule }: Pick<RuleExplanation, 'rule'>) {
  return (
    <footer className={styles.quiet}>
      {creditWords(rule)}
      <ReferenceList references={rule.reference} />
    </footer>
  );
}

function OneEvent({ one }: { readonly one: RuleExplanation['explained'][number] }) {
  const { sentence, time, command_line, explanation } = one;
  const { fires, obstacles, trace, excepted_by } = explanation;
  const [nearest, ...others] = obstacles;
  return (
    <section className={styles.event} aria-label={sentence}>
      <p>
        {sentence}, <When time={time} form="long" />
      </p>
      {command_line !== undefined && <pre className={partStyles.code}>{command_line}</pre>}
      <p className={styles.verdict} data-fires={fires} role="status">
        <span aria-hidden="true">{fires ? '✓' : '✗'}</span>{' '}
        {fires ? 'The rule fires on it.' : 'The rule does not fire on it.'}
      </p>
      {nearest !== undefined && (
        <>
          <p className={styles.nearest}>{nearest.message}</p>
          {excepted_by !== undefined && (
            <p>
              <Link to="/exceptions/$id" params={{ id: excepted_by.id }}>
                The exception “{excepted_by.name}”
              </Link>
            </p>
          )}
          {others.length > 0 && <Others obstacles={others} />}
        </>
      )}
      <ClauseList trace={trace} evidence={NO_EVIDENCE} />
    </section>
  );
}

function Others({ obstacles }: { readonly obstacles: readonly Obstacle[] }) {
  return (
    <>
      <p className={styles.quiet}>And, farther away:</p>
      <ul className={styles.obstacles}>
        {obstacles.map((obstacle) => (
          <li key={obstacle.message}>{obstacle.message}</li>
        ))}
      </ul>
    </>
  );
}
