/** Value lists: what exceptions compare many values with. Making one, giving it values, taking them out, removing it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { ListChange, ValueList, ValueListType } from '../../../src/serve/exception-api.ts';
import { ApiProblem } from '../api/client.ts';
import { changeListValues, listPath, listsQuestion, makeList, removeList } from '../api/exceptions.ts';
import { Key } from '../parts/chip.tsx';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Problem } from '../parts/problem.tsx';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import ruleStyles from '../rules/rules.module.css';
import { useKeys } from '../shell/keys.ts';
import { useTitle } from '../shell/title.ts';
import { counted, grouped } from '../words/counts.ts';
import styles from './exceptions.module.css';

const TYPES: readonly { readonly type: ValueListType; readonly words: string }[] = [
  { type: 'keyword', words: 'texts, compared whole' },
  { type: 'wildcard', words: 'patterns with * and ?' },
  { type: 'ip', words: 'addresses' },
  { type: 'ip_range', words: 'networks and ranges of addresses' },
  { type: 'text', words: 'texts (of Elastic’s type text)' },
];

export function ListsPage() {
  const navigate = useNavigate();
  const back = () => void navigate({ to: '/exceptions' });
  useKeys({ Escape: back });
  const { data, failureReason, error } = useQuery(listsQuestion);
  const problem = error ?? failureReason;
  const title =
    data === undefined || data.length === 0
      ? 'Value lists'
      : `${counted(data.length, 'value list')}, ${counted(sizeOf(data), 'value')}`;
  useTitle(title);
  return (
    <>
      <nav className={pageStyles.trail} aria-label="List">
        <Link to="/exceptions">
          ← Exceptions <Key>Esc</Key>
        </Link>
      </nav>
      {problem !== null && (
        <Problem title="The value lists could not be loaded" problem={problem} queryKey={listsQuestion.queryKey} />
      )}
      <h1 className={pageStyles.title}>{title}</h1>
      <p className={styles.lead}>
        An exception can ask whether a field’s value stands in a list, be it a million values long.
      </p>
      <div className={styles.columns}>
        <div className={styles.fields}>
          {data?.length === 0 && (
            <p className={styles.quiet}>None yet. Make one, then paste its values or choose a file with one a line.</p>
          )}
          {data?.map((list) => (
            <OneList key={list.id} list={list} />
          ))}
        </div>
        <aside className={styles.aside} aria-label="A new list">
          <NewList />
        </aside>
      </div>
    </>
  );
}

function sizeOf(lists: readonly ValueList[]): number {
  return lists.reduce((sum, { size }) => sum + size, 0);
}

function NewList() {
  const client = useQueryClient();
  const [type, setType] = useState<ValueListType>('keyword');
  const making = useMutation({
    mutationFn: makeList,
    onSuccess: () => client.invalidateQueries({ queryKey: listsQuestion.queryKey }),
  });
  const make = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    const name = String(given.get('name')).trim();
    if (name === '') return;
    const description = String(given.get('description')).trim();
    making.mutate(
      { id: idFrom(name), name, type, ...(description === '' ? {} : { description }) },
      { onSuccess: () => form.reset() },
    );
  };
  return (
    <form className={pageStyles.card} onSubmit={make}>
      <Section title="A new list">
        <label className={styles.field}>
          <span>Name</span>
          <input name="name" className={styles.input} maxLength={200} required placeholder="Scanners of ours" />
        </label>
        <label className={styles.field}>
          <span>Holds</span>
          <select
            className={styles.input}
            value={type}
            onChange={(event) => setType(event.currentTarget.value as ValueListType)}
          >
            {TYPES.map((each) => (
              <option key={each.type} value={each.type}>
                {each.type}: {each.words}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.field}>
          <span>About</span>
          <input
            name="description"
            className={styles.input}
            maxLength={4000}
            placeholder="whose it is, where it comes from"
          />
        </label>
        <button type="submit" className={partStyles.quiet} disabled={making.isPending}>
          {making.isPending ? 'Making…' : 'Make the list'}
        </button>
        {making.error !== null && (
          <p className={pageStyles.failure} role="alert">
            Not made: {making.error.message} {making.error instanceof ApiProblem && making.error.hint}
          </p>
        )}
      </Section>
    </form>
  );
}

/** `Scanners of ours` → `scanners-of-ours`. */
function idFrom(name: string): string {
  const words = name
    .toLowerCase()
    .normalize('NFKD')
    .match(/[a-z0-9]+/g);
  return words === null ? `list-${Date.now().toString(36)}` : words.join('-').slice(0, 100);
}

