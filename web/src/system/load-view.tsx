/** How hard the service works: looked at again every other second while the page is open. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleLoad } from '../../../src/serve/system-api.ts';
import { systemQuestion } from '../api/questions.ts';
import { Facts } from '../parts/facts.tsx';
import { Section } from '../parts/section.tsx';
import { grouped } from '../words/counts.ts';
import {
  commitWords,
  historyLine,
  limitWords,
  memoryWords,
  queueWords,
  rateWords,
  storageWords,
  threadWords,
} from './load-words.ts';
import styles from './system.module.css';

const MOST_RULES = 5;

/** Nothing where the service does not tell: the rest of the page says why. */
export function LoadView() {
  const { data: report } = useQuery(systemQuestion);
  if (report === undefined) return null;
  const { readiness, history, rules, queues, commits, storage, memory, threads } = report;
  return (
    <>
      <Section title="How it works just now">
        {[...readiness.reasons, ...readiness.notes].map((text) => (
          <p key={text} className={styles.trouble}>
            {text}
          </p>
        ))}
        <Facts
          facts={[
            [
              'Events',
              <span key="rate" className={styles.rate}>
                {rateWords(report)}
                {history.length > 2 && (
                  <svg className={styles.history} viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
                    <polyline points={historyLine(history)} />
                  </svg>
                )}
              </span>,
            ],
            ['Queues', queueWords(queues)],
            ['Writing', commitWords(commits)],
            ['Storage', storageWords(storage)],
            ['Memory', memoryWords(memory)],
            ['Memory limits', limitWords(memory)],
            ['Threads', threadWords(threads)],
            [
              'Figures',
              <a key="metrics" href="/metrics">
                for Prometheus
              </a>,
            ],
          ]}
        />
      </Section>
      {rules.length > 0 && (
        <Section title="Rules that match most">
          <BusyRules rules={rules.slice(0, MOST_RULES)} />
        </Section>
      )}
    </>
  );
}

function BusyRules({ rules }: { readonly rules: readonly RuleLoad[] }) {
  return (
    <table className={styles.busy}>
      <thead>
        <tr>
          <th scope="col">Rule</th>
          <th scope="col">Matched</th>
          <th scope="col">Taken out</th>
          <th scope="col">Alerts</th>
        </tr>
      </thead>
      <tbody>
        {rules.map(({ id, name, funnel }) => (
          <tr key={id}>
            <th scope="row">
              <Link to="/rules/$id" params={{ id }}>
                {name}
              </Link>
            </th>
            <td>{grouped(funnel.matched)}</td>
            <td>{grouped(funnel.matched - funnel.created)}</td>
            <td>{grouped(funnel.created)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
