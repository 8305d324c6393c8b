/** How EQL looks, after Elasticsearch's lexer; tested against the tokens of the parser. */
import { type Grammar, skipPast, skipString } from './grammar.ts';

export interface EqlState {
  /** Comments nest. */
  comments: number;
  isRawString: boolean;
}

export const EQL_KEYWORDS: ReadonlySet<string> = new Set(
  `and any by false in in~ join like like~ maxspan not null of or regex regex~ sample sequence true until where with`.split(
    ' ',
  ),
);

export const eqlGrammar: Grammar<EqlState> = {
  name: 'eql',
  startState: () => ({ comments: 0, isRawString: false }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (state.comments > 0 || stream.match('/*')) {
      if (state.comments === 0) state.comments = 1;
      while (state.comments > 0 && !stream.eol()) {
        if (stream.match('*/')) state.comments -= 1;
        else if (stream.match('/*')) state.comments += 1;
        else stream.next();
      }
      return 'comment';
    }
    if (state.isRawString || stream.match('"""')) {
      state.isRawString = !skipPast(stream, '"""');
      // A quote may stand before the closing three.
      if (!state.isRawString) stream.eatWhile('"');
      return 'string';
    }
    if (stream.eatSpace()) return null;
    if (stream.match('//')) {
      stream.skipToEnd();
      return 'comment';
    }
    if (stream.match(/^\?["']/)) {
      skipString(stream, stream.string.charAt(stream.pos - 1), undefined);
      return 'string';
    }
    if (stream.match(/^["']/)) {
      skipString(stream, stream.string.charAt(stream.pos - 1), '\\');
      return 'string';
    }
    if (stream.match('`')) {
      skipString(stream, '`', undefined);
      return 'propertyName';
    }
    if (stream.match(/^(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?/)) return 'number';
    const word = stream.match(/^[A-Za-z_@][A-Za-z0-9_]*~?/);
    if (word === null || typeof word === 'boolean') {
      stream.next();
      return null;
    }
    if (stream.string.charAt(stream.start - 1) !== '.' && EQL_KEYWORDS.has(word[0])) return 'keyword';
    return stream.match(/^\s*\(/, false) ? 'variableName' : 'propertyName';
  },
};
