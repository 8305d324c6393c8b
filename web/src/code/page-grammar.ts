/** How a page of prose looks: its headings, and its code in fences. */
import { type Grammar, skipPast } from './grammar.ts';

export interface PageState {
  isCode: boolean;
}

export const pageGrammar: Grammar<PageState> = {
  name: 'page',
  startState: () => ({ isCode: false }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (stream.sol() && stream.match(/^\s*(?:```|~~~)/)) {
      state.isCode = !state.isCode;
      stream.skipToEnd();
      return 'comment';
    }
    if (state.isCode) {
      stream.skipToEnd();
      return 'string';
    }
    if (stream.sol() && stream.match(/^#{1,6}\s/)) {
      stream.skipToEnd();
      return 'heading';
    }
    if (stream.match('`')) {
      skipPast(stream, '`');
      return 'string';
    }
    if (!stream.match(/^[^`]+/)) stream.next();
    return null;
  },
};
