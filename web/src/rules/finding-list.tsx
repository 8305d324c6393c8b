/** Findings as a list: what is wrong, what would be accepted, and a door to the place in the text. */
import type { Finding } from '../../../src/serve/api.ts';
import { counted } from '../words/counts.ts';
import styles from './rules.module.css';

const SEVERITY = {
  error: { word: 'Error', color: 'var(--critical-word)', dot: 'var(--critical)' },
  warning: { word: 'Warning', color: 'var(--medium-word)', dot: 'var(--medium)' },
  info: { word: 'Note', color: 'var(--low-word)', dot: 'var(--low)' },
} as const;

interface Props {
  readonly findings: readonly Finding[];
  /** Goes to the place; absent where the text does not stand beside the list. */
  readonly show?: (finding: Finding) => void;
}

export function FindingList({ findings, show }: Props) {
  return (
    <ul className={styles.findingList}>
      {findings.map((finding, index) => {
        const { word, color, dot } = SEVERITY[finding.severity];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: findings stand in the order of the text and may be alike
          <li key={index} className={styles.finding}>
            <span className={styles.findingSeverity} style={{ color }}>
              <span className={styles.findingDot} style={{ background: dot }} />
              {word}
            </span>
            <div className={styles.findingText}>
              <p>{finding.message}</p>
              {finding.hint !== undefined && <p className={styles.hint}>{finding.hint}</p>}
            </div>
            {show === undefined ? (
              <span className={styles.findingPlace}>
                {finding.line}:{finding.column}
              </span>
            ) : (
              <button
                type="button"
                className={styles.findingPlace}
                aria-label={`Show ${finding.line}:${finding.column}`}
                onClick={() => show(finding)}
              >
                {finding.line}:{finding.column}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** `1 error and 2 warnings`, notes not counted; `undefined` where there is neither. */
export function findingWords(findings: readonly Pick<Finding, 'severity'>[]): string | undefined {
  const count = (wanted: Finding['severity']) => findings.filter(({ severity }) => severity === wanted).length;
  const words = [
    { count: count('error'), noun: 'error' },
    { count: count('warning'), noun: 'warning' },
  ]
    .filter((each) => each.count > 0)
    .map((each) => counted(each.count, each.noun));
  return words.length === 0 ? undefined : words.join(' and ');
}
