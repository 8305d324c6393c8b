/**
 * A text of code: highlighted, with findings underlined where they are (hovering says what they mean), to be read or,
 * with `onChange`, to be written. Its own chunk, since CodeMirror is as large as everything else of the workbench.
 */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightSpecialChars, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { Finding } from '../../../src/serve/api.ts';
import styles from './code.module.css';
import { codeTheme, codeTints } from './code-style.ts';
import { type GrammarName, guessGrammar, languageOf } from './grammars.ts';
import type { Place } from './places.ts';
import { type AssistedText, queryAssist } from './query-assist.ts';

export interface Underlined extends Place {
  readonly finding: Pick<Finding, 'severity' | 'message' | 'hint'>;
}

export interface CodePaneProps {
  /** What the text is, for those who do not see it. */
  readonly label: string;
  readonly text: string;
  /** Left out: by a look at the text. */
  readonly grammar?: GrammarName;
  readonly underlined?: readonly Underlined[];
  readonly isNumbered?: boolean;
  readonly onChange?: (text: string) => void;
  readonly placeholder?: string;
  /** Whether a text that is written takes the focus as it appears; it does unless told otherwise. */
  readonly takesFocus?: boolean;
  /** Completion and hover help, where the text is written. */
  readonly assist?: AssistedText;
  /** What Enter does instead of beginning a new line; Shift and Enter begin one. */
  readonly submit?: () => void;
  /** Another key for it: then Enter begins a line, as it does in a text of many. */
  readonly submitKey?: 'Mod-Enter';
  /** Shows this place, again with every new object. */
  readonly jump?: Place | undefined;
}

const GRAMMAR = new Compartment();
const NOTHING: readonly Underlined[] = [];

export default function CodePane(props: CodePaneProps) {
  const { label, text, underlined = NOTHING, isNumbered = false, onChange, jump } = props;
  const grammar = props.grammar ?? guessGrammar(text);
  const frame = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const current = useRef(props);
  useEffect(() => {
    current.current = props;
  });
  const isWritten = onChange !== undefined;
  const { assist } = props;
  const submits = props.submit === undefined ? undefined : (props.submitKey ?? 'Enter');
  useEffect(() => {
    const { text, grammar = guessGrammar(text), placeholder: hint } = current.current;
    const made = new EditorView({
      parent: frame.current as HTMLDivElement,
      state: EditorState.create({
        doc: text,
        extensions: [
          codeTheme,
          syntaxHighlighting(codeTints),
          EditorView.lineWrapping,
          highlightSpecialChars(TURNS),
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
          GRAMMAR.of(languageOf(grammar)),
          isNumbered ? lineNumbers() : [],
          isWritten && submits !== undefined
            ? keymap.of([{ key: submits, run: () => submitted(current.current.submit) }])
            : [],
          isWritten && assist !== undefined ? queryAssist(assist) : [],
          isWritten ? written((changed) => current.current.onChange?.(changed), hint) : READ_ONLY,
        ],
      }),
    });
    view.current = made;
    if (isWritten && current.current.takesFocus !== false) {
      made.focus();
      if (submits !== undefined) made.dispatch({ selection: { anchor: text.length } });
    }
    return () => made.destroy();
  }, [label, isNumbered, isWritten, assist, submits]);

  useEffect(() => {
    const at = view.current;
    if (at === undefined || at.state.doc.toString() === text) return;
    at.dispatch({ changes: { from: 0, to: at.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    view.current?.dispatch({ effects: GRAMMAR.reconfigure(languageOf(grammar)) });
  }, [grammar]);
  useEffect(() => {
    const at = view.current;
    if (at !== undefined) at.dispatch(setDiagnostics(at.state, toDiagnostics(underlined, at.state.doc.length)));
  }, [underlined]);
  useEffect(() => {
    const at = view.current;
    if (at === undefined || jump === undefined) return;
    const length = at.state.doc.length;
    const [anchor, head] = [Math.min(jump.from, length), Math.min(jump.to, length)];
    at.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    at.focus();
  }, [jump]);
  return <div ref={frame} className={styles.pane} data-written={isWritten} />;
}

function submitted(submit: (() => void) | undefined): boolean {
  submit?.();
  return true;
}

/** Characters that turn the direction of what follows are dots that say what they are; all others stay themselves. */
const TURNS = { specialChars: /[\u202a-\u202e\u2066-\u2069]/g };

const READ_ONLY: Extension = [EditorState.readOnly.of(true), EditorView.editable.of(false)];

/** Tab leaves the editor, as it leaves any other field. */
function written(changed: (text: string) => void, hint: string | undefined): Extension {
  return [
    history(),
    keymap.of([
      {
        key: 'Escape',
        run: (view) => {
          view.contentDOM.blur();
          return true;
        },
      },
      ...lintKeymap.filter(({ key }) => key === 'F8'),
      ...defaultKeymap,
      ...historyKeymap,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString());
    }),
    hint === undefined ? [] : placeholder(hint),
  ];
}

function toDiagnostics(underlined: readonly Underlined[], length: number): Diagnostic[] {
  return underlined
    .filter(({ from }) => from <= length)
    .map(({ from, to, finding: { severity, message, hint } }) => ({
      from,
      to: Math.min(to, length),
      severity,
      message: hint === undefined ? message : `${message}\n${hint}`,
    }));
}
