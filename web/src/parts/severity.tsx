/** Severities: never colour alone. */
import type { Severity } from '../../../src/serve/api.ts';
import { SEVERITY_WORD } from '../words/names.ts';
import styles from './parts.module.css';

/** As a dot and its word. */
export function SeverityWord({ severity }: { readonly severity: Severity }) {
  return (
    <span className={styles.severity} style={{ color: `var(--${severity}-word)` }}>
      <span className={styles.dot} style={{ background: `var(--${severity})` }} />
      {SEVERITY_WORD[severity]}
    </span>
  );
}

/** Alone, where the word would be one too many; it is read aloud. */
export function SeverityDot({
  severity,
  className,
}: {
  readonly severity: Severity;
  readonly className?: string | undefined;
}) {
  return (
    <span
      className={className ?? styles.dot}
      role="img"
      aria-label={SEVERITY_WORD[severity]}
      style={{ background: `var(--${severity})` }}
    />
  );
}
