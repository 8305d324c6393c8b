/** Where the fields of a rule are looked up in events, and which of them nothing that is read has. */
import type { FieldResolution, FieldUse } from '../../../src/serve/api.ts';
import { Section } from '../parts/section.tsx';
import { counted } from '../words/counts.ts';
import styles from './rules.module.css';

const WORDS: Readonly<Record<FieldResolution, string>> = {
  taxonomy: 'Sigma’s taxonomy',
  ecs: 'ECS',
  vendor: 'an integration’s field',
  unresolved: 'nothing that is read has it',
};

export function RuleFields({ fields }: { readonly fields: readonly FieldUse[] }) {
  if (fields.length === 0) return null;
  const unresolved = fields.filter(({ resolution }) => resolution === 'unresolved').length;
  return (
    <Section title="Fields">
      <details className={styles.written} open={unresolved > 0}>
        <summary>
          {counted(fields.length, 'field')}
          {unresolved > 0 && `, ${unresolved} unresolved`}
        </summary>
        <ul className={styles.fields}>
          {fields.map(({ field, by, homes, resolution }) => (
            <li key={field}>
              <code>{field}</code>
              {!(homes.length === 1 && homes[0] === field) && (
                <>
                  {' → '}
                  <code>{homes.join(', ')}</code>
                </>
              )}{' '}
              <span className={styles.quiet}>
                {WORDS[resolution]}
                {by !== undefined && `, by ${by.join(', ')}`}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </Section>
  );
}
