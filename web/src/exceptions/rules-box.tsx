/** The rules that an exception belongs to: chosen ones, or every rule there is and will be. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { rulesQuestion } from '../api/questions.ts';
import { Combobox, suggestionsFor } from '../parts/combobox.tsx';
import partStyles from '../parts/parts.module.css';
import styles from './exceptions.module.css';
import { FindingNotes, usePlace } from './finding-notes.tsx';
import type { FormDraft } from './form-draft.ts';

interface Props {
  readonly rules: FormDraft['rules'];
  readonly setRules: (rules: FormDraft['rules']) => void;
}

export function RulesBox({ rules, setRules }: Props) {
  const place = usePlace('rules', true);
  const { data } = useQuery(rulesQuestion);
  const [typed, setTyped] = useState('');
  const names = useMemo(() => new Map((data ?? []).map(({ id, name }) => [id, name])), [data]);
  const chosen = rules === 'all' ? [] : rules;
  const others = [...names].filter(([id]) => !chosen.includes(id)).map(([value, label]) => ({ value, label }));
  return (
    <div>
      <div className={styles.ruleChoice} role="group" aria-label="Rules">
        <label>
          <input type="radio" name="rules" checked={rules !== 'all'} onChange={() => setRules([])} /> these rules
        </label>
        <label>
          <input type="radio" name="rules" checked={rules === 'all'} onChange={() => setRules('all')} /> every rule,
          also those to come
        </label>
      </div>
      {rules !== 'all' && (
        <>
          <ul className={styles.ruleList}>
            {chosen.map((id) => (
              <li key={id}>
                <Link to="/rules/$id" params={{ id }}>
                  {names.get(id) ?? id}
                </Link>
                <button
                  type="button"
                  className={styles.drop}
                  aria-label={`Take out ${names.get(id) ?? id}`}
                  onClick={() => setRules(chosen.filter((each) => each !== id))}
                >
                  ×
                </button>
              </li>
            ))}
          </ul>
          <Combobox
            label="Add a rule"
            text={typed}
            setText={setTyped}
            suggest={(text) => suggestionsFor(others, text)}
            pick={({ value }) => {
              setRules([...chosen, value]);
              setTyped('');
            }}
            placeholder={chosen.length === 0 ? 'a rule, by its name' : 'another rule'}
            className={styles.input}
            isInvalid={place.isInvalid}
            describedBy={place.id}
          />
        </>
      )}
      <FindingNotes {...place} />
    </div>
  );
}

/** Rules that fired on the same process, to be taken in with a click. */
export function MoreRules({ rules, setRules, fired }: Props & { readonly fired: readonly string[] }) {
  if (rules === 'all') return null;
  const missing = fired.filter((id) => !rules.includes(id));
  if (missing.length === 0) return null;
  return (
    <button
      type="button"
      className={partStyles.quiet}
      aria-keyshortcuts="m"
      onClick={() => setRules([...rules, ...missing])}
    >
      Also the {missing.length === 1 ? 'other rule' : `${String(missing.length)} other rules`} that fired on this
      process <kbd>m</kbd>
    </button>
  );
}
