/** The fields of the form: where it holds, for which rules, when, and why. */
import { type RefObject, useMemo, useRef } from 'react';
import { flushSync } from 'react-dom';
import type { QueryLanguage } from '../../../src/serve/api.ts';
import type { Underlined } from '../code/code-pane.tsx';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { CodeText } from '../rules/code-text.tsx';
import { useKeys } from '../shell/keys.ts';
import { LANGUAGE_WORD } from '../words/names.ts';
import { EntryRow } from './entry-row.tsx';
import styles from './exceptions.module.css';
import { FindingNotes, usePlace } from './finding-notes.tsx';
import { emptyEntry, type FormDraft, type FormEntry } from './form-draft.ts';
import { MoreRules, RulesBox } from './rules-box.tsx';
import { Expiry, Windows } from './times-box.tsx';

interface Props {
  readonly form: FormDraft;
  readonly change: (changed: Partial<FormDraft>) => void;
  /** Rules that fired on the process of the alert that it is made from. */
  readonly fired: readonly string[];
  readonly reasonInput: RefObject<HTMLTextAreaElement | null>;
}

export function FormFields({ form, change, fired, reasonInput }: Props) {
  const more = () => {
    if (form.rules === 'all') return;
    change({ rules: [...new Set([...form.rules, ...fired])] });
  };
  useKeys({ m: fired.length > 0 ? more : undefined, r: () => reasonInput.current?.focus() });
  const setRules = (rules: FormDraft['rules']) => change({ rules });
  return (
    <>
      <Section title="Where">
        <div className={styles.kinds} role="group" aria-label="How it is said">
          <button
            type="button"
            className={partStyles.quiet}
            aria-pressed={form.kind === 'entries'}
            onClick={() => change({ kind: 'entries' })}
          >
            Fields
          </button>
          <button
            type="button"
            className={partStyles.quiet}
            aria-pressed={form.kind === 'query'}
            onClick={() => change({ kind: 'query' })}
          >
            Query
          </button>
        </div>
        {form.kind === 'entries' ? <Entries form={form} change={change} /> : <Query form={form} change={change} />}
      </Section>
      <Section title="For which rules">
        <RulesBox rules={form.rules} setRules={setRules} />
        <MoreRules rules={form.rules} setRules={setRules} fired={fired} />
        <Step form={form} change={change} />
      </Section>
      <Section title="What it is called, and why">
        <Naming form={form} change={change} reasonInput={reasonInput} />
      </Section>
      <Section title="When">
        <Expiry expires={form.expires} setExpires={(expires) => change({ expires })} />
        <Windows windows={form.windows} setWindows={(windows) => change({ windows })} />
      </Section>
    </>
  );
}

type Part = Pick<Props, 'form' | 'change'>;

function Entries({ form, change }: Part) {
  const place = usePlace('condition.entries');
  const last = useRef<HTMLInputElement>(null);
  const put = (entries: readonly FormEntry[]) => change({ entries });
  const add = () => {
    // At once: what is typed right after the key is for the field.
    flushSync(() => put([...form.entries, emptyEntry()]));
    last.current?.focus();
  };
  useKeys({ a: add });
  return (
    <div className={styles.entries}>
      {form.entries.map((entry, index) => (
        <div key={entry.key}>
          {index > 0 && <span className={styles.and}>and</span>}
          <EntryRow
            entry={entry}
            at={`condition.entries.${String(index)}`}
            change={(changed) => put(form.entries.map((each) => (each.key === changed.key ? changed : each)))}
            remove={() => put(form.entries.filter(({ key }) => key !== entry.key))}
            {...(index === form.entries.length - 1 ? { fieldInput: last } : {})}
          />
        </div>
      ))}
      <FindingNotes {...place} />
      <button type="button" className={partStyles.quiet} aria-keyshortcuts="a" onClick={add}>
        {form.entries.length === 0 ? 'A field' : 'And another field'} <kbd>a</kbd>
      </button>
    </div>
  );
}

const PLACEHOLDER: Readonly<Record<QueryLanguage, string>> = {
  eql: 'process where user.name == "backup"',
  sigma: 'selection:\n  User: backup\ncondition: selection',
  kusto: 'DeviceProcessEvents | where AccountName == "backup"',
  kuery: 'user.name: backup and process.name: tar',
  lucene: 'user.name:backup AND process.name:tar',
};
const LANGUAGES = Object.keys(PLACEHOLDER) as readonly QueryLanguage[];

function Query({ form, change }: Part) {
  const place = usePlace('condition.query', true);
  // The same array for the same findings, or the editor would mark them again with every letter.
  const marks = JSON.stringify(
    place.findings
      .filter(({ span }) => span.end > span.start)
      .map(({ span, severity, message, hint }) => ({
        from: span.start,
        to: span.end,
        finding: { severity, message, hint },
      })),
  );
  const underlined = useMemo((): readonly Underlined[] => JSON.parse(marks), [marks]);
  return (
    <div className={styles.query}>
      <div className={styles.kinds} role="group" aria-label="Language of the query">
        {LANGUAGES.map((language) => (
          <button
            key={language}
            type="button"
            className={partStyles.quiet}
            aria-pressed={form.language === language}
            onClick={() => change({ language })}
          >
            {LANGUAGE_WORD[language]}
          </button>
        ))}
      </div>
      <CodeText
        key={form.language}
        label="Query"
        text={form.query}
        grammar={form.language}
        underlined={underlined}
        onChange={(query) => change({ query })}
        placeholder={PLACEHOLDER[form.language]}
        takesFocus={false}
      />
      <FindingNotes {...place} />
    </div>
  );
}

function Step({ form, change }: Part) {
  const place = usePlace('step');
  if (form.step === '') {
    return (
      <div>
        <button type="button" className={styles.textButton} onClick={() => change({ step: '1' })}>
          Only one step of a sequence…
        </button>
      </div>
    );
  }
  return (
    <div className={styles.line}>
      <label>
        Only step{' '}
        <input
          type="number"
          min={1}
          max={256}
          className={styles.clock}
          aria-invalid={place.isInvalid}
          aria-describedby={place.id}
          value={form.step}
          onChange={(event) => change({ step: event.currentTarget.value })}
        />{' '}
        of a sequence
      </label>
      <button type="button" className={styles.textButton} onClick={() => change({ step: '' })}>
        any of its events
      </button>
      <FindingNotes {...place} />
    </div>
  );
}

function Naming({ form, change, reasonInput }: Part & Pick<Props, 'reasonInput'>) {
  const name = usePlace('name');
  return (
    <>
      <label className={styles.field}>
        <span>Name</span>
        <input
          className={styles.input}
          aria-invalid={name.isInvalid}
          aria-describedby={name.id}
          placeholder="what others will know it by"
          maxLength={500}
          value={form.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
      </label>
      <FindingNotes {...name} />
      <label className={styles.field}>
        <span>
          Reason <kbd>r</kbd>
        </span>
        <textarea
          ref={reasonInput}
          className={styles.input}
          rows={2}
          aria-required="true"
          placeholder="why it is harmless, for whoever reads it in a year"
          maxLength={4000}
          value={form.reason}
          onChange={(event) => change({ reason: event.currentTarget.value })}
        />
      </label>
    </>
  );
}
