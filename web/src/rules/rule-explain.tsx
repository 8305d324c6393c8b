/** Why the rule did not fire on an event that it should have fired on. */
import { useState } from 'react';
import { ExplainPanel } from '../explain/explain-panel.tsx';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { useKeys } from '../shell/keys.ts';
import styles from './rules.module.css';

export function RuleExplain({ id }: { readonly id: string }) {
  const [isOpen, setOpen] = useState(false);
  useKeys({ x: () => setOpen(true) });
  return (
    <Section title="Why did it not fire?">
      {isOpen ? (
        <ExplainPanel rule={id} />
      ) : (
        <p className={styles.quiet}>
          Ask about a stored event, or one that you paste.{' '}
          <button type="button" className={partStyles.quiet} aria-keyshortcuts="x" onClick={() => setOpen(true)}>
            Explain an event <kbd>x</kbd>
          </button>
        </p>
      )}
    </Section>
  );
}
