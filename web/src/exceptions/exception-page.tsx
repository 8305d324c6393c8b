/** One exception: what it says and does, changing it, what was said of it, who changed it when, and removing it. */
import { Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { ExceptionDraft, ExceptionSummary } from '../../../src/serve/exception-api.ts';
import {
  exceptionHistoryQuestion,
  exceptionQuestion,
  exceptionsQuestion,
  forgetExceptions,
  removeException,
} from '../api/exceptions.ts';
import { useSigner } from '../api/signer.ts';
import { AskedTwice } from '../parts/asked-twice.tsx';
import { Key } from '../parts/chip.tsx';
import { exceptionPlace } from '../parts/list-place.ts';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Problem } from '../parts/problem.tsx';
import { Section } from '../parts/section.tsx';
import { Trail } from '../parts/trail.tsx';
import { When } from '../parts/when.tsx';
import { useKeys } from '../shell/keys.ts';
import { useTitle } from '../shell/title.ts';
import { CloseOffer } from './close-offer.tsx';
import { ExceptionForm } from './exception-form.tsx';
import { type ExceptionSearch, STATE_WORDS, selectExceptions, stateOf } from './exception-search.ts';
import { ExceptionSwitch, TurnFailure } from './exception-switch.tsx';
import styles from './exceptions.module.css';
import { RemovedWords } from './exceptions-page.tsx';
import { toDraft, toForm } from './form-draft.ts';
import { useExceptionForm, useUndecided } from './use-exception-form.ts';
import { savingFailure, useSave } from './use-save.ts';
import { useTurn } from './use-turn.ts';

const route = getRouteApi('/exceptions/$id');

export function ExceptionPage() {
  const { id } = route.useParams();
  const search = route.useSearch();
  const question = exceptionQuestion(id);
  const { data, failureReason, error } = useQuery(question);
  const problem = error ?? failureReason;
  useTitle(data?.exception.name ?? 'Exception');
  return (
    <>
      <ExceptionTrail id={id} search={search} />
      {problem !== null && (
        <Problem title="The exception could not be loaded" problem={problem} queryKey={question.queryKey} />
      )}
      {data === undefined ? (
        error === null && (
          <div aria-hidden="true">
            <Skeleton height={28} width="60%" mb={14} />
            <Skeleton height={320} />
          </div>
        )
      ) : (
        <ExceptionView key={id} summary={data} search={search} />
      )}
      {problem !== null && data === undefined && <PastOf id={id} />}
    </>
  );
}

function ExceptionTrail({ id, search }: { readonly id: string; readonly search: ExceptionSearch }) {
  const navigate = useNavigate();
  const { data } = useQuery(exceptionsQuestion);
  const ids = useMemo(() => selectExceptions(data ?? [], search).map(({ exception }) => exception.id), [data, search]);
  return (
    <Trail
      id={id}
      ids={ids}
      total={ids.length}
      place={exceptionPlace}
      open={(target) => void navigate({ to: '/exceptions/$id', params: { id: target }, search, replace: true })}
      back={() => void navigate({ to: '/exceptions', search, resetScroll: false })}
    >
      <Link to="/exceptions" search={search} resetScroll={false}>
        ← Exceptions <Key>Esc</Key>
      </Link>
    </Trail>
  );
}

interface Props {
  readonly summary: ExceptionSummary;
  readonly search: ExceptionSearch;
}

function ExceptionView({ summary, search }: Props) {
  const { exception, check } = summary;
  const turn = useTurn();
  const state = stateOf(summary);
  useKeys({ x: turn.isPending ? undefined : () => turn.mutate(summary) });
  return (
    <article>
      <h1 className={pageStyles.title}>{exception.name}</h1>
      <p className={styles.lead}>{check.sentence}</p>
      <div className={pageStyles.meta}>
        <span className={styles.switchLine}>
          <ExceptionSwitch summary={summary} turn={turn} /> <Key>x</Key>
        </span>
        {state !== 'off' && <span>{state === 'broken' ? 'has errors, and so does nothing' : STATE_WORDS[state]}</span>}
        <span>
          by {exception.author}, <When time={exception.created} form="long" />
        </span>
        <span>
          <RemovedWords summary={summary} />
        </span>
      </div>
      <TurnFailure turn={turn} />
      <Editing key={exception.updated} summary={summary} />
      <div className={styles.below}>
        <Comments summary={summary} />
        <PastOf id={exception.id} />
        <Removal summary={summary} search={search} />
      </div>
    </article>
  );
}

/** What was kept last, so that the alerts it would have removed can be closed after it: the form begins anew then. */
let lastKept: { readonly id: string; readonly updated: string; readonly draft: ExceptionDraft } | undefined;