function OneList({ list }: { readonly list: ValueList }) {
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [isAsking, setAsking] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: listsQuestion.queryKey });
  const change = useMutation({
    mutationFn: ({ how, values }: { how: 'add' | 'remove'; values: string | Blob }) =>
      changeListValues(list.id, how, values),
    onSuccess: (done) => {
      if (done.refused_in_all === 0) setText('');
      return refresh();
    },
  });
  const removal = useMutation({ mutationFn: () => removeList(list.id), onSuccess: refresh });
  const isBusy = change.isPending || removal.isPending;
  const problem = change.error ?? removal.error;
  return (
    <Section title={list.name}>
      <p className={styles.quiet}>
        <code>{list.id}</code> · {list.type} · {counted(list.size, 'value')} · changed{' '}
        <When time={list.updated} form="long" />
        {list.description !== undefined && ` · ${list.description}`}
      </p>
      <textarea
        className={`mono ${pageStyles.comment}`}
        aria-label={`Values for ${list.name}, one a line`}
        placeholder="values, one a line"
        rows={2}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <div className={styles.line}>
        <button
          type="button"
          className={partStyles.quiet}
          disabled={isBusy || text.trim() === ''}
          onClick={() => change.mutate({ how: 'add', values: text })}
        >
          {change.isPending ? 'Writing…' : 'Add these'}
        </button>
        <button
          type="button"
          className={partStyles.quiet}
          disabled={isBusy || text.trim() === ''}
          onClick={() => change.mutate({ how: 'remove', values: text })}
        >
          Take these out
        </button>
        <label className={`${partStyles.quiet} ${ruleStyles.file}`}>
          Add a file
          <input
            type="file"
            aria-label={`Add a file to ${list.name}`}
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? [];
              if (file !== undefined) change.mutate({ how: 'add', values: file });
              event.currentTarget.value = '';
            }}
          />
        </label>
        <a className={partStyles.quiet} href={`${listPath(list.id)}/items`} download={`${list.id}.txt`}>
          Export
        </a>
        {isAsking ? (
          <>
            <button type="button" className={partStyles.quiet} disabled={isBusy} onClick={() => removal.mutate()}>
              Remove it with its values
            </button>
            <button type="button" className={partStyles.quiet} onClick={() => setAsking(false)}>
              Keep
            </button>
          </>
        ) : (
          <button type="button" className={partStyles.quiet} onClick={() => setAsking(true)}>
            Remove…
          </button>
        )}
      </div>
      <div role="status">{change.data !== undefined && <Outcome change={change.data} />}</div>
      {problem !== null && (
        <p className={pageStyles.failure} role="alert">
          Not done: {problem.message} {problem instanceof ApiProblem && problem.hint}
        </p>
      )}
    </Section>
  );
}

const REFUSED_SHOWN = 10;

function Outcome({ change }: { readonly change: ListChange }) {
  const { added, known, removed, refused, refused_in_all } = change;
  const words = [
    added > 0 && `${grouped(added)} added`,
    removed > 0 && `${grouped(removed)} taken out`,
    known > 0 && `${grouped(known)} known already`,
    refused_in_all > 0 && `${grouped(refused_in_all)} refused`,
  ].filter((each) => each !== false);
  return (
    <>
      <p>{words.length === 0 ? 'Nothing changed.' : `${words.join(', ')}.`}</p>
      <ul className={styles.refused}>
        {refused.slice(0, REFUSED_SHOWN).map(({ line, value, message }) => (
          <li key={line}>
            line {line}: <code>{value}</code> {message}
          </li>
        ))}
      </ul>
    </>
  );
}
