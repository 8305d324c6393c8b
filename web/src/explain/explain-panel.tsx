/** Asking a rule about an event: one of the stored ones, found by a query, or a record that is pasted. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { EventList } from '../../../src/serve/triage-api.ts';
import { ApiProblem, get, queryString } from '../api/client.ts';
import { explainRule } from '../api/exceptions.ts';
import { eventQuestion } from '../api/questions.ts';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { When } from '../parts/when.tsx';
import { useKeys } from '../shell/keys.ts';
import { withoutTurns } from '../words/direction.ts';
import styles from './explain.module.css';
import { ExplanationView } from './explanation-view.tsx';

interface Props {
  /** Without one, an event can be chosen already. */
  readonly rule: string | undefined;
  /** Id of a stored event to begin with. */
  readonly event?: string | undefined;
}

type Asked = { readonly event: string } | { readonly text: string };

export function ExplainPanel({ rule, event }: Props) {
  const [asked, setAsked] = useState<Asked | undefined>(event === undefined ? undefined : { event });
  const [isPasting, setPasting] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const record = useRef<HTMLTextAreaElement>(null);
  const choose = (pasting: boolean) => {
    // At once: what is pasted right after the key is for the field.
    flushSync(() => setPasting(pasting));
    (pasting ? record : field).current?.focus();
  };
  useKeys({ '/': () => choose(false), v: () => choose(true) });
  const answer = useQuery({
    queryKey: ['explain', rule, asked],
    queryFn: () => explainRule(rule ?? '', asked ?? { text: '' }),
    enabled: rule !== undefined && asked !== undefined,
    gcTime: 60_000,
    // Exceptions and rules change; a look costs little.
    staleTime: 0,
  });
  return (
    <div className={styles.panel}>
      <div className={styles.ways} role="group" aria-label="Which event">
        <button type="button" className={partStyles.quiet} aria-pressed={!isPasting} onClick={() => choose(false)}>
          A stored event <kbd>/</kbd>
        </button>
        <button type="button" className={partStyles.quiet} aria-pressed={isPasting} onClick={() => choose(true)}>
          A pasted record <kbd>v</kbd>
        </button>
      </div>
      {isPasting ? (
        <Pasted record={record} ask={(text) => setAsked({ text })} />
      ) : (
        <Stored
          field={field}
          chosen={asked !== undefined && 'event' in asked ? asked.event : undefined}
          ask={(id) => setAsked({ event: id })}
        />
      )}
      {rule === undefined && asked !== undefined && <p className={styles.quiet}>Now choose a rule.</p>}
      {answer.error !== null && (
        <p className={pageStyles.failure} role="alert">
          Not explained: {answer.error.message} {answer.error instanceof ApiProblem && answer.error.hint}
        </p>
      )}
      {answer.isLoading && <p className={styles.quiet}>Looking…</p>}
      {answer.data !== undefined && <ExplanationView answer={answer.data} />}
    </div>
  );
}

const SHOWN = 8;

interface StoredProps {
  readonly field: React.RefObject<HTMLInputElement | null>;
  readonly chosen: string | undefined;
  readonly ask: (id: string) => void;
}

function Stored({ field, chosen, ask }: StoredProps) {
  const [query, setQuery] = useState('');
  const [isOpen, setOpen] = useState(chosen === undefined);
  const event = useQuery({ ...eventQuestion(chosen ?? ''), enabled: chosen !== undefined }).data;
  const found = useQuery({
    queryKey: ['events-to-explain', query],
    queryFn: ({ signal }) => get<EventList>(`/api/events${queryString({ query, limit: SHOWN })}`, signal),
    placeholderData: keepPreviousData,
    enabled: isOpen,
  });
  const search = (submitted: FormEvent<HTMLFormElement>) => {
    submitted.preventDefault();
    setQuery(String(new FormData(submitted.currentTarget).get('query')).trim());
  };
  if (!isOpen && chosen !== undefined) {
    return (
      <p className={styles.chosen}>
        <Link to="/events/$id" params={{ id: chosen }}>
          {event?.sentence ?? 'The event'}
        </Link>{' '}
        <button type="button" className={partStyles.quiet} onClick={() => setOpen(true)}>
          Another event
        </button>
      </p>
    );
  }
  return (
    <>
      <form className={styles.search} onSubmit={search}>
        <input
          ref={field}
          name="query"
          className={`mono ${styles.field}`}
          aria-label="Find a stored event: EQL query"
          placeholder={'EQL: process where process.name : "python*"'}
          maxLength={8000}
          spellCheck={false}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        <button type="submit" className={partStyles.quiet}>
          Find
        </button>
      </form>
      {found.error !== null && (
        <p className={pageStyles.failure} role="alert">
          {found.error.message} {found.error instanceof ApiProblem && found.error.hint}
        </p>
      )}
      {found.data?.events.length === 0 && (
        <p className={styles.quiet}>No stored event matches. An event from elsewhere can be pasted.</p>
      )}
      <ul className={styles.events}>
        {found.data?.events.map(({ id, sentence, time, command_line }) => (
          <li key={id}>
            <button
              type="button"
              aria-pressed={id === chosen}
              onClick={() => {
                setOpen(false);
                ask(id);
              }}
            >
              <span>{sentence}</span>
              <span className={styles.quiet}>
                <When time={time} form="short" />
              </span>
              {command_line !== undefined && <code>{withoutTurns(command_line)}</code>}
            </button>
          </li>
        ))}
      </ul>
      {found.data?.next !== undefined && <p className={styles.quiet}>The newest {SHOWN} are shown; ask for less.</p>}
    </>
  );
}

interface PastedProps {
  readonly record: React.RefObject<HTMLTextAreaElement | null>;
  readonly ask: (text: string) => void;
}

function Pasted({ record, ask }: PastedProps) {
  const [text, setText] = useState('');
  const explain = () => {
    if (text.trim() !== '') ask(text);
  };
  return (
    <>
      <textarea
        ref={record}
        className={`mono ${pageStyles.comment} ${styles.record}`}
        aria-label="A record, as it was received"
        placeholder="Paste a record in any format that is read: a line of an audit log, a JSON document, an event of Windows’ log"
        rows={4}
        maxLength={1_000_000}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) explain();
        }}
      />
      <button type="button" className={partStyles.quiet} disabled={text.trim() === ''} onClick={explain}>
        Explain it
      </button>
    </>
  );
}
