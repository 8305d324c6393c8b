/**
 * A new exception: empty, from an alert (the service suggests some, the narrowest first), for a rule, or from a shipped
 * scenario. Once it is kept, the alerts that it would have removed can be closed.
 */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { ExceptionDraft, ExceptionScenario, ExceptionSummary } from '../../../src/serve/exception-api.ts';
import { scenariosQuestion, suggestionsQuestion } from '../api/exceptions.ts';
import { alertQuestion, membersQuestion } from '../api/questions.ts';
import { flatFields } from '../evidence/field-of.ts';
import { Key } from '../parts/chip.tsx';
import pageStyles from '../parts/page.module.css';
import { Problem } from '../parts/problem.tsx';
import { Section } from '../parts/section.tsx';
import { useKeys } from '../shell/keys.ts';
import { useTitle } from '../shell/title.ts';
import { CloseOffer } from './close-offer.tsx';
import { ExceptionForm } from './exception-form.tsx';
import styles from './exceptions.module.css';
import { emptyForm, type FormDraft, toForm } from './form-draft.ts';
import { useExceptionForm, useUndecided } from './use-exception-form.ts';
import { savingFailure, useSave } from './use-save.ts';

const route = getRouteApi('/exceptions/new');
/** Keys 1 to 9 choose a suggestion. */
const MOST_SUGGESTIONS = 9;
const NONE: readonly ExceptionDraft[] = [];

export function NewExceptionPage() {
  const { alert, rule, scenario } = route.useSearch();
  const suggestions = useQuery({ ...suggestionsQuestion(alert ?? ''), enabled: alert !== undefined });
  const scenarios = useQuery({ ...scenariosQuestion, enabled: scenario !== undefined });
  const chosen = scenarios.data?.find(({ id }) => id === scenario);
  useTitle('New exception');
  if (alert !== undefined && suggestions.data === undefined) {
    return (
      <Waiting
        title="The alert’s suggestions could not be loaded"
        answer={suggestions}
        of={suggestionsQuestion(alert).queryKey}
      />
    );
  }
  if (scenario !== undefined && scenarios.data === undefined) {
    return <Waiting title="The scenario could not be loaded" answer={scenarios} of={scenariosQuestion.queryKey} />;
  }
  const offered = suggestions.data?.slice(0, MOST_SUGGESTIONS) ?? NONE;
  const [first] = offered;
  const start =
    chosen !== undefined
      ? toForm({ ...chosen.draft, enabled: true })
      : first !== undefined
        ? toForm(first)
        : emptyForm(rule === undefined ? [] : [rule]);
  return (
    <NewException
      key={`${alert ?? ''} ${rule ?? ''} ${scenario ?? ''}`}
      start={start}
      alert={alert}
      offered={offered}
      scenario={chosen}
    />
  );
}

interface WaitingProps {
  readonly title: string;
  readonly answer: { readonly error: Error | null; readonly failureReason: Error | null };
  readonly of: readonly unknown[];
}

function Waiting({ title, answer, of }: WaitingProps) {
  const problem = answer.error ?? answer.failureReason;
  return (
    <>
      <Trail alert={undefined} />
      {problem !== null && <Problem title={title} problem={problem} queryKey={of} />}
      <h1 className={pageStyles.title}>New exception</h1>
    </>
  );
}

interface NewProps {
  readonly start: FormDraft;
  readonly alert: string | undefined;
  readonly offered: readonly ExceptionDraft[];
  readonly scenario: ExceptionScenario | undefined;
}

interface Kept {
  readonly summary: ExceptionSummary;
  readonly draft: ExceptionDraft;
}

