/** Hunting over the stored events in any of the languages; the whole question stands in the address. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import type { HuntAnswer, HuntLanguage } from '../../../src/serve/hunt-api.ts';
import type { TableHuntAnswer } from '../../../src/serve/table-api.ts';
import { huntQuestion, tableQuestion } from '../api/hunt.ts';
import { statusQuestion } from '../api/questions.ts';
import { underlinedOf } from '../code/use-findings.ts';
import pageStyles from '../parts/page.module.css';
import { Problem } from '../parts/problem.tsx';
import { RemovableChips } from '../parts/removable-chips.tsx';
import { TimeField } from '../parts/time-field.tsx';
import { TimePresets } from '../parts/time-presets.tsx';
import { When } from '../parts/when.tsx';
import { startDraft } from '../rules/rule-draft.ts';
import { changed, type SetSearch } from '../shell/address.ts';
import { useTitle } from '../shell/title.ts';
import { useNow } from '../words/clock.ts';
import { counted } from '../words/counts.ts';
import { dayAndTime } from '../words/time.ts';
import { AnswerResults } from './answer-results.tsx';
import styles from './hunt.module.css';
import { HuntEditor } from './hunt-editor.tsx';
import { HuntResults } from './hunt-results.tsx';
import { type HuntSearch, huntHeadline, tableHeadline } from './hunt-search.ts';
import { QueryFindings } from './query-findings.tsx';
import { rememberHunt } from './recent-hunts.ts';
import { RecentHunts } from './recent-list.tsx';
import { newRuleId, ruleSkeleton } from './rule-skeleton.ts';

const route = getRouteApi('/hunt');

export function HuntPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const setSearch: SetSearch<HuntSearch> = (next) =>
    void navigate({ to: '/hunt', search: next, replace: next(search).q === q, resetScroll: false });
  const { language = 'eql', q = '', from, to } = search;
  const draft = useDraft(language, q);
  const isTable = language === 'kusto';
  const ask = useMemo(
    () => ({ text: q, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }),
    [q, from, to],
  );
  const [ofEvents, ofTable] = useMemo(
    () => [huntQuestion({ language, ...ask }), tableQuestion(ask)] as const,
    [language, ask],
  );
  const events = useQuery({ ...ofEvents, enabled: q !== '' && !isTable });
  const table = useQuery({ ...ofTable, enabled: q !== '' && isTable });
  const { data, isFetching, error, failureReason } = isTable ? table : events;
  const { queryKey } = isTable ? ofTable : ofEvents;
  const problem = error ?? failureReason;
  const answer = isFetching || isTable ? undefined : events.data;
  const found = isFetching || !isTable ? undefined : table.data;
  const findings = (answer ?? found)?.findings ?? [];
  const run = () => {
    const text = draft.text.trim() === '' ? '' : draft.text;
    if (text === '') return;
    rememberHunt({ language: draft.language, text });
    // The same question once more is asked once more.
    if (text === q && draft.language === language) void client.refetchQueries({ queryKey });
    else setSearch(changed({ language: draft.language, q: text }));
  };
  const isAsAsked = draft.text === q && draft.language === language;
  const refused = findings.length > 0 && isAsAsked;
  const isUnderWay = isFetching && problem === null;
  const title = isUnderWay ? 'Hunting…' : found === undefined ? huntHeadline(answer) : tableHeadline(found);
  const makeRule = () => {
    startDraft(ruleSkeleton(language, q, newRuleId(), new Date().toISOString().slice(0, 10)));
    void navigate({ to: '/rules/new' });
  };
  useTitle(title);
  return (
    <>
      <h1 className={pageStyles.title} aria-live="polite">
        {title}
      </h1>
      {isUnderWay && isTable ? <UnderWay /> : <Looked answer={answer} found={found} />}
      <HuntEditor
        {...draft}
        refused={refused ? underlinedOf(findings) : undefined}
        isHunting={isFetching}
        run={run}
        stop={() => void client.cancelQueries({ queryKey })}
      />
      <TimeRange search={search} setSearch={setSearch} />
      {problem !== null && <Problem title="The hunt could not be made" problem={problem} queryKey={queryKey} />}
      {findings.length > 0 && (
        <div role="alert">
          <QueryFindings findings={findings} text={q} />
        </div>
      )}
      {answer !== undefined && !isWrong(answer) && (
        <HuntResults answer={answer} search={search} setSearch={setSearch} makeRule={makeRule} />
      )}
      {found !== undefined && !isWrong(found) && (
        <AnswerResults key={JSON.stringify(ask)} answer={found} ask={ask} makeRule={makeRule} />
      )}
      {q !== '' && !isFetching && data === undefined && problem === null && (
        <p className={styles.quiet} role="status">
          The hunt was stopped. Nothing is lost; hunt again, or over a shorter time.
        </p>
      )}
      <RecentHunts isOpen={q === ''} take={(hunt) => setSearch(changed({ language: hunt.language, q: hunt.text }))} />
    </>
  );
}

/** What is typed; the address has the last word where it changes without typing. */
function useDraft(language: HuntLanguage, q: string) {
  const [shown, setShown] = useState({ language, q });
  const [typed, setTyped] = useState({ language, text: q });
  if (shown.language !== language || shown.q !== q) {
    setShown({ language, q });
    setTyped({ language, text: q });
  }
  return {
    ...typed,
    setText: (text: string) => setTyped((before) => ({ ...before, text })),
    setLanguage: (chosen: HuntLanguage) => setTyped((before) => ({ ...before, language: chosen })),
  };
}

