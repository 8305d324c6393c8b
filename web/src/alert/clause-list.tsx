/** The clauses of a trace in the author's words: which held, and what the event had, its telling parts marked. */
import type { TraceNode } from '../../../src/serve/api.ts';
import { type Clause, clausesOf } from '../evidence/clauses.ts';
import { type Evidence, rangesIn } from '../evidence/marking.ts';
import { Marked } from '../parts/marked.tsx';
import { withoutTurns } from '../words/direction.ts';
import styles from './alert.module.css';

const OUTCOMES = {
  held: { mark: '✓', word: 'held' },
  failed: { mark: '✗', word: 'did not hold' },
  'not-needed': { mark: '–', word: 'not needed' },
} as const;

const CONNECTIVES = new Set(['either', 'or', 'one of', 'not']);

/** Of an array as long as a command's arguments, no more are shown. */
const MOST_VALUES = 4;

export function ClauseList({ trace, evidence }: { readonly trace: TraceNode; readonly evidence: Evidence }) {
  return (
    <ul className={styles.clauses}>
      {clausesOf(trace).map((clause, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: clauses stand in the rule's order and may be alike
        <ClauseLine key={index} clause={clause} evidence={evidence} />
      ))}
    </ul>
  );
}

function ClauseLine({ clause, evidence }: { readonly clause: Clause; readonly evidence: Evidence }) {
  const { mark, word } = OUTCOMES[clause.outcome];
  const isConnective = clause.field === undefined && CONNECTIVES.has(clause.text);
  return (
    <li className={styles.clause} data-outcome={clause.outcome}>
      <span className={styles.outcome} role="img" aria-label={word}>
        {mark}
      </span>
      <span
        className={isConnective ? styles.connective : `mono ${styles.clauseText}`}
        style={{ paddingLeft: clause.depth * 20 }}
      >
        {clause.text}
      </span>
      <span className={`mono ${styles.seen}`}>
        {clause.outcome === 'not-needed'
          ? !isConnective && 'not needed'
          : clause.values !== undefined && <Seen clause={clause} values={clause.values} evidence={evidence} />}
      </span>
    </li>
  );
}

function Seen(props: { clause: Clause; values: readonly string[]; evidence: Evidence }) {
  const { clause, values, evidence } = props;
  if (values.length === 0) return 'missing';
  const field = clause.field ?? '';
  const matched = new Set(evidence.fields[field]?.map(({ value }) => value));
  const telling = values.filter((value) => matched.has(value));
  const shown = (telling.length > 0 ? telling : values).slice(0, MOST_VALUES);
  return (
    <span title={withoutTurns(values.join('\n'))}>
      {shown.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: values of one field, in order
        <span key={index}>
          {index > 0 && ', '}
          <Marked text={value} ranges={rangesIn(evidence, field, value)} />
        </span>
      ))}
      {telling.length === 0 && values.length > shown.length && ' …'}
    </span>
  );
}
