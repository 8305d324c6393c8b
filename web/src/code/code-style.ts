/**
 * How code is set: on paper and ink like everything else, with the quiet tints of `tokens.css` for the kinds of words.
 *
 * Places are underlined by the text's own decoration: the editor's squiggle is a `data:` picture, which the service's
 * policy refuses.
 */
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const codeTints = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)', fontWeight: '600' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: tags.number, color: 'var(--code-number)' },
  { tag: tags.comment, color: 'var(--pale)', fontStyle: 'italic' },
  { tag: tags.variableName, color: 'var(--code-function)' },
  { tag: tags.propertyName, color: 'var(--ink)' },
  { tag: tags.heading, color: 'var(--ink)', fontWeight: '650' },
]);

const underlined = (colour: string) => ({
  backgroundImage: 'none',
  textDecoration: `underline wavy var(${colour})`,
  textDecorationThickness: '1.5px',
  textDecorationSkipInk: 'none',
  textUnderlineOffset: '3px',
});

export const codeTheme = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--ink)', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    fontVariantLigatures: 'none',
    fontFeatureSettings: 'normal',
    lineHeight: '1.65',
  },
  '.cm-content': { padding: '13px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 18px' },
  '.cm-gutters': { backgroundColor: 'transparent', border: '0', color: 'var(--pale)' },
  '.cm-gutters + .cm-content .cm-line': { padding: '0 18px 0 10px' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '36px', padding: '0 2px 0 10px' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection':
    { backgroundColor: 'var(--wash)' },
  '.cm-placeholder': { color: 'var(--pale)' },
  '.cm-lintRange': { paddingBottom: '0' },
  '.cm-lintRange-error': underlined('--critical'),
  '.cm-lintRange-warning': underlined('--medium'),
  '.cm-lintRange-info': underlined('--low'),
  '.cm-lintRange-active': { backgroundColor: 'var(--wash)' },
  '.cm-tooltip': {
    maxWidth: '460px',
    border: '1px solid var(--hairline)',
    borderRadius: 'var(--radius)',
    backgroundColor: 'var(--card)',
    boxShadow: 'var(--float)',
    color: 'var(--ink)',
    fontFamily: 'var(--sans)',
    fontSize: '13px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    maxHeight: '15em',
    maxWidth: 'min(520px, 92vw)',
    fontFamily: 'var(--mono)',
    fontSize: '12.5px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    justifyContent: 'space-between',
    gap: '20px',
    padding: '3px 10px',
    lineHeight: '1.5',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--wash)',
    color: 'var(--ink)',
  },
  '.cm-completionLabel': { overflow: 'hidden', textOverflow: 'ellipsis' },
  '.cm-completionDetail': {
    flex: '0 1 auto',
    marginLeft: '0',
    overflow: 'hidden',
    color: 'var(--grey)',
    fontFamily: 'var(--sans)',
    fontStyle: 'normal',
    textOverflow: 'ellipsis',
  },
  '.cm-help': { padding: '7px 12px' },
  '.cm-help code': { fontFamily: 'var(--mono)', fontSize: '12.5px', fontWeight: '600' },
  '.cm-help p': { margin: '2px 0 0', color: 'var(--grey)' },
  '.cm-diagnostic': { padding: '7px 12px', whiteSpace: 'pre-wrap', borderLeft: '0' },
  '.cm-diagnostic + .cm-diagnostic': { borderTop: '1px solid var(--hairline)' },
});
