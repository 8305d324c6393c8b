/** What was decided before, newest first. */
import type { AlertDetail } from '../../../src/serve/api.ts';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import { statusWords } from '../words/names.ts';
import styles from './alert.module.css';

export function History({ entries }: { readonly entries: AlertDetail['history'] }) {
  if (entries.length === 0) return null;
  return (
    <Section title="History">
      <ol className={styles.history}>
        {[...entries].reverse().map((entry) => (
          <li key={entry.time + entry.status}>
            <strong>{statusWords(entry.status, entry.close_reason)}</strong>
            {entry.by !== undefined && ` by ${entry.by}`}, <When time={entry.time} form="full" />
            {entry.comment !== undefined && <div>“{entry.comment}”</div>}
          </li>
        ))}
      </ol>
    </Section>
  );
}
