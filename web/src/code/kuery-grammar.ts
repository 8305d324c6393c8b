/** How Kibana's query language looks, after its grammar; tested against the tokens of the parser. */
import type { Grammar } from './grammar.ts';

const WORD = /^(?:\\.|[^ \t\r\n\u00a0\\():<>"{}])+/;
const STRING = /^"(?:\\.|[^"\\])*"?/;
const SYMBOL = /^(?:[<>]=?|[(){}:])/;
const KEYWORD = /^(?:and|or|not)$/i;
/** What stands before it is the name of a field. */
const COMPARED = /^[ \t\u00a0]*[:<>]/;

export const kueryGrammar: Grammar<Record<string, never>> = {
  name: 'kuery',
  startState: () => ({}),
  copyState: () => ({}),
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(SYMBOL)) return null;
    const word = stream.match(STRING) ?? stream.match(WORD);
    if (word === null || typeof word === 'boolean') {
      stream.next();
      return null;
    }
    if (KEYWORD.test(word[0])) return 'keyword';
    return stream.match(COMPARED, false) ? 'propertyName' : 'string';
  },
};
