/** How JSON looks, a line or many. */
import { type Grammar, skipString } from './grammar.ts';

export const jsonGrammar: Grammar<null> = {
  name: 'json',
  startState: () => null,
  copyState: () => null,
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match('"')) {
      skipString(stream, '"', '\\');
      return stream.match(/^\s*:/, false) ? 'propertyName' : 'string';
    }
    if (stream.match(/^(?:true|false|null|-?\d[\d.eE+-]*)\b/)) return 'number';
    stream.next();
    return null;
  },
};
