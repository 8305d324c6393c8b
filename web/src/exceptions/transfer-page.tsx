/** Exceptions from elsewhere and for elsewhere: Elastic's exported lists, and Vedette's own form. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ImportReport } from '../../../src/serve/exception-api.ts';
import { ApiProblem } from '../api/client.ts';
import { forgetExceptions, importExceptions } from '../api/exceptions.ts';
import { Key } from '../parts/chip.tsx';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import ruleStyles from '../rules/rules.module.css';
import { useKeys } from '../shell/keys.ts';
import { useTitle } from '../shell/title.ts';
import { counted } from '../words/counts.ts';
import styles from './exceptions.module.css';
import { RulesBox } from './rules-box.tsx';

export function TransferPage() {
  const navigate = useNavigate();
  const back = () => void navigate({ to: '/exceptions' });
  useKeys({ Escape: back });
  useTitle('Import and export exceptions');
  return (
    <>
      <nav className={pageStyles.trail} aria-label="List">
        <Link to="/exceptions">
          ← Exceptions <Key>Esc</Key>
        </Link>
      </nav>
      <h1 className={pageStyles.title}>Import and export exceptions</h1>
      <p className={styles.lead}>
        Elastic’s exception lists come in and go out as Kibana writes them; Vedette’s own form leaves nothing out.
      </p>
      <div className={styles.columns}>
        <div className={styles.fields}>
          <Import />
        </div>
        <aside className={styles.aside} aria-label="Export">
          <div className={pageStyles.card}>
            <Section title="Export">
              <div className={pageStyles.actions}>
                <a className={pageStyles.action} href="/api/exceptions/export" download="exceptions.ndjson">
                  For Elastic (NDJSON)
                </a>
                <a className={pageStyles.action} href="/api/exceptions/export?form=vedette" download="exceptions.json">
                  Everything, in Vedette’s form
                </a>
              </div>
              <p className={styles.quiet}>
                Queries, time windows and steps have no place in Elastic’s form: exceptions with them are left out of
                it. Values of lists are exported with <Link to="/exceptions/lists">each list</Link>.
              </p>
            </Section>
          </div>
        </aside>
      </div>
    </>
  );
}

function Import() {
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [rules, setRules] = useState<'all' | readonly string[]>([]);
  const reading = useMutation({
    mutationFn: (given: string) =>
      importExceptions({ text: given, ...(rules === 'all' || rules.length > 0 ? { rules } : {}) }),
    onSuccess: () => {
      setText('');
      forgetExceptions(client);
    },
  });
  return (
    <>
      <Section title="Import">
        <textarea
          className={`mono ${pageStyles.comment} ${styles.importText}`}
          aria-label="An export, or exceptions in Vedette’s form"
          placeholder="Paste an export of Kibana (NDJSON), or exceptions in Vedette’s form (YAML, JSON)"
          rows={8}
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
            disabled={text.trim() === '' || reading.isPending}
            onClick={() => reading.mutate(text)}
          >
            {reading.isPending ? 'Reading…' : 'Import'}
          </button>
          <label className={`${partStyles.quiet} ${ruleStyles.file}`}>
            Import a file
            <input
              type="file"
              aria-label="Import a file"
              onChange={(event) => {
                const [file] = event.currentTarget.files ?? [];
                if (file !== undefined) void file.text().then((given) => reading.mutate(given));
                event.currentTarget.value = '';
              }}
            />
          </label>
        </div>
        {reading.error !== null && (
          <p className={pageStyles.failure} role="alert">
            Nothing was imported: {reading.error.message} {reading.error instanceof ApiProblem && reading.error.hint}
          </p>
        )}
        <div role="status">{reading.data !== undefined && <Report report={reading.data} />}</div>
      </Section>
      <Section title="For lists that no rule here refers to">
        <RulesBox rules={rules} setRules={setRules} />
      </Section>
    </>
  );
}

function Report({ report: { exceptions, lists, problems } }: { readonly report: ImportReport }) {
  const isKept = ({ check }: ImportReport['exceptions'][number]) =>
    !check.findings.some(({ severity }) => severity === 'error');
  const kept = exceptions.filter(isKept).length;
  const refused = exceptions.length - kept;
  return (
    <>
      <p>
        <strong>
          {counted(kept, 'exception')} kept
          {refused > 0 && `, ${refused} not`}
          {lists.length > 0 && `, ${counted(lists.length, 'value list')}`}
        </strong>
      </p>
      <ul className={styles.imported}>
        {exceptions.map((each) => (
          <li key={each.id}>
            {isKept(each) ? (
              <Link to="/exceptions/$id" params={{ id: each.id }}>
                {each.name}
              </Link>
            ) : (
              <strong>Not kept: {each.name}</strong>
            )}
            <span className={styles.quiet}>{each.check.sentence}</span>
            {each.check.findings.map(({ severity, message, hint, at }) => (
              <span key={at + message} className={styles.note} data-severity={severity}>
                {message} {hint}
              </span>
            ))}
          </li>
        ))}
        {problems.map(({ line, message }) => (
          <li key={`${line}${message}`}>
            <span className={styles.note} data-severity="warning">
              line {line}: {message}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