function Editing({ summary: { exception } }: { readonly summary: ExceptionSummary }) {
  const { created: _, updated, ...draft } = exception;
  const [start] = useState(() => toForm(draft));
  const writing = useExceptionForm(start);
  const save = useSave((saved, kept) => {
    lastKept = { id: saved.exception.id, updated: saved.exception.updated, draft: kept };
  });
  const isUnchanged = JSON.stringify(writing.draft) === JSON.stringify(toDraft(start));
  const kept = lastKept?.id === exception.id && lastKept.updated === updated ? lastKept.draft : undefined;
  const undecided = useUndecided(kept);
  const failure = savingFailure(save);
  return (
    <ExceptionForm
      writing={writing}
      save={() => save.mutate({ draft: writing.draft, id: exception.id })}
      isSaving={save.isPending}
      isUnchanged={isUnchanged}
      outcome={
        <>
          {failure !== undefined && (
            <p className={pageStyles.failure} role="alert">
              {failure}
            </p>
          )}
          {kept !== undefined && isUnchanged && (
            <>
              <p role="status">Kept.</p>
              <CloseOffer name={exception.name} ids={undecided} />
            </>
          )}
        </>
      }
    />
  );
}

function Comments({ summary: { exception } }: { readonly summary: ExceptionSummary }) {
  const [text, setText] = useState('');
  const author = useSigner() ?? 'unnamed';
  const save = useSave(() => setText(''));
  const comments = exception.comments ?? [];
  const add = () => {
    const { created: _, updated: __, ...draft } = exception;
    const comment = { text: text.trim(), author, time: new Date().toISOString() };
    save.mutate({ draft: { ...draft, comments: [...comments, comment] }, id: exception.id });
  };
  const failure = savingFailure(save);
  return (
    <Section title="Comments">
      <ul className={styles.comments}>
        {comments.map((comment) => (
          <li key={comment.time + comment.text}>
            <p>{comment.text}</p>
            <span className={styles.quiet}>
              {comment.author}, <When time={comment.time} form="long" />
            </span>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') add();
        }}
      >
        <textarea
          className={pageStyles.comment}
          aria-label="A comment"
          placeholder="A comment: what was found out since"
          rows={1}
          maxLength={4000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && text.trim() !== '') add();
          }}
        />
        <button type="submit" className={partStyles.quiet} disabled={text.trim() === '' || save.isPending}>
          {save.isPending ? 'Saving…' : 'Add the comment'}
        </button>
      </form>
      {failure !== undefined && (
        <p className={pageStyles.failure} role="alert">
          {failure}
        </p>
      )}
    </Section>
  );
}

/** Also of one that was removed. */
function PastOf({ id }: { readonly id: string }) {
  const { data = [] } = useQuery({ ...exceptionHistoryQuestion(id), retry: false });
  if (data.length === 0) return null;
  return (
    <Section title="History">
      <ol className={styles.history}>
        {data.map(({ change, by, time, exception }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries stand in the order in which they were made
          <li key={index}>
            <span>
              {by} {change} it{exception.enabled ? '' : ' (off)'}
            </span>{' '}
            <span className={styles.quiet}>
              <When time={time} form="long" />
            </span>
            {changesBetween(data[index - 1]?.exception, exception).map((words) => (
              <span key={words} className={styles.quiet}>
                {words}
              </span>
            ))}
          </li>
        ))}
      </ol>
    </Section>
  );
}

type Kept = ExceptionSummary['exception'];

const PARTS: readonly (readonly [keyof Kept, string])[] = [
  ['name', 'name'],
  ['rules', 'rules'],
  ['condition', 'where it holds'],
  ['enabled', 'on or off'],
  ['reason', 'reason'],
  ['expires', 'end'],
  ['windows', 'time windows'],
  ['step', 'step'],
  ['comments', 'comments'],
];

/** The parts that are not as they were before. */
function changesBetween(before: Kept | undefined, after: Kept): readonly string[] {
  if (before === undefined) return [];
  const changed = PARTS.filter(([part]) => JSON.stringify(before[part]) !== JSON.stringify(after[part]));
  return changed.length === 0 ? [] : [changed.map(([, words]) => words).join(', ')];
}

function Removal({ summary: { exception }, search }: Props) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const removal = useMutation({
    mutationFn: () => removeException(exception.id),
    onSuccess: async () => {
      await navigate({ to: '/exceptions', search });
      client.removeQueries({ queryKey: exceptionQuestion(exception.id).queryKey });
      forgetExceptions(client);
    },
  });
  return (
    <div className={styles.line}>
      <AskedTwice
        offer="Remove the exception"
        question="Remove it? From then on its matches become alerts. Its history stays."
        removal={removal}
      />
      {removal.error !== null && (
        <p className={pageStyles.failure} role="alert">
          Not removed: {removal.error.message}
        </p>
      )}
    </div>
  );
}