function isWrong({ findings }: Pick<HuntAnswer, 'findings'>): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** How much was read for it; before, how much there is. */
function Looked({
  answer,
  found,
}: {
  readonly answer: HuntAnswer | undefined;
  readonly found: TableHuntAnswer | undefined;
}) {
  const stored = useQuery(statusQuestion).data?.events;
  if (answer !== undefined && !isWrong(answer)) {
    const { read, ms } = answer;
    return (
      <p className={styles.looked}>
        {counted(read, 'event')} read in {duration(ms)}.
      </p>
    );
  }
  if (found !== undefined && !isWrong(found)) {
    const columns = counted(found.columns.length, 'column');
    return (
      <p className={styles.looked}>
        {columns}, in {duration(found.ms)}.
      </p>
    );
  }
  if (stored === undefined) return <p className={styles.looked}>&nbsp;</p>;
  if (stored.events === 0) {
    return (
      <p className={styles.looked}>
        No event is kept yet, so nothing can be found. See <Link to="/sources">where events come from</Link>.
      </p>
    );
  }
  return (
    <p className={styles.looked}>
      {counted(stored.events, 'event')} kept
      {stored.oldest !== undefined && (
        <>
          , back to <When time={stored.oldest} form="full" />
        </>
      )}
      .
    </p>
  );
}

function duration(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** How long it has been going on. */
function UnderWay() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const clock = setInterval(() => setSeconds((before) => before + 1), 1_000);
    return () => clearInterval(clock);
  }, []);
  return (
    <p className={styles.looked}>
      {seconds === 0 ? 'The query runs.' : `The query has run for ${seconds} s.`} Esc stops it.
    </p>
  );
}

function TimeRange({ search, setSearch }: { search: HuntSearch; setSearch: SetSearch<HuntSearch> }) {
  const now = useNow();
  const { from, to } = search;
  const change = (range: { from?: string | undefined; to?: string | undefined }) => setSearch(changed(range));
  const words = [from && `from ${dayAndTime(from, now)}`, to && `until ${dayAndTime(to, now)}`].filter(Boolean);
  return (
    <>
      <div className={styles.range}>
        <TimeField label="From" time={from} setTime={(time) => change({ from: time })} />
        <TimeField label="Until" time={to} setTime={(time) => change({ to: time })} />
        <TimePresets setRange={change} />
      </div>
      <RemovableChips chips={[{ text: words.join(' '), remove: () => change({ from: undefined, to: undefined }) }]} />
    </>
  );
}
