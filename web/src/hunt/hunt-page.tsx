/** Hunting over the stored events in any of the languages; the whole question stands in the address. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { HuntAnswer, HuntLanguage } from '../../../src/serve/hunt-api.ts';
import { huntQuestion } from '../api/hunt.ts';
import { statusQuestion } from '../api/questions.ts';
import { underlinedOf } from '../code/use-findings.ts';
import pageStyles from '../parts/page.module.css';
import { Problem } from '../parts/problem.tsx';
import { RemovableChips } from '../parts/removable-chips.tsx';
import { TimeField } from '../parts/time-field.tsx';
import { TimePresets } from '../parts/time-presets.tsx';
import { When } from '../parts/when.tsx';
import { startDraft } from '../rules/rule-draft.ts';
import { useTitle } from '../shell/title.ts';
import { useNow } from '../words/clock.ts';
import { counted } from '../words/counts.ts';
import { dayAndTime } from '../words/time.ts';
import styles from './hunt.module.css';
import { HuntEditor } from './hunt-editor.tsx';
import { HuntResults } from './hunt-results.tsx';
import { type HuntSearch, huntHeadline, withChange } from './hunt-search.ts';
import { QueryFindings } from './query-findings.tsx';
import { rememberHunt } from './recent-hunts.ts';
import { RecentHunts } from './recent-list.tsx';
import { newRuleId, ruleSkeleton } from './rule-skeleton.ts';

const route = getRouteApi('/hunt');

export function HuntPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const client = useQueryClient();
  const setSearch = (next: HuntSearch) =>
    void navigate({ to: '/hunt', search: next, replace: next.q === search.q, resetScroll: false });
  const { language = 'eql', q = '', from, to } = search;
  const draft = useDraft(language, q);
  const question = useMemo(
    () =>
      huntQuestion({
        language,
        text: q,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      }),
    [language, q, from, to],
  );
  const { data, isFetching, error, failureReason } = useQuery({ ...question, enabled: q !== '' });
  const problem = error ?? failureReason;
  const answer = isFetching ? undefined : data;
  const run = () => {
    const text = draft.text.trim() === '' ? '' : draft.text;
    if (text === '') return;
    rememberHunt({ language: draft.language, text });
    const next = withChange(search, { language: draft.language, q: text });
    // The same question once more is asked once more.
    if (text === q && draft.language === language) void client.refetchQueries({ queryKey: question.queryKey });
    else setSearch(next);
  };
  const isAsAsked = draft.text === q && draft.language === language;
  const refused = answer !== undefined && answer.findings.length > 0 && isAsAsked;
  const title = isFetching ? 'Hunting…' : huntHeadline(answer);
  useTitle(title);
  return (
    <>
      <h1 className={pageStyles.title} role={isFetching ? 'status' : undefined}>
        {title}
      </h1>
      <Looked answer={answer} />
      <HuntEditor
        {...draft}
        refused={refused ? underlinedOf(answer.findings) : undefined}
        isHunting={isFetching}
        run={run}
        stop={() => void client.cancelQueries({ queryKey: question.queryKey })}
      />
      <TimeRange search={search} setSearch={setSearch} />
      {problem !== null && (
        <Problem title="The hunt could not be made" problem={problem} queryKey={question.queryKey} />
      )}
      {answer !== undefined && answer.findings.length > 0 && (
        <div role="alert">
          <QueryFindings findings={answer.findings} text={q} />
        </div>
      )}
      {answer !== undefined && !isWrong(answer) && (
        <HuntResults
          answer={answer}
          search={search}
          setSearch={setSearch}
          makeRule={() => {
            startDraft(ruleSkeleton(language, q, newRuleId(), new Date().toISOString().slice(0, 10)));
            void navigate({ to: '/rules/new' });
          }}
        />
      )}
      {q !== '' && !isFetching && data === undefined && problem === null && (
        <p className={styles.quiet} role="status">
          The hunt was stopped. Nothing is lost; hunt again, or over a shorter time.
        </p>
      )}
      <RecentHunts
        isOpen={q === ''}
        take={(hunt) => setSearch(withChange(search, { language: hunt.language, q: hunt.text }))}
      />
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

function isWrong({ findings }: HuntAnswer): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** How much was read for it; before, how much there is. */
function Looked({ answer }: { readonly answer: HuntAnswer | undefined }) {
  const stored = useQuery(statusQuestion).data?.events;
  if (answer !== undefined && !isWrong(answer)) {
    const { read, ms } = answer;
    return (
      <p className={styles.looked}>
        {counted(read, 'event')} read in {ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`}.
      </p>
    );
  }
  if (stored === undefined) return <p className={styles.looked}>&nbsp;</p>;
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

function TimeRange({ search, setSearch }: { search: HuntSearch; setSearch: (search: HuntSearch) => void }) {
  const now = useNow();
  const { from, to } = search;
  const change = (range: { from?: string | undefined; to?: string | undefined }) =>
    setSearch(withChange(search, range));
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
