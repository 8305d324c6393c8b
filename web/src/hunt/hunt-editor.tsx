/**
 * The query that is hunted with: its language, the text with highlighting, help where its parser gives any, and findings
 * at their places. Ctrl and Enter run it; Enter begins a line, since Sigma and Kusto have many.
 */
import { type ComponentProps, lazy, Suspense, useEffect, useRef } from 'react';
import type { HuntLanguage } from '../../../src/serve/hunt-api.ts';
import type { Underlined } from '../code/code-pane.tsx';
import { useFindings } from '../code/use-findings.ts';
import { Key } from '../parts/chip.tsx';
import { Door, Doors } from '../parts/door.tsx';
import { useKeys } from '../shell/keys.ts';
import { LANGUAGE_WORD } from '../words/names.ts';
import styles from './hunt.module.css';
import { LANGUAGES } from './hunt-search.ts';

const CodePane = lazy(() => import('../code/code-pane.tsx'));
const LABEL = 'Query';

const HINTS: Readonly<Record<HuntLanguage, string>> = {
  eql: 'process where process.name == "curl"',
  kuery: 'process.name: curl and not user.name: root',
  lucene: 'process.name:curl AND NOT user.name:root',
  sigma:
    'logsource:\n  category: process_creation\ndetection:\n  selection:\n    Image|endswith: /curl\n  condition: selection',
  kusto:
    'imProcessCreate\n| where TargetProcessName endswith "/curl"\n| summarize count() by DvcHostname, bin(TimeGenerated, 1h)',
};

interface Props {
  readonly language: HuntLanguage;
  readonly setLanguage: (language: HuntLanguage) => void;
  readonly text: string;
  readonly setText: (text: string) => void;
  /** What was wrong with the text as it was run; counts while it is still that text. */
  readonly refused: readonly Underlined[] | undefined;
  readonly isHunting: boolean;
  readonly run: () => void;
  readonly stop: () => void;
}

export function HuntEditor({ language, setLanguage, text, setText, refused, isHunting, run, stop }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const isWriting = useRef(false);
  const assisted = language === 'eql' || language === 'kuery' || language === 'kusto' ? language : undefined;
  const written = useFindings(assisted, text);
  useKeys({
    '/': () => form.current?.querySelector<HTMLElement>(`[aria-label="${LABEL}"]`)?.focus(),
    Escape: isHunting ? stop : undefined,
  });
  return (
    <form
      ref={form}
      className={styles.editor}
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <Doors label="Language">
        {LANGUAGES.map((each) => (
          <Door key={each} isOpen={each === language} toggle={() => setLanguage(each)}>
            {LANGUAGE_WORD[each]}
          </Door>
        ))}
      </Doors>
      <div className={styles.pane}>
        <Suspense
          fallback={
            <PlainField
              text={text}
              setText={setText}
              hint={HINTS[language]}
              run={run}
              focused={(is) => {
                isWriting.current = is;
              }}
            />
          }
        >
          <Editor
            key={assisted ?? 'plain'}
            label={LABEL}
            text={text}
            grammar={language}
            underlined={refused ?? written}
            onChange={setText}
            submit={run}
            submitKey="Mod-Enter"
            placeholder={HINTS[language]}
            isWriting={isWriting}
            {...(assisted === undefined ? {} : { assist: assisted === 'eql' ? 'query' : assisted })}
          />
        </Suspense>
      </div>
      <div className={styles.acts}>
        {isHunting ? (
          <button type="button" className={styles.main} onClick={stop}>
            Stop <kbd>Esc</kbd>
          </button>
        ) : (
          <button type="submit" className={styles.main} disabled={text.trim() === ''}>
            Hunt <kbd>Ctrl ↵</kbd>
          </button>
        )}
        <span className={styles.quiet}>
          <Key>/</Key> to write
        </span>
      </div>
    </form>
  );
}

interface EditorProps extends Omit<ComponentProps<typeof CodePane>, 'takesFocus'> {
  /** Whether the plain field has the focus, which the editor takes over as it comes. */
  readonly isWriting: React.RefObject<boolean>;
}

function Editor({ isWriting, ...props }: EditorProps) {
  useEffect(() => {
    isWriting.current = false;
  }, [isWriting]);
  return <CodePane {...props} takesFocus={isWriting.current} />;
}

interface PlainProps {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly hint: string;
  readonly run: () => void;
  readonly focused: (is: boolean) => void;
}

function PlainField({ text, setText, hint, run, focused }: PlainProps) {
  return (
    <textarea
      aria-label={LABEL}
      placeholder={hint}
      spellCheck={false}
      rows={3}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onFocus={() => focused(true)}
      onBlur={() => focused(false)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run();
      }}
    />
  );
}
