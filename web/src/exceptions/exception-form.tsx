/**
 * The form of an exception: its fields, and beside them what they say, what it would remove, and saving. The service's
 * check decides: what has an error cannot be saved, so nothing is kept that the engine would read otherwise.
 */
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import type { ExceptionFinding } from '../../../src/serve/exception-api.ts';
import { Signer } from '../alert/signer.tsx';
import { ActionButton } from '../parts/action-button.tsx';
import pageStyles from '../parts/page.module.css';
import { Problem } from '../parts/problem.tsx';
import { Section } from '../parts/section.tsx';
import { useKeys } from '../shell/keys.ts';
import { counted } from '../words/counts.ts';
import { Effect } from './effect.tsx';
import { EventValuesProvider, NarrowedProvider } from './entry-row.tsx';
import styles from './exceptions.module.css';
import { FindingsProvider } from './finding-notes.tsx';
import type { FormDraft } from './form-draft.ts';
import { FormFields } from './form-fields.tsx';
import type { ExceptionForm as Form } from './use-exception-form.ts';

interface Props {
  readonly writing: Form;
  readonly save: () => void;
  readonly isSaving: boolean;
  /** Why the last saving failed, or that it was kept. */
  readonly outcome: ReactNode;
  /** Nothing has changed that could be saved. */
  readonly isUnchanged?: boolean;
  /** The alert that it is made from, the values of its event, and the rules that fired on its process. */
  readonly alert?: string | undefined;
  readonly values?: ReadonlyMap<string, readonly string[]>;
  readonly fired?: readonly string[];
  /** Stands above the fields. */
  readonly children?: ReactNode;
}

const NO_VALUES: ReadonlyMap<string, readonly string[]> = new Map();
const NO_FINDINGS: readonly ExceptionFinding[] = [];
const NONE: readonly string[] = [];

export function ExceptionForm(props: Props) {
  const { writing, save, isSaving, alert, values = NO_VALUES, fired = NONE } = props;
  const { form, setForm, check, question, problem } = writing;
  const reasonInput = useRef<HTMLTextAreaElement>(null);
  const hindrance = props.isUnchanged === true ? 'Nothing has changed.' : hindranceOf(writing);
  const canSave = hindrance === undefined && !isSaving;
  const trySaving = () => {
    if (canSave) save();
    else if (writing.form.reason.trim() === '') reasonInput.current?.focus();
  };
  useKeys({ s: trySaving });
  const change = (changed: Partial<FormDraft>) => setForm((before) => ({ ...before, ...changed }));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      trySaving();
    } else if (event.key === 'Escape' && event.target instanceof HTMLElement && !event.defaultPrevented) {
      // Out of the field first; the next one leaves the page.
      if (!event.target.matches('input, textarea, select')) return;
      event.stopPropagation();
      event.target.blur();
    }
  };
  return (
    <FindingsProvider value={check?.findings ?? NO_FINDINGS}>
      <EventValuesProvider value={values}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields within */}
        <div className={styles.columns} onKeyDown={onKeyDown}>
          <div className={styles.fields}>
            {problem !== null && (
              <Problem title="The exception could not be checked" problem={problem} queryKey={question.queryKey} />
            )}
            {props.children}
            <NarrowedProvider value={check?.narrowed === true}>
              <FormFields form={form} change={change} fired={fired} reasonInput={reasonInput} />
            </NarrowedProvider>
          </div>
          <aside className={styles.aside} aria-label="What it does">
            <div className={pageStyles.card}>
              <Section title="What it says">
                <div aria-live="polite">
                  <p className={styles.sentence}>{check?.sentence ?? 'Nothing yet: say where it holds.'}</p>
                  {check !== undefined && <FindingCount findings={check.findings} />}
                </div>
              </Section>
              <Section title="What it would remove">
                <div role="status">
                  {check === undefined || writing.hasErrors ? (
                    <p className={styles.quiet}>Shown as soon as the exception can be read without an error.</p>
                  ) : writing.effectProblem !== null ? (
                    <p>It could not be tried: {writing.effectProblem.message} It can be saved all the same.</p>
                  ) : (
                    <Effect effect={writing.effect} isStale={writing.isEffectStale} alert={alert} />
                  )}
                </div>
              </Section>
              <div className={styles.saving}>
                <label>
                  <input
                    type="checkbox"
                    checked={form.enabled}
                    onChange={(event) => change({ enabled: event.currentTarget.checked })}
                  />{' '}
                  on, from now on
                </label>
                <ActionButton keyName="s" isMain isBusy={isSaving} disabled={!canSave} run={trySaving}>
                  Save the exception
                </ActionButton>
                <p className={styles.quiet} role="status">
                  {hindrance ?? 'Ctrl-Enter saves from within a field.'}
                </p>
                {props.outcome}
                <Signer />
              </div>
            </div>
          </aside>
        </div>
      </EventValuesProvider>
    </FindingsProvider>
  );
}

/** What keeps it from being saved, in words. */
function hindranceOf({ form, check, isCurrent, hasErrors }: Form): string | undefined {
  if (check === undefined) return 'Say where it holds.';
  if (form.reason.trim() === '') return 'Say why: r leads to the reason.';
  // The check asks for the condition alone; a name with a gap in it would be the scenario's, not one's own.
  if (form.rest.scenario !== undefined && /<[a-z ]+>/.test(form.name)) return 'Fill in the name.';
  if (!isCurrent) return 'Checking…';
  return hasErrors ? 'There are errors.' : undefined;
}

function FindingCount({ findings }: { readonly findings: readonly ExceptionFinding[] }) {
  const count = (wanted: ExceptionFinding['severity']) => findings.filter(({ severity }) => severity === wanted).length;
  const words = [
    count('error') > 0 && counted(count('error'), 'error'),
    count('warning') > 0 && counted(count('warning'), 'warning'),
  ].filter((each) => each !== false);
  return words.length === 0 ? null : <p className={styles.quiet}>{words.join(' and ')}, shown where they are.</p>;
}
