/** Back to the list of rules, and through it. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { rulesQuestion } from '../api/questions.ts';
import { Key } from '../parts/chip.tsx';
import { rulePlace } from '../parts/list-place.ts';
import { Trail } from '../parts/trail.tsx';
import { type RuleSearch, selectRules } from './rule-search.ts';

export function RuleTrail({ id, search }: { readonly id: string; readonly search: RuleSearch }) {
  const navigate = useNavigate();
  const { data } = useQuery(rulesQuestion);
  const ids = useMemo(() => selectRules(data ?? [], search).map((rule) => rule.id), [data, search]);
  return (
    <Trail
      id={id}
      ids={ids}
      total={ids.length}
      place={rulePlace}
      open={(target) => void navigate({ to: '/rules/$id', params: { id: target }, search, replace: true })}
      back={() => void navigate({ to: '/rules', search, resetScroll: false })}
    >
      <Link to="/rules" search={search} resetScroll={false}>
        ← Rules <Key>Esc</Key>
      </Link>
    </Trail>
  );
}