function NewException({ start, alert, offered, scenario }: NewProps) {
  const writing = useExceptionForm(start);
  const [kept, setKept] = useState<Kept>();
  const [picked, setPicked] = useState(0);
  const { values, fired } = useSurroundings(alert);
  const save = useSave((summary, draft) => setKept({ summary, draft }));
  const pick = (index: number) => {
    const suggestion = offered[index];
    if (suggestion === undefined) return;
    setPicked(index);
    const { name, reason, rules } = writing.form;
    const isNamed = !offered.some((each) => each.name === name);
    writing.setForm({ ...toForm(suggestion), reason, rules, ...(isNamed ? { name } : {}) });
  };
  useKeys(
    kept === undefined ? Object.fromEntries(offered.map((_, index) => [String(index + 1), () => pick(index)])) : {},
  );
  if (kept !== undefined) return <KeptView kept={kept} alert={alert} />;
  const failure = savingFailure(save);
  return (
    <>
      <Trail alert={alert} />
      <h1 className={pageStyles.title}>{scenario?.title ?? 'New exception'}</h1>
      <p className={styles.lead}>{scenario?.description ?? 'What its rules must not alert on, and why.'}</p>
      <ExceptionForm
        writing={writing}
        save={() => save.mutate({ draft: writing.draft })}
        isSaving={save.isPending}
        outcome={
          failure !== undefined && (
            <p className={pageStyles.failure} role="alert">
              {failure}
            </p>
          )
        }
        alert={alert}
        values={values}
        fired={fired}
      >
        {offered.length > 0 && <Suggestions offered={offered} picked={picked} pick={pick} />}
        {alert !== undefined && offered.length === 0 && (
          <p className={styles.quiet}>The alert’s event suggests nothing; say yourself where it holds.</p>
        )}
        {scenario !== undefined && <Needs needs={scenario.needs} />}
      </ExceptionForm>
    </>
  );
}

function Trail({ alert }: { readonly alert: string | undefined }) {
  const navigate = useNavigate();
  const back = () =>
    void (alert === undefined
      ? navigate({ to: '/exceptions' })
      : navigate({ to: '/alerts/$id', params: { id: alert } }));
  useKeys({ Escape: back });
  return (
    <nav className={pageStyles.trail} aria-label="List">
      {alert === undefined ? (
        <Link to="/exceptions">
          ← Exceptions <Key>Esc</Key>
        </Link>
      ) : (
        <Link to="/alerts/$id" params={{ id: alert }}>
          ← The alert <Key>Esc</Key>
        </Link>
      )}
    </nav>
  );
}

interface SuggestionsProps {
  readonly offered: readonly ExceptionDraft[];
  readonly picked: number;
  readonly pick: (index: number) => void;
}

function Suggestions({ offered, picked, pick }: SuggestionsProps) {
  return (
    <Section title="From this alert, the narrowest first">
      <ol className={styles.suggestions}>
        {offered.map(({ name }, index) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={index === picked}
              aria-keyshortcuts={String(index + 1)}
              onClick={() => pick(index)}
            >
              <Key>{String(index + 1)}</Key>
              <span>{name}</span>
            </button>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Needs({ needs }: Pick<ExceptionScenario, 'needs'>) {
  if (needs.length === 0) return null;
  return (
    <Section title="To be filled in">
      <ul className={styles.needs}>
        {needs.map(({ at, what }) => (
          <li key={at}>{what}</li>
        ))}
      </ul>
    </Section>
  );
}

/** The exception is kept: what it says, and what is left to do. */
function KeptView({ kept: { summary, draft }, alert }: { readonly kept: Kept; readonly alert: string | undefined }) {
  const { exception, check } = summary;
  const undecided = useUndecided(draft);
  const navigate = useNavigate();
  useKeys({ l: () => void navigate({ to: '/' }) });
  return (
    <>
      <Trail alert={alert} />
      <h1 className={pageStyles.title}>
        Kept{exception.enabled ? '' : ', turned off'}: {exception.name}
      </h1>
      <p className={styles.lead}>{check.sentence}</p>
      <div className={`${pageStyles.card} ${styles.kept}`}>
        <CloseOffer name={exception.name} ids={undecided} />
        <p>
          <Link to="/exceptions/$id" params={{ id: exception.id }}>
            The exception
          </Link>
          {' · '}
          <Link to="/exceptions">All exceptions</Link>
          {' · '}
          <Link to="/" aria-keyshortcuts="l">
            Alerts to decide
          </Link>{' '}
          <Key>l</Key>
        </p>
      </div>
    </>
  );
}

/** The values of the alert's last event, and the rules that fired on its process. */
function useSurroundings(alert: string | undefined) {
  const detail = useQuery({ ...alertQuestion(alert ?? ''), enabled: alert !== undefined }).data;
  const members = useQuery({
    ...membersQuestion(alert ?? ''),
    enabled: alert !== undefined && (detail?.folded ?? 1) > 1,
  }).data;
  const event = detail?.alert.events.at(-1);
  const values = useMemo(
    () => (event === undefined ? new Map<string, readonly string[]>() : flatFields(event)),
    [event],
  );
  const fired = useMemo(() => [...new Set(members?.map(({ rule }) => rule.id))], [members]);
  return { values, fired };
}
