/** The exceptions: what each says, which rules it is for, whether it holds now, and how much it has removed. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import type { ExceptionSummary } from '../../../src/serve/exception-api.ts';
import { exceptionsQuestion } from '../api/exceptions.ts';
import { rulesQuestion } from '../api/questions.ts';
import { Door, Doors } from '../parts/door.tsx';
import listStyles from '../parts/list.module.css';
import { exceptionPlace } from '../parts/list-place.ts';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Problem } from '../parts/problem.tsx';
import { RemovableChips } from '../parts/removable-chips.tsx';
import { rowLinkId } from '../parts/walked-list.ts';
import { HeaderCells, WalkedTable } from '../parts/walked-table.tsx';
import { When } from '../parts/when.tsx';
import { WordFilter } from '../parts/word-filter.tsx';
import ruleStyles from '../rules/rules.module.css';
import { changed, type SetSearch, withChange } from '../shell/address.ts';
import { useKeys } from '../shell/keys.ts';
import { useTitle } from '../shell/title.ts';
import { useNow } from '../words/clock.ts';
import { grouped } from '../words/counts.ts';
import { dayAndTime } from '../words/time.ts';
import {
  type ExceptionSearch,
  exceptionsHeadline,
  STATE_FILTERS,
  STATE_WORDS,
  selectExceptions,
  stateOf,
} from './exception-search.ts';
import { ExceptionSwitch, TurnFailure } from './exception-switch.tsx';
import styles from './exceptions.module.css';
import { Scenarios } from './scenarios.tsx';
import { type Turn, useTurn } from './use-turn.ts';

const route = getRouteApi('/exceptions');
const ROW_HEIGHT = 64;
const COLUMNS = ['What it says', 'Rules', 'Now', 'Removed', 'Until', 'Applies'];

export function ExceptionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const setSearch: SetSearch<ExceptionSearch> = (next) =>
    void navigate({ to: '/exceptions', search: next, replace: true, resetScroll: false });
  const input = useRef<HTMLInputElement>(null);
  useKeys({
    '/': () => input.current?.focus(),
    n: () => void navigate({ to: '/exceptions/new' }),
    l: () => void navigate({ to: '/exceptions/lists' }),
    i: () => void navigate({ to: '/exceptions/transfer' }),
  });
  const { data, failureReason, error } = useQuery(exceptionsQuestion);
  const problem = error ?? failureReason;
  const shown = useMemo(() => data && selectExceptions(data, search), [data, search]);
  const turn = useTurn();
  const title = data === undefined ? 'Exceptions' : exceptionsHeadline(data, shown?.length ?? 0, search);
  useTitle(title);
  return (
    <>
      {problem !== null && (
        <Problem title="The exceptions could not be loaded" problem={problem} queryKey={exceptionsQuestion.queryKey} />
      )}
      <div className={ruleStyles.head}>
        <h1 className={pageStyles.title}>{title}</h1>
        <div className={styles.headActions}>
          <Link to="/exceptions/lists" className={partStyles.quiet} aria-keyshortcuts="l">
            Value lists <kbd>l</kbd>
          </Link>
          <Link to="/exceptions/transfer" className={partStyles.quiet} aria-keyshortcuts="i">
            Import, export <kbd>i</kbd>
          </Link>
          <Link to="/exceptions/new" className={ruleStyles.add} aria-keyshortcuts="n">
            New exception <kbd>n</kbd>
          </Link>
        </div>
      </div>
      {data?.length !== 0 && <Filters all={data ?? []} search={search} setSearch={setSearch} input={input} />}
      <TurnFailure turn={turn} />
      {shown?.length === 0 ? (
        <NoException isFiltered={data?.length !== 0} clear={() => setSearch(() => ({}))} />
      ) : (
        <WalkedTable
          key={JSON.stringify([search, data === undefined])}
          label="Exceptions"
          className={styles.table}
          header={<HeaderCells names={COLUMNS} />}
          rows={shown}
          idOf={idOf}
          rowHeight={ROW_HEIGHT}
          place={exceptionPlace}
          open={(id) => void navigate({ to: '/exceptions/$id', params: { id }, search })}
          stateOf={(summary) => (stateOf(summary) === 'active' ? 'on' : 'off')}
          keysOf={(summary) => ({ x: turn.isPending ? undefined : () => turn.mutate(summary) })}
        >
          {(summary) => <Row summary={summary} search={search} turn={turn} />}
        </WalkedTable>
      )}
      <Scenarios exceptions={data ?? []} />
    </>
  );
}

function idOf({ exception }: ExceptionSummary): string {
  return exception.id;
}

interface FiltersProps {
  readonly all: readonly ExceptionSummary[];
  readonly search: ExceptionSearch;
  readonly setSearch: SetSearch<ExceptionSearch>;
  readonly input: React.RefObject<HTMLInputElement | null>;
}

function Filters({ all, search, setSearch, input }: FiltersProps) {
  const rules = useQuery(rulesQuestion).data;
  const left = selectExceptions(all, withChange(search, { state: undefined }));
  const count = (state: string) => left.filter((each) => stateOf(each) === state).length;
  const states = STATE_FILTERS.filter((state) => search.state === state || count(state) > 0);
  const rule = rules?.find(({ id }) => id === search.rule)?.name ?? search.rule;
  return (
    <>
      <Doors label="State">
        {states.map((state) => (
          <Door
            key={state}
            isOpen={search.state === state}
            toggle={() => setSearch(changed({ state: search.state === state ? undefined : state }))}
          >
            <span className={ruleStyles.doorWords}>
              {grouped(count(state))} {STATE_WORDS[state]}
            </span>
          </Door>
        ))}
      </Doors>
      <div className={partStyles.filters}>
        <WordFilter
          words={search.q ?? ''}
          setWords={(q) => setSearch(changed({ q }))}
          placeholder="Filter by words of what it says, its name, reason or author"
          input={input}
        />
      </div>
      <RemovableChips
        chips={[{ text: rule && `for ${rule}`, remove: () => setSearch(changed({ rule: undefined })) }]}
      />
    </>
  );
}

interface RowProps {
  readonly summary: ExceptionSummary;
  readonly search: ExceptionSearch;
  readonly turn: Turn;
}

function Row({ summary, search, turn }: RowProps) {
  const { exception, check, removed } = summary;
  const { id, name, rules, expires } = exception;
  const now = useNow();
  const state = stateOf(summary);
  return (
    <>
      <div role="cell" className={`${styles.what} ${listStyles.what}`}>
        <div className={listStyles.first}>
          <Link id={rowLinkId(id)} to="/exceptions/$id" params={{ id }} search={search} className={listStyles.name}>
            {name}
          </Link>
        </div>
        <div className={styles.says}>{check.sentence}</div>
      </div>
      <div role="cell" className={`${styles.rulesCell} ${listStyles.cell}`}>
        {rules === 'all' ? 'every rule' : <Rules ids={rules} />}
      </div>
      <div role="cell" className={`${styles.stateCell} ${listStyles.cell}`} data-state={state}>
        {state === 'broken' ? 'has errors' : state === 'waiting' ? 'outside its window' : STATE_WORDS[state]}
      </div>
      <div role="cell" className={`${styles.removedCell} ${listStyles.number}`}>
        {removed === 0 ? 'nothing' : grouped(removed)}
      </div>
      <div role="cell" className={`${styles.untilCell} ${listStyles.cell}`}>
        {expires === undefined ? 'no end' : dayAndTime(expires, now).replace(/:\d\d$/, '')}
      </div>
      <div role="cell" className={`${styles.switchCell} ${listStyles.above}`}>
        <ExceptionSwitch summary={summary} turn={turn} />
      </div>
    </>
  );
}

function Rules({ ids }: { readonly ids: readonly string[] }) {
  const all = useQuery(rulesQuestion).data;
  const [id, ...more] = ids;
  if (id === undefined) return 'none';
  const name = all?.find((rule) => rule.id === id)?.name ?? id;
  return more.length === 0 ? name : `${ids.length} rules`;
}

function NoException({ isFiltered, clear }: { readonly isFiltered: boolean; readonly clear: () => void }) {
  return isFiltered ? (
    <div className={partStyles.empty}>
      <h2>No exception matches this filter</h2>
      <p>Words are looked for in what it says, its name, its reason and its author.</p>
      <button type="button" className={partStyles.quiet} onClick={clear}>
        Clear the filter
      </button>
    </div>
  ) : (
    <div className={partStyles.empty}>
      <h2>Every match becomes an alert</h2>
      <p>
        An exception says what a rule must not alert on. The best one begins at an alert that was harmless: open it and
        press <kbd>e</kbd>, and it is filled in, with what it would have removed beside it.
      </p>
      <Link to="/">To the alerts</Link>
    </div>
  );
}

/** When the summary last removed something, for the page of one exception. */
export function RemovedWords({ summary }: { readonly summary: ExceptionSummary }) {
  const { removed, last_removed } = summary;
  if (removed === 0 || last_removed === undefined) return <>has removed nothing yet</>;
  return (
    <>
      has removed {removed === 1 ? '1 match' : `${grouped(removed)} matches`}, last in the run of{' '}
      <When time={last_removed} form="full" />
    </>
  );
}
