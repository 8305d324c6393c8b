/**
 * The EQL query of a search: written with completion, help and findings at their places, asked with Enter. A plain field
 * until the editor has come. `/` leads to it.
 */
import { lazy, Suspense, useRef, useState } from 'react';
import type { ApiProblem } from '../api/client.ts';
import type { Underlined } from '../code/code-pane.tsx';
import { useFindings } from '../code/use-findings.ts';
import { Key } from '../parts/chip.tsx';
import { Marked } from '../parts/marked.tsx';
import partStyles from '../parts/parts.module.css';
import { useKeys } from '../shell/keys.ts';
import { refusedAt } from './event-search.ts';
import styles from './events.module.css';

const CodePane = lazy(() => import('../code/code-pane.tsx'));
const LABEL = 'EQL query';
const HINT = 'EQL: process where process.name == "curl"';

interface Props {
  readonly query: string;
  readonly setQuery: (query: string | undefined) => void;
  /** Why the query was refused. */
  readonly refusal: ApiProblem | undefined;
}

export function QueryField({ query, setQuery, refusal }: Props) {
  const [typed, setTyped] = useState(query);
  const [shown, setShown] = useState(query);
  // The address changes without typing too: then it has the last word.
  if (shown !== query) {
    setShown(query);
    setTyped(query);
  }
  const form = useRef<HTMLFormElement>(null);
  const isWriting = useRef(false);
  useKeys({ '/': () => form.current?.querySelector<HTMLElement>(`[aria-label="${LABEL}"]`)?.focus() });
  const run = () => setQuery(typed.trim() || undefined);
  const underlined = useFindings('eql', typed);
  return (
    <form
      ref={form}
      className={styles.query}
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <div className={styles.queryPane}>
        <Suspense
          fallback={<PlainField text={typed} setText={setTyped} run={run} focused={(is) => (isWriting.current = is)} />}
        >
          <Editor text={typed} setText={setTyped} run={run} underlined={underlined} isWriting={isWriting} />
        </Suspense>
      </div>
      <button type="submit" className={partStyles.quiet}>
        Search <Key>Enter</Key>
      </button>
      <div role="alert" className={styles.refusal}>
        {refusal !== undefined && <Refusal refusal={refusal} query={query} />}
      </div>
    </form>
  );
}

interface FieldProps {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly run: () => void;
}

interface EditorProps extends FieldProps {
  readonly underlined: readonly Underlined[];
  /** Whether the plain field had the focus as the editor came. */
  readonly isWriting: React.RefObject<boolean>;
}

function Editor({ text, setText, run, underlined, isWriting }: EditorProps) {
  return (
    <CodePane
      label={LABEL}
      text={text}
      grammar="eql"
      underlined={underlined}
      assist="query"
      onChange={setText}
      submit={run}
      placeholder={HINT}
      takesFocus={isWriting.current}
    />
  );
}

function PlainField({ text, setText, run, focused }: FieldProps & { readonly focused: (is: boolean) => void }) {
  return (
    <textarea
      aria-label={LABEL}
      placeholder={HINT}
      spellCheck={false}
      rows={1}
      value={text}
      onFocus={() => focused(true)}
      onBlur={() => focused(false)}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
        if (event.key === 'Enter' && !event.shiftKey) {
          event.preventDefault();
          run();
        }
      }}
    />
  );
}

/** What is wrong with the query, and where. */
function Refusal({ refusal, query }: { readonly refusal: ApiProblem; readonly query: string }) {
  const { words, line, range } = refusedAt(refusal.message, query);
  return (
    <>
      {line !== undefined && range !== undefined && (
        <pre className={styles.place}>
          <Marked text={line} ranges={[range]} />
        </pre>
      )}
      <p>{words}</p>
      {refusal.hint !== undefined && <p className={styles.hint}>{refusal.hint}</p>}
    </>
  );
}
