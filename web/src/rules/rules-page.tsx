/** The rules: how many there are and run, which, and adding one. The whole filter stands in the address. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { rulesQuestion } from '../api/questions.ts';
import { Key } from '../parts/chip.tsx';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Problem } from '../parts/problem.tsx';
import type { SetSearch } from '../shell/address.ts';
import { useKeys } from '../shell/keys.ts';
import { useTitle } from '../shell/title.ts';
import { RuleFilters } from './rule-filters.tsx';
import { type RuleSearch, rulesHeadline, selectRules } from './rule-search.ts';
import { EnableFailure, useEnableRule } from './rule-switch.tsx';
import { RuleTable } from './rule-table.tsx';
import styles from './rules.module.css';

const route = getRouteApi('/rules');

export function RulesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const setSearch: SetSearch<RuleSearch> = (next) =>
    void navigate({ to: '/rules', search: next, replace: true, resetScroll: false });
  const input = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => input.current?.focus(), n: () => void navigate({ to: '/rules/new' }) });

  const { data, failureReason, error } = useQuery(rulesQuestion);
  const problem = error ?? failureReason;
  const shown = useMemo(() => data && selectRules(data, search), [data, search]);
  const enabling = useEnableRule();
  const title = data === undefined ? 'Rules' : rulesHeadline(data, shown?.length ?? 0, search);
  useTitle(title);
  return (
    <>
      {problem !== null && (
        <Problem title="The rules could not be loaded" problem={problem} queryKey={rulesQuestion.queryKey} />
      )}
      <div className={styles.head}>
        <h1 className={pageStyles.title}>{title}</h1>
        <Link to="/rules/new" className={styles.add} aria-keyshortcuts="n">
          Add a rule <kbd>n</kbd>
        </Link>
      </div>
      {data?.length !== 0 && <RuleFilters rules={data ?? []} search={search} setSearch={setSearch} input={input} />}
      <EnableFailure enabling={enabling} />
      {shown?.length === 0 ? (
        <NoRule isFiltered={data?.length !== 0} clear={() => setSearch(() => ({}))} />
      ) : (
        <RuleTable
          key={JSON.stringify([search, data === undefined])}
          rules={shown}
          search={search}
          enabling={enabling}
          openRule={(id) => void navigate({ to: '/rules/$id', params: { id }, search })}
        />
      )}
    </>
  );
}

function NoRule({ isFiltered, clear }: { readonly isFiltered: boolean; readonly clear: () => void }) {
  return isFiltered ? (
    <div className={partStyles.empty}>
      <h2>No rule matches this filter</h2>
      <p>Words are looked for in the name, the id and the ATT&CK techniques.</p>
      <button type="button" className={partStyles.quiet} onClick={clear}>
        Clear the filter
      </button>
    </div>
  ) : (
    <div className={partStyles.empty}>
      <h2>Nothing is being looked for</h2>
      <p>The service was started without a rule. Paste one in any form it reads: it runs as soon as it is added.</p>
      <Link to="/rules/new">
        Add a rule <Key>n</Key>
      </Link>
    </div>
  );
}
