/** A severity as a dot and its word: never colour alone. */
import type { Severity } from '../../../src/serve/api.ts';
import { SEVERITY_WORD } from '../words/names.ts';
import styles from './parts.module.css';

export function SeverityWord({ severity }: { readonly severity: Severity }) {
  return (
    <span className={styles.severity} style={{ color: `var(--${severity}-word)` }}>
      <span className={styles.dot} style={{ background: `var(--${severity})` }} />
      {SEVERITY_WORD[severity]}
    </span>
  );
}
