/** Leads to where it is said why a rule fires on this event, or does not. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { rulesQuestion } from '../api/questions.ts';
import { ActionButton } from '../parts/action-button.tsx';
import pageStyles from '../parts/page.module.css';
import { Section } from '../parts/section.tsx';
import { useKeys } from '../shell/keys.ts';
import styles from './events.module.css';

export function ExplainWith({ event }: { readonly event: string }) {
  const navigate = useNavigate();
  const rules = useQuery(rulesQuestion).data ?? [];
  const choice = useRef<HTMLSelectElement>(null);
  const explain = () => {
    const rule = choice.current?.value ?? '';
    if (rule === '') choice.current?.focus();
    else void navigate({ to: '/explain', search: { rule, event } });
  };
  useKeys({ x: explain });
  return (
    <div className={pageStyles.card}>
      <Section title="Does a rule fire on it?">
        <select ref={choice} className={styles.choice} aria-label="Rule" defaultValue="">
          <option value="">Choose a rule</option>
          {rules
            .toSorted((a, b) => a.name.localeCompare(b.name))
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
        </select>
        <div className={pageStyles.actions}>
          <ActionButton keyName="x" run={explain}>
            Explain with this rule
          </ActionButton>
        </div>
      </Section>
    </div>
  );
}
