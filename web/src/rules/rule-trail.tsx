/** Back to the list of rules, and through it: the next and the previous of the same filter. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import alertStyles from '../alert/alert.module.css';
import { rulesQuestion } from '../api/questions.ts';
import { Key } from '../parts/chip.tsx';
import { rulePlace } from '../parts/list-place.ts';
import { useKeys } from '../shell/keys.ts';
import { grouped } from '../words/counts.ts';
import { type RuleSearch, selectRules } from './rule-search.ts';

export function RuleTrail({ id, search }: { readonly id: string; readonly search: RuleSearch }) {
  const navigate = useNavigate();
  const { data } = useQuery(rulesQuestion);
  const rules = useMemo(() => selectRules(data ?? [], search), [data, search]);
  const index = rules.findIndex((rule) => rule.id === id);
  useEffect(() => {
    if (index !== -1) rulePlace.remember({ id, index });
  }, [id, index]);
  const stepTo = (target: string | undefined) =>
    target === undefined
      ? undefined
      : () => void navigate({ to: '/rules/$id', params: { id: target }, search, replace: true });
  const next = stepTo(index === -1 ? undefined : rules[index + 1]?.id);
  const previous = stepTo(index === -1 ? undefined : rules[index - 1]?.id);
  const back = () => void navigate({ to: '/rules', search, resetScroll: false });
  useKeys({ j: next, k: previous, Escape: back });
  return (
    <nav className={alertStyles.trail} aria-label="List">
      <Link to="/rules" search={search} resetScroll={false}>
        ← Rules <Key>Esc</Key>
      </Link>
      <div className={alertStyles.steps}>
        {index !== -1 && (
          <span>
            {grouped(index + 1)} of {grouped(rules.length)}
          </span>
        )}
        <button type="button" className={alertStyles.step} disabled={previous === undefined} onClick={previous}>
          Previous <Key>k</Key>
        </button>
        <button type="button" className={alertStyles.step} disabled={next === undefined} onClick={next}>
          Next <Key>j</Key>
        </button>
      </div>
    </nav>
  );
}
