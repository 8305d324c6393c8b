/** The exceptions that apply to the rule, and what its last runs made of its matches. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleRun } from '../../../src/serve/exception-api.ts';
import { ruleExceptionsQuestion, ruleRunsQuestion } from '../api/exceptions.ts';
import { removedWords, STATE_WORDS, stateOf } from '../exceptions/exception-search.ts';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import { grouped } from '../words/counts.ts';
import styles from './rules.module.css';

export function RuleExceptions({ id }: { readonly id: string }) {
  const { data } = useQuery(ruleExceptionsQuestion(id));
  return (
    <Section title="Exceptions">
      {data?.length === 0 && <p className={styles.quiet}>None: every match becomes an alert.</p>}
      <ul className={styles.exceptions}>
        {data?.map((summary) => (
          <li key={summary.exception.id}>
            <Link to="/exceptions/$id" params={{ id: summary.exception.id }} search={{ rule: id }}>
              {summary.exception.name}
            </Link>
            <span className={styles.quiet}>
              {STATE_WORDS[stateOf(summary)]}
              {summary.removed > 0 && `, ${removedWords(summary.removed)} removed`}
            </span>
            <span className={styles.says}>{summary.check.sentence}</span>
          </li>
        ))}
      </ul>
      <p className={styles.all}>
        <Link to="/exceptions/new" search={{ rule: id }}>
          New exception for this rule
        </Link>
      </p>
    </Section>
  );
}

const RUNS_SHOWN = 12;
const STAGES = ['matched', 'excepted', 'suppressed', 'duplicate', 'capped', 'created'] as const;

export function RuleRuns({ id }: { readonly id: string }) {
  const { data, error } = useQuery(ruleRunsQuestion(id, RUNS_SHOWN));
  if (error !== null) return null;
  return (
    <Section title="Last runs with a match">
      {data?.length === 0 ? (
        <p className={styles.quiet}>No run has had a match yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div className={styles.runs} tabIndex={0} role="group" aria-label="Runs">
          <table>
            <thead>
              <tr>
                <th scope="col">run</th>
                {STAGES.map((stage) => (
                  <th key={stage} scope="col">
                    {stage}
                  </th>
                ))}
                <th scope="col">removed by</th>
              </tr>
            </thead>
            <tbody>
              {data?.map((run) => (
                <Run key={run.start} run={run} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function Run({ run: { start, funnel, removed_by } }: { readonly run: RuleRun }) {
  return (
    <tr>
      <th scope="row">
        <When time={start} form="long" />
      </th>
      {STAGES.map((stage) => (
        <td key={stage} data-none={funnel[stage] === 0}>
          {grouped(funnel[stage])}
        </td>
      ))}
      <td className={styles.removedBy}>
        {removed_by.map(({ id, name, removed }) => (
          <span key={id}>
            <Link to="/exceptions/$id" params={{ id }}>
              {name}
            </Link>{' '}
            {grouped(removed)}
          </span>
        ))}
        {removed_by.length === 0 && '–'}
      </td>
    </tr>
  );
}
